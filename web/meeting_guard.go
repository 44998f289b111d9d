package web

import (
	"net/http"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views"
)

// showGuard shows the ticket's existing meetings before the desk requests a new one from
// Graph. It reports whether it showed a page. To prevent users from enumerating tickets, the
// number of times that they can see colleagues' meetings is limited.
//
// CreateOrGet repeats the check with the ticket locked, because another user may create a
// meeting in the meantime. Without showGuard, the response of CreateOrGet would reveal
// colleagues' meetings to users who have no look-ups left.
func (s *Server) showGuard(w http.ResponseWriter, r *http.Request, f form.Form, request meeting.Request) (shown bool, err error) {
	person := visitOf(r).session.User
	left, until := s.lookUps.take(person.ID, 1)
	guard := s.Desk.Guard
	if left == 0 {
		guard = s.Desk.GuardOwn
	}
	found, err := guard(r.Context(), actor(r), request)
	if len(found.Colleagues) == 0 {
		s.lookUps.giveBack(person.ID, left)
	}
	if err != nil {
		return false, err
	}
	data := views.GuardData{Form: printable(f), Guarded: found, Now: s.Now(), AsksMore: request.AsksMore() && !found.Theirs}
	status, title := http.StatusConflict, "guard.title"
	switch {
	case len(found.Own) > 0:
	case left == 0:
		data.Limited = visitOf(r).text.NotBefore(until, s.Now(), zoneOf(person.TimeZone))
		s.auditRefusal(r, &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonGuardLimited})
		s.setRetryAfter(w, until)
		status, title = http.StatusTooManyRequests, "guard.limited.title"
	case len(found.Colleagues) == 0:
		return false, nil
	}
	return true, s.render(w, r, status, views.Guard(s.page(r, visitOf(r).text.T(title)), data))
}

// meetingGuard sends the ticket's existing meetings to the form's script as an HTML
// fragment. If there are none, the fragment suggests tickets that the typed number may
// abbreviate, unless the number matches a ticket rule. If the fragment would be empty, the
// status is 204.
func (s *Server) meetingGuard(w http.ResponseWriter, r *http.Request) error {
	sent, err := readBody(w, r)
	if err != nil {
		return err
	}
	query := validText(sent)
	if err := s.lookUp(visitOf(r).session.User.ID); err != nil {
		return err
	}
	externalID, ok := s.Ticket.Normal(truncate(query.Get(meeting.FieldExternalID), meeting.MaxExternalID))
	found, err := s.Desk.Guard(r.Context(), actor(r), meeting.Request{ExternalID: externalID, Organizer: query.Get(meeting.FieldOrganizer)})
	if err != nil {
		return err
	}
	if !found.Any() && ok && s.Ticket.Pattern != nil {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if !found.Any() {
		return s.guessCard(w, r, externalID)
	}
	card := views.GuardCardData{ExternalID: externalID, Guarded: found, Now: s.Now(), Filled: true, InForm: true}
	return s.render(w, r, http.StatusOK, views.GuardCard(s.page(r, ""), card))
}

func (s *Server) guessCard(w http.ResponseWriter, r *http.Request, externalID string) error {
	tickets, err := s.guess(r.Context(), visitOf(r).session.User, externalID)
	if err != nil {
		return err
	}
	if len(tickets) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.render(w, r, http.StatusOK, views.GuessCard(s.page(r, ""), externalID, tickets))
}
