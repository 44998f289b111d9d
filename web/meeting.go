package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"meetdesk/desk"
	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views"
)

// pathID returns the value of {id} in the URL. If it is not a positive number, the error
// is NotFound.
func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonPageUnknown} // do not wrap err, which quotes the user's input
	}
	return id, nil
}

func zoneOf(name string) *time.Location {
	if zone, ok := meeting.LoadZone(name); ok {
		return zone
	}
	return time.UTC
}

// meetingShow shows a meeting. To users who only have handed-over access, it shows only
// the invitation kit.
func (s *Server) meetingShow(w http.ResponseWriter, r *http.Request) error {
	note := views.NoteForm{}
	if t := typed(r); t != nil {
		values := validText(t.values)
		note = views.NoteForm{Kind: meeting.Remark, Text: values.Get(form.FieldNote), Kept: t.kept}
		if values.Has(form.FieldSentTo) {
			note.Kind, note.Text = meeting.Sent, values.Get(form.FieldSentTo)
		}
	}
	return s.showMeeting(w, r, http.StatusOK, note)
}

// showMeeting shows the page of the meeting in the URL with the given status and the given
// contents of the note form.
func (s *Server) showMeeting(w http.ResponseWriter, r *http.Request, status int, note views.NoteForm) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	person := visitOf(r).session.User
	m, relation, err := s.Desk.See(r.Context(), person, id)
	if err != nil {
		return err
	}
	data := views.MeetingData{
		Meeting: m, Zone: zoneOf(m.TimeZone), List: listOf(r),
		Now:     s.Now(),
		Note:    note,
		KitOnly: relation.KitOnly() && !person.Role.Has(meeting.HelpDesk),
	}
	if data.Notes, err = s.Store.Notes(r.Context(), m.ID); err != nil {
		return err
	}
	if data.People, err = s.Desk.People(r.Context(), person, m, relation); err != nil {
		return err
	}
	importsOf := person.ID
	if person.Role.Has(meeting.Admin) {
		importsOf = 0 // all users
	}
	if data.Imports, err = s.Store.ImportsOfMeeting(r.Context(), m.ID, importsOf); err != nil {
		return err
	}
	data.Manages = person.CanManage(relation)
	if !data.KitOnly {
		mode, ok := s.Desk.CanChange(person, m, relation)
		data.CanChange = ok
		data.HelpDesk = !ok && person.Role.Has(meeting.HelpDesk)
		shares, err := s.Store.SharesTicket(r.Context(), m)
		if err != nil {
			return err
		}
		if shares {
			data.Before, data.After, err = s.Desk.TicketNeighbours(r.Context(), person, m)
			if err != nil && !isUnrecorded(r, err) {
				return err
			}
		}
		if err := s.addHistory(r, &data, mode, shares); err != nil {
			return err
		}
	}
	title := m.Subject
	if title == "" {
		title = m.ExternalID
	}
	page := s.page(r, title)
	page.LooksAgain = data.Waits()
	return s.render(w, r, status, views.Meeting(page, data))
}

// meetingForKit returns the meeting in the URL if the person may view it. If the read is
// audited, the audit entry names the given part of the kit.
func (s *Server) meetingForKit(r *http.Request, part string) (meeting.Meeting, error) {
	id, err := pathID(r)
	if err != nil {
		return meeting.Meeting{}, err
	}
	m, _, err := s.Desk.SeePart(r.Context(), visitOf(r).session.User, id, part)
	return m, err
}

// addHistory fills in the meeting's attempts, its changes, and the actions that are
// available to the person. It looks for other meetings only if sharesTicket is true.
func (s *Server) addHistory(r *http.Request, data *views.MeetingData, mode meeting.Mode, sharesTicket bool) (err error) {
	ctx, m, person := r.Context(), data.Meeting, visitOf(r).session.User
	if data.Attempts, err = s.Store.Attempts(ctx, m.ID); err != nil {
		return err
	}
	data.Done = s.justDone(r, data.Attempts)
	data.SignedIn = visitOf(r).session.CreatedAt
	data.AppClientID = s.Desk.App.ClientID()
	if data.Changes, data.Looked, err = s.Desk.Changes(ctx, m.ID, data.Attempts); err != nil {
		return err
	}
	if data.HelpDesk {
		return s.addAnother(ctx, data, 0, sharesTicket)
	}
	if !data.CanChange {
		return nil
	}
	last, err := s.Desk.LastChange(ctx, m, data.Attempts)
	if err != nil {
		return err
	}
	data.Replaced, data.CanPutBack = last.Changes, s.Desk.CanPutBack(last, m)
	if data.Until, err = s.Desk.WaitUntil(ctx, mode, m.Organizer); err != nil {
		return err
	}
	data.Past = data.Done != 0 && startedBefore(m, data.Attempts)
	data.Retryable = make(map[int64]bool)
	for _, a := range data.Attempts {
		data.Retryable[a.ID] = desk.CanRetry(person, mode, a)
	}
	if data.Compared, data.Differences = ignoredParts(m, data.Attempts); len(data.Differences) > 0 {
		data.Change = changeForm(m, m.Goal(data.Compared.Wish(m.Attendees)), visitOf(r).text)
	}
	if data.BaseReply, err = s.Store.LastReply(ctx, m.ID); err != nil {
		return err
	}
	if m.ExternalID == "" {
		return nil
	}
	if m.State == meeting.Failed || m.State == meeting.Unfinished {
		return nil // do not propose another meeting until this one exists
	}
	if sharesTicket {
		if err := s.addColleaguesOf(r, data); err != nil {
			return err
		}
	}
	return s.addAnother(ctx, data, m.Organizer.ID, sharesTicket)
}

// addColleaguesOf adds colleagues' meetings for the same ticket, which counts as a look-up.
// It adds none if the look-up cannot be recorded in the audit log.
func (s *Server) addColleaguesOf(r *http.Request, data *views.MeetingData) (err error) {
	data.Colleagues, err = s.colleagues(r, data.Meeting.Organizer, data.Meeting.ExternalID)
	if isUnrecorded(r, err) {
		return nil
	}
	return err
}

// addAnother adds an external ID for another meeting for the same ticket. No other meeting of
// the organizer uses the ID or, if organizerID is 0, no other meeting at all.
func (s *Server) addAnother(ctx context.Context, data *views.MeetingData, organizerID int64, sharesTicket bool) (err error) {
	if data.Meeting.ExternalID == "" {
		return nil
	}
	var taken []string
	if sharesTicket {
		taken, err = s.Store.TicketExternalIDs(ctx, organizerID, meeting.TicketKey(data.Meeting.ExternalID))
	}
	data.AnotherID = meeting.AnotherExternalID(data.Meeting.ExternalID, taken)
	return err
}

// ignoredParts returns the newest attempt that created or changed the meeting and the
// parts of the meeting that differ from what the attempt requested. It omits options and
// roles that a later attempt set, because the page reports them with that attempt. It
// returns nothing if the attempt failed, if the person accepted the differences, or if the
// meeting has been refreshed or removed since.
func ignoredParts(m meeting.Meeting, attempts []meeting.Attempt) (meeting.Attempt, []meeting.Difference) {
	settled := make(map[meeting.Difference]bool)
	for _, a := range attempts {
		switch o, option := a.Option(); {
		case option && a.Asked.Roles && !settled[meeting.DifferentAttendees] && a.State == meeting.AttemptDone && !a.Accepted && m.State == meeting.Live &&
			!meeting.SamePeople(a.Asked.Attendees, m.Attendees):
			return a, []meeting.Difference{meeting.DifferentAttendees}
		case option:
			settled[meeting.Difference(o)] = true
			settled[meeting.DifferentAttendees] = settled[meeting.DifferentAttendees] || a.Asked.Roles
			continue
		case a.Concern() != meeting.ConcernMeeting:
			if a.State == meeting.AttemptDone {
				return meeting.Attempt{}, nil // the meeting has been refreshed since then
			}
			continue
		case a.State != meeting.AttemptDone || a.Accepted || a.Kind == meeting.KindRemove || m.State != meeting.Live:
			return meeting.Attempt{}, nil
		}
		left := slices.DeleteFunc(a.Wish(m.Attendees).Differences(m.Details), func(d meeting.Difference) bool { return settled[d] })
		return a, left
	}
	return meeting.Attempt{}, nil
}

// startedBefore reports whether the meeting's start was already in the past at the time of
// the newest attempt to create or change the meeting.
func startedBefore(m meeting.Meeting, attempts []meeting.Attempt) bool {
	for _, a := range attempts {
		if a.Concern() == meeting.ConcernMeeting {
			return meeting.StartsBefore(m.Start, a.CreatedAt) && a.Kind != meeting.KindRemove
		}
	}
	return false
}
