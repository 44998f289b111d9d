package web

import (
	"net/http"

	"meetdesk/meeting"
	"meetdesk/paths"
)

// meetingHandOver gives the person access to the kit of a colleague's meeting, without
// the right to change it. The person has to know the meeting's ticket.
func (s *Server) meetingHandOver(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	person := visitOf(r).session.User
	if err := s.lookUp(person.ID); err != nil {
		return err
	}
	if err := s.Desk.HandOver(r.Context(), actor(r), id, values.Get(meeting.FieldExternalID)); err != nil {
		return err
	}
	return s.seeOther(w, r, paths.Meeting(id))
}
