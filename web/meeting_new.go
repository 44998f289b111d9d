package web

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"meetdesk/desk"
	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views"
)

// meetingNew shows the form for a new meeting, filled in from the query or with the user's
// earlier input.
func (s *Server) meetingNew(w http.ResponseWriter, r *http.Request) error {
	if t := typed(r); t != nil {
		if isProposal(t.values) {
			return s.showFilled(w, r, t.values, t.kept)
		}
		f := t.form()
		return s.showMeetingForm(w, r, http.StatusOK, views.FormData{Form: f, Kept: t.kept, DetectZone: f.TimeZone == ""})
	}
	return s.showFilled(w, r, r.URL.Query(), views.Kept{})
}

// isProposal reports whether the values come from a button that opens a filled-in form (see
// fillForm). Such values are treated like the parameters of a deep link. A series that the
// person wants to change is not a proposal: its form is shown exactly as it was typed.
func isProposal(values url.Values) bool {
	return values.Get(form.FieldEdit) == "1" && values.Get(form.FieldFormID) == "" && values.Get(form.FieldDraft) == ""
}

// showFilled shows the form for a new meeting, filled in from the parameters of a deep
// link.
func (s *Server) showFilled(w http.ResponseWriter, r *http.Request, query url.Values, kept views.Kept) error {
	person, data := visitOf(r).session.User, views.FormData{Kept: kept}
	f := prefilled(query, person, s.Now())
	f.ExternalID, _ = s.Ticket.Normal(f.ExternalID) // the number is validated when the form is submitted
	if err := s.presetOfLink(r, query, &f, &data); err != nil {
		return err
	}
	f.ProposeNamed(validText(query)[form.FieldProposed])
	if query.Get(meeting.FieldDate)+query.Get(meeting.FieldStart)+query.Get(meeting.FieldEnd) == "" {
		minutes, _ := strconv.Atoi(f.Duration) // 0 if missing or invalid
		data.Propose = cmp.Or(max(minutes, 0), usualMinutes(person))
	}
	data.OfferZone = f.TimeZone != "" && query.Get(meeting.FieldTimeZone) == "" && data.Propose > 0
	data.Form, data.DetectZone = f, f.TimeZone == ""
	return s.showMeetingForm(w, r, http.StatusOK, data)
}

// meetingCreate creates the requested meeting, or a draft import for a series. Before it
// creates a meeting, it shows the ticket's existing meetings; see showGuard.
func (s *Server) meetingCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(w, r)
	if err != nil {
		return err
	}
	if isProposal(r.PostForm) {
		return s.showFilled(w, r, r.PostForm, views.Kept{})
	}
	if r.PostForm.Get(form.FieldEdit) == "1" {
		f.FormID = cmp.Or(f.FormID, newFormID())
		return s.showMeetingForm(w, r, http.StatusOK, views.FormData{Form: f})
	}
	f.ExternalID, _ = s.Ticket.Normal(f.ExternalID) // before applyPreset, because the ticket may select the preset
	if shown, err := s.applyPreset(w, r, &f); shown || err != nil {
		return err
	}
	typed := views.FormData{Form: f}
	var unread meeting.Problems
	if f.Now {
		f, unread = f.StartingNow(usualMinutes(visitOf(r).session.User))
	}
	request, problems := f.Check(s.rules(), s.Now())
	series, unclear := f.Series(s.Now())
	problems = slices.Concat(unread, problems, unclear)
	if !problems.Any() {
		organizer := s.Desk.OrganizerOf(r.Context(), actor(r), request.Organizer)
		problems = s.Desk.CheckRoles(r.Context(), actor(r), organizer, &request, nil)
	}
	if len(series) > 0 && !problems.Any() {
		return s.addSeries(w, r, series, f.Draft)
	}
	past := !f.Past && s.inPast(request.Start, nil)
	// A proposed start in the past has probably passed while the form was open, so the guard
	// page precedes the warning about the past.
	proposed := slices.Contains(request.Unasked, meeting.DifferentStart)
	if problems.Any() || past && !proposed {
		typed.Problems = problems
		return s.showMeetingForm(w, r, http.StatusUnprocessableEntity, typed)
	}
	if !f.Anyway {
		shown, err := s.showGuard(w, r, f, request)
		if shown {
			return err
		}
		if err != nil {
			return s.formError(w, r, typed, err)
		}
	}
	if past {
		return s.showMeetingForm(w, r, http.StatusUnprocessableEntity, typed)
	}
	id, err := s.Desk.CreateOrGet(r.Context(), actor(r), request)
	if errors.Is(err, desk.ErrTicketTaken) {
		if shown, guardErr := s.showGuard(w, r, f, request); shown || guardErr != nil {
			return guardErr
		}
	}
	if err != nil {
		return s.formError(w, r, typed, err)
	}
	return s.afterAct(w, r, id)
}

func (s *Server) rules() form.Rules { return form.Rules{Ticket: s.Ticket, Beta: s.Desk.Beta()} }

// inPast reports whether the person must confirm a start in the past. m is nil for a new
// meeting. A change that keeps the start of m needs no confirmation.
func (s *Server) inPast(start time.Time, m *meeting.Meeting) bool {
	if m != nil && sameMinute(start, m.Start).Equal(m.Start) {
		return false
	}
	return meeting.StartsBefore(start, s.Now())
}

// formProblems maps an error's reason to the form field that it concerns and to the
// response status.
var formProblems = map[meeting.Reason]struct {
	field  string
	status int
}{
	meeting.ReasonAttemptRunning:     {meeting.FieldExternalID, http.StatusServiceUnavailable},
	meeting.ReasonTicketTaken:        {meeting.FieldExternalID, http.StatusConflict},
	meeting.ReasonOrganizerHasTicket: {meeting.FieldExternalID, http.StatusConflict},
	meeting.ReasonOrganizerWaiting:   {meeting.FieldExternalID, http.StatusConflict},
	meeting.ReasonOrganizerUnknown:   {meeting.FieldOrganizer, http.StatusUnprocessableEntity},
	meeting.ReasonOrganizerOff:       {meeting.FieldOrganizer, http.StatusUnprocessableEntity},
}

// formError shows the form again if the error concerns one of its fields. Otherwise it
// returns the error.
func (s *Server) formError(w http.ResponseWriter, r *http.Request, data views.FormData, err error) error {
	var known *meeting.Error
	if !errors.As(err, &known) {
		return err
	}
	about, ok := formProblems[known.Key]
	if !ok {
		return err
	}
	data.Problems = meeting.Problems{{Field: about.field, Key: known.Key, Args: known.Args}}
	return s.showMeetingForm(w, r, about.status, data)
}

// showMeetingForm shows the form for a new meeting or, if data.Meeting is set, for changing
// that meeting.
func (s *Server) showMeetingForm(w http.ResponseWriter, r *http.Request, status int, data views.FormData) error {
	data.Zones = meeting.Zones()
	data.AskFold = data.Form.Fold != "" || data.Problems.Has(meeting.ReasonTimeTwice)
	data.Form = printable(data.Form)
	if data.Meeting == nil {
		data.Organizers = s.Desk.Organizers(r.Context(), visitOf(r).session.User)
		presets, err := s.Store.Presets(r.Context())
		if err != nil {
			return err
		}
		data.Presets = presets
	}
	s.readTimes(&data)
	data.Past = r.Method == http.MethodPost && !data.Problems.Any() && s.inPast(data.Request.Start, data.Meeting)
	data.Beta = data.Meeting == nil && s.Desk.Beta()
	if !data.Beta {
		data.Form.ThreadID = "" // a deep link may contain a thread ID
	}
	title := visitOf(r).text.T("form.title.new")
	if data.Meeting != nil {
		title = visitOf(r).text.T("form.title.change", meeting.Args{"ExternalID": data.Meeting.ExternalID})
	}
	return s.render(w, r, status, views.MeetingForm(s.page(r, title), data))
}

// readTimes parses the form into data.Request, which the summary describes. It sets
// data.Unclear to the problems with the form's times.
func (s *Server) readTimes(data *views.FormData) {
	var problems meeting.Problems
	data.Now = s.Now()
	data.Request, problems = data.Form.Request(data.Now)
	data.Unclear = problems.OfFields(form.TimeInputs()...)
}

// meetingSummary sends the form's script a text that describes the effect of submitting
// the form.
func (s *Server) meetingSummary(w http.ResponseWriter, r *http.Request) error {
	sent, err := readBody(w, r)
	if err != nil {
		return err
	}
	query := validText(sent)
	data := views.FormData{Form: form.FromValues(query)}
	if query.Has(form.FieldBaseReply) {
		data.Meeting = new(meeting.Meeting) // the form is for changing a meeting
	} else if data.Form.Organizer != "" {
		data.Organizers = s.Desk.Organizers(r.Context(), visitOf(r).session.User)
	}
	s.readTimes(&data)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = io.WriteString(w, views.Made(s.page(r, ""), data))
	return err
}
