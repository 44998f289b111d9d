package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/search"
	"meetdesk/views"
)

// maxJoinURL is the maximum length of a join link, in bytes.
const maxJoinURL = 8000

// meetingAdoptForm shows the form for the join link of a meeting that was created outside
// the desk.
func (s *Server) meetingAdoptForm(w http.ResponseWriter, r *http.Request) error {
	data := views.AdoptData{}
	if t := typed(r); t != nil {
		data.JoinURL, data.Kept = validText(t.values).Get(meeting.FieldJoinURL), t.kept
	}
	return s.showAdopt(w, r, http.StatusOK, data)
}

func (s *Server) meetingAdopt(w http.ResponseWriter, r *http.Request) error {
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	data := views.AdoptData{JoinURL: strings.TrimSpace(values.Get(meeting.FieldJoinURL))}
	if values.Get(form.FieldEdit) == "1" {
		return s.showAdopt(w, r, http.StatusOK, data) // sent by the page that reports that no meeting was found
	}
	link := search.JoinLink(data.JoinURL)
	if key := joinURLProblem(link); key != "" {
		data.Problems = meeting.Problems{{Field: meeting.FieldJoinURL, Key: whyNotFound(key, data.JoinURL)}}
		return s.showAdopt(w, r, http.StatusUnprocessableEntity, data)
	}
	id, err := s.Desk.Adopt(r.Context(), actor(r), link)
	var known *meeting.Error
	if errors.As(err, &known) && (known.Code == meeting.Invalid || known.Code == meeting.Conflict || known.Code == meeting.Unavailable) {
		visitOf(r).err = err // for the log
		known = s.localized(r, known)
		data.Problems = meeting.Problems{{Field: meeting.FieldJoinURL, Key: whyNotFound(known.Key, data.JoinURL), Args: known.Args}}
		return s.showAdopt(w, r, http.StatusUnprocessableEntity, data)
	}
	if err != nil {
		return err
	}
	return s.afterAct(w, r, id)
}

// whyNotFound returns the reason why no meeting was found: key, or a more specific reason
// if the text reveals one.
func whyNotFound(key meeting.Reason, text string) meeting.Reason {
	if fault := search.Recognize(text, people.OnlyAddress).Fault; fault != "" && (key == meeting.ReasonAdoptNotFound || key == meeting.ReasonJoinURLUnreadable) {
		return meeting.Reason("join_url." + fault)
	}
	return key
}

// joinURLProblem returns the reason why the text is not a valid join link, or "" if it is
// valid.
func joinURLProblem(text string) meeting.Reason {
	u, err := url.Parse(text)
	switch {
	case text == "":
		return meeting.ReasonJoinURLBlank
	case err != nil || u.Scheme != "https" || u.Host == "" || len(text) > maxJoinURL || strings.ContainsAny(text, " \t\r\n"):
		return meeting.ReasonJoinURLUnreadable
	}
	return ""
}

func (s *Server) showAdopt(w http.ResponseWriter, r *http.Request, status int, data views.AdoptData) error {
	data.JoinURL = printableText(data.JoinURL)
	return s.render(w, r, status, views.Adopt(s.page(r, visitOf(r).text.T("adopt.title")), data))
}
