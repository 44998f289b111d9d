package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/views"
)

// meetingEdit shows the form for changing a meeting. The form contains the user's input,
// the values that the attempt in the query requested, or the meeting's current values.
func (s *Server) meetingEdit(w http.ResponseWriter, r *http.Request) error {
	m, err := s.liveMeeting(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	attempts, err := s.Store.Attempts(ctx, m.ID)
	if err != nil {
		return err
	}
	asked := asItIs(m)
	for _, a := range attempts {
		if strconv.FormatInt(a.ID, 10) == r.URL.Query().Get("attempt") && (a.Concern() == meeting.ConcernMeeting || a.Asked.Roles) {
			asked = m.Goal(a.Wish(m.Attendees))
		}
	}
	base, err := s.Store.LastReply(ctx, m.ID)
	if err != nil {
		return err
	}
	text := visitOf(r).text
	data := views.FormData{Form: changeForm(m, asked, text), Meeting: &m, BaseReply: base}
	if t := typed(r); t != nil {
		data.Form, data.Kept = t.form(), t.kept
		data.Form.FillAbsent(t.values, changeForm(m, asItIs(m), text))
		if data.Form.Attendees == "" && m.MaybeCut() {
			data.Form.Attendees = people.Lines(m.Attendees, text.Role)
		}
		if seen, err := strconv.ParseInt(t.values.Get(form.FieldBaseReply), 10, 64); err == nil {
			data.BaseReply = seen // the newest response when the form was opened
		}
	}
	return s.showMeetingForm(w, r, http.StatusOK, data)
}

func (s *Server) meetingUpdate(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	m, _, err := s.Desk.Editable(r.Context(), actor(r).User, id)
	if err != nil {
		return err
	}
	f, err := readForm(w, r)
	if err != nil {
		return err
	}
	f.ExternalID = m.ExternalID
	f.FillAbsent(r.PostForm, changeForm(m, asItIs(m), visitOf(r).text))
	base, _ := strconv.ParseInt(r.PostForm.Get(form.FieldBaseReply), 10, 64) // 0 means the newest response
	request, problems := f.Change(s.Now(), m.Attendees)
	if len(m.Attendees) > meeting.MaxAttendees { // Graph does not enforce the desk's limit
		problems = slices.DeleteFunc(problems, func(p meeting.Problem) bool { return p.Key == meeting.ReasonAttendeesMany })
	}
	request.Start, request.End = sameMinute(request.Start, m.Start), sameMinute(request.End, m.End)
	sent, err := s.Desk.Sent(r.Context(), actor(r), request, base)
	if err != nil {
		return err
	}
	if sent {
		return s.afterAct(w, r, id) // a repeated submission
	}
	problems = append(problems, m.Unchangeable(request)...)
	if !problems.Any() && len(m.Changed(request)) == 0 {
		problems = meeting.Problems{{Field: meeting.FieldSubject, Key: meeting.ReasonChangeNothing}}
	}
	if !problems.Any() {
		problems = s.Desk.CheckRoles(r.Context(), actor(r), m.Organizer, &request, m.Attendees)
	}
	again := views.FormData{Form: f, Problems: problems, Meeting: &m, BaseReply: base}
	if problems.Any() || !f.Past && s.inPast(request.Start, &m) {
		return s.showMeetingForm(w, r, http.StatusUnprocessableEntity, again)
	}
	err = s.Desk.Update(r.Context(), actor(r), id, request, base)
	if meeting.CodeOf(err) == meeting.Conflict && m.State == meeting.Live {
		return s.showStale(w, r, again)
	}
	if err != nil {
		return s.formError(w, r, again, err)
	}
	return s.afterAct(w, r, id)
}

// liveMeeting returns the meeting in the URL if the person may change it. If the meeting
// is not live, the error is a Conflict.
func (s *Server) liveMeeting(r *http.Request) (meeting.Meeting, error) {
	id, err := pathID(r)
	if err != nil {
		return meeting.Meeting{}, err
	}
	m, _, err := s.Desk.Editable(r.Context(), actor(r).User, id)
	if err == nil && m.State != meeting.Live {
		err = &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonChangeNotLive}
	}
	return m, err
}

// showStale shows the submitted form again, with an error that says that the meeting has
// changed since the form was opened.
func (s *Server) showStale(w http.ResponseWriter, r *http.Request, data views.FormData) (err error) {
	if data.BaseReply, err = s.Store.LastReply(r.Context(), data.Meeting.ID); err != nil {
		return err
	}
	data.Problems = meeting.Problems{{Field: meeting.FieldSubject, Key: meeting.ReasonChangeStale}}
	return s.showMeetingForm(w, r, http.StatusConflict, data)
}

// asItIs returns a request that leaves the meeting unchanged.
func asItIs(m meeting.Meeting) meeting.Asked {
	return meeting.Asked{Subject: m.Subject, Start: m.Start, End: m.End, TimeZone: m.TimeZone, Attendees: m.Attendees}
}

// sameMinute returns the current time if the requested time differs from it only in the
// seconds, which the form does not show. Otherwise it returns the requested time.
func sameMinute(asked, current time.Time) time.Time {
	if asked.Equal(current.Truncate(time.Minute)) {
		return current
	}
	return asked
}
