package web

import (
	"net/http"

	"meetdesk/meeting"
	"meetdesk/views"
)

// errLimited tells a person to wait, whether there was anything to be told or not.
var errLimited = &meeting.Error{Code: meeting.Unavailable, Key: "guard.limited"}

// guarded shows who has a meeting for the ticket already, between the form and
// the call, and reports whether it did. What a colleague has is told only so
// often: nobody shall go through all tickets this way.
func (s *Server) guarded(w http.ResponseWriter, r *http.Request, form meeting.Form, request meeting.Request) (shown bool, err error) {
	person := visitOf(r).session.User
	colleagues, err := s.Desk.Guard(r.Context(), actor(r), request.ExternalID, request.Organizer)
	if err != nil {
		return false, err
	}
	data := views.GuardData{Form: printable(form), Colleagues: colleagues, Limited: !s.lookUps.left(person.ID)}
	if len(colleagues) == 0 && !data.Limited {
		return false, nil
	}
	status := http.StatusConflict
	if data.Limited {
		status, data.Colleagues = http.StatusTooManyRequests, nil
	} else {
		s.lookUps.allow(person.ID)
	}
	if path := "/meetings/new?" + prefill(form).Encode(); len(path) <= maxReturnTo {
		data.EditPath = path
	}
	title := visitOf(r).text.T("guard.title")
	if data.Limited {
		title = visitOf(r).text.T("guard.limited.title")
	}
	keepPosted(w)
	return true, s.render(w, r, status, views.Guard(s.page(r, title), data))
}

// meetingGuard is the same card for the form's script, as a fragment: 204 when
// nobody has a meeting for the ticket.
func (s *Server) meetingGuard(w http.ResponseWriter, r *http.Request) error {
	query := validText(r.URL.Query())
	if !s.lookUps.allow(visitOf(r).session.User.ID) {
		return errLimited
	}
	externalID, _ := s.Ticket.Normal(truncate(query.Get(meeting.FieldExternalID), meeting.MaxExternalID))
	colleagues, err := s.Desk.Guard(r.Context(), actor(r), externalID, query.Get(meeting.FieldOrganizer))
	if err != nil {
		return err
	}
	if len(colleagues) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.render(w, r, http.StatusOK, views.GuardCard(s.page(r, ""), externalID, colleagues))
}
