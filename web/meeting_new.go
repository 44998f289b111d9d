package web

import (
	"net/http"

	"meetdesk/meeting"
	"meetdesk/views"
)

// meetingNew shows the form, filled in from the address. It creates nothing.
func (s *Server) meetingNew(w http.ResponseWriter, r *http.Request) error {
	person := visitOf(r).session.User
	form, unsent := unsentForm(r)
	if !unsent {
		form = prefilled(r.URL.Query(), person, s.Now())
	}
	return s.showMeetingForm(w, r, http.StatusOK, views.FormData{Form: form, DetectZone: form.TimeZone == "", Unsent: unsent})
}

func (s *Server) meetingCreate(w http.ResponseWriter, r *http.Request) error {
	form, err := s.readForm(w, r)
	if err != nil {
		return err
	}
	request, problems := form.Request(s.Now())
	if problems.Any() {
		return s.showMeetingForm(w, r, http.StatusUnprocessableEntity, views.FormData{Form: form, Problems: problems})
	}
	id, err := s.Desk.CreateOrGet(r.Context(), actor(r), request)
	if meeting.CodeOf(err) == meeting.Unavailable { // nothing was begun; nothing typed is lost
		problems = meeting.Problems{{Field: meeting.FieldExternalID, Key: "attempt.running"}}
		return s.showMeetingForm(w, r, http.StatusServiceUnavailable, views.FormData{Form: form, Problems: problems})
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, meetingPath(id))
}

// showMeetingForm shows the form for a new meeting, or for changing one.
func (s *Server) showMeetingForm(w http.ResponseWriter, r *http.Request, status int, data views.FormData) error {
	data.Zones = meeting.Zones()
	data.AskFold = data.Form.Fold != "" || data.Problems.Has("time.twice")
	data.Form = printable(data.Form)
	if r.Method == http.MethodPost {
		// Kept by the browser alone, so that its Back button has this page.
		w.Header().Set("Cache-Control", "private, no-cache")
	}
	title := visitOf(r).text.T("form.title.new")
	if data.Meeting != nil {
		title = visitOf(r).text.T("form.title.change", meeting.Args{"ExternalID": data.Meeting.ExternalID})
	}
	return s.render(w, r, status, views.MeetingForm(s.page(r, title), data))
}
