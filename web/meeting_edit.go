package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/people"
	"meetdesk/views"
)

// meetingEdit shows the form for changing a meeting, as it is now, or with
// what ?attempt= asked for and did not get.
func (s *Server) meetingEdit(w http.ResponseWriter, r *http.Request) error {
	m, err := s.toChange(r)
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
	f, unsent := unsentForm(r)
	if !unsent {
		f = changeForm(m, asked)
	} else if f.Attendees == "" && m.MaybeCut() {
		f.Attendees = people.Lines(m.Attendees)
	}
	if seen, err := strconv.ParseInt(r.URL.Query().Get(form.FieldBaseReply), 10, 64); err == nil && unsent {
		base = seen // what it was filled in from, which may be an older one by now
	}
	return s.showMeetingForm(w, r, http.StatusOK, views.FormData{Form: f, Meeting: &m, BaseReply: base, Unsent: unsent})
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
	keepAbsent(&f, r.PostForm, m)
	base, _ := strconv.ParseInt(r.PostForm.Get(form.FieldBaseReply), 10, 64) // absent: the newest
	request, problems := f.Change(s.Now(), m.Attendees)
	if len(m.Attendees) > meeting.MaxAttendees { // somebody else asked for so many; the limit is ours
		problems = slices.DeleteFunc(problems, func(p meeting.Problem) bool { return p.Key == meeting.ReasonAttendeesMany })
	}
	request.Start, request.End = sameMinute(request.Start, m.Start), sameMinute(request.End, m.End)
	sent, err := s.Desk.Sent(r.Context(), actor(r), request, base)
	if err != nil {
		return err
	}
	if sent {
		return s.seeOther(w, r, paths.Meeting(id)) // once is enough
	}
	problems = append(problems, m.Unchangeable(request)...)
	if !problems.Any() && len(m.Changed(request)) == 0 {
		problems = meeting.Problems{{Field: meeting.FieldSubject, Key: meeting.ReasonChangeNothing}}
	}
	if !problems.Any() {
		problems = s.Desk.CheckRoles(r.Context(), actor(r), m.Organizer, &request, m.Attendees, strings.Fields(f.Inside))
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
	return s.seeOther(w, r, paths.Meeting(id))
}

// toChange returns the live meeting in the address if it is the person's to
// change.
func (s *Server) toChange(r *http.Request) (meeting.Meeting, error) {
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

// showStale shows the form again when the meeting changed while it was open:
// nothing typed is lost, and sending it once more is a decision.
func (s *Server) showStale(w http.ResponseWriter, r *http.Request, data views.FormData) (err error) {
	if data.BaseReply, err = s.Store.LastReply(r.Context(), data.Meeting.ID); err != nil {
		return err
	}
	data.Problems = meeting.Problems{{Field: meeting.FieldSubject, Key: meeting.ReasonChangeStale}}
	return s.showMeetingForm(w, r, http.StatusConflict, data)
}

// asItIs asks for a meeting just as it is.
func asItIs(m meeting.Meeting) meeting.Asked {
	return meeting.Asked{Subject: m.Subject, Start: m.Start, End: m.End, TimeZone: m.TimeZone, Attendees: m.Attendees}
}

// keepAbsent fills in what a form does not even have a field for: that part of
// the meeting stays as it is. A blank field is a wish.
func keepAbsent(f *form.Form, sent url.Values, m meeting.Meeting) {
	there := changeForm(m, asItIs(m))
	if !sent.Has(meeting.FieldSubject) {
		f.Subject = there.Subject
	}
	if !sent.Has(meeting.FieldAttendees) {
		f.Attendees = there.Attendees
	}
	for _, name := range []string{meeting.FieldDate, meeting.FieldStart, meeting.FieldEnd, meeting.FieldEndDate, meeting.FieldDuration} {
		if sent.Has(name) {
			return
		}
	}
	f.Date, f.Start, f.End, f.EndDate, f.Duration = there.Date, there.Start, there.End, there.EndDate, there.Duration
	f.TimeZone, f.Fold = there.TimeZone, there.Fold
}

// sameMinute returns the moment that was, if all that differs are the seconds,
// which the form does not show.
func sameMinute(asked, was time.Time) time.Time {
	if asked.Equal(was.Truncate(time.Minute)) {
		return was
	}
	return asked
}
