package web

import (
	"net/http"
	"strconv"

	"meetdesk/desk"
	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

// meetingHandOver grants the person access to the kit of a colleague's meeting. The person
// must know the meeting's ticket.
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

// meetingEndAccessForm asks for confirmation before meetingEndAccess revokes access.
func (s *Server) meetingEndAccessForm(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	person := visitOf(r).session.User
	m, relation, err := s.Desk.See(r.Context(), person, id)
	if err != nil {
		return err
	}
	people, err := s.Desk.People(r.Context(), person, m, relation)
	if err != nil {
		return err
	}
	personID, _ := strconv.ParseInt(r.URL.Query().Get(form.FieldPerson), 10, 64) // 0 is not a valid ID
	access, err := desk.ToEnd(person, relation, people, personID)
	if err != nil {
		return err
	}
	if access.Person.ID == 0 {
		return s.seeOther(w, r, paths.Meeting(id))
	}
	data := views.EndAccessData{Meeting: m, Access: access}
	return s.render(w, r, http.StatusOK, views.EndAccess(s.page(r, visitOf(r).text.T("access.end.title")), data))
}

// meetingEndAccess revokes a person's access to a meeting that was handed over to them.
// Someone who revokes their own access is redirected to the home page.
func (s *Server) meetingEndAccess(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	personID, _ := strconv.ParseInt(values.Get(form.FieldPerson), 10, 64) // 0 is not a valid ID
	if err := s.Desk.EndAccess(r.Context(), actor(r), id, personID); err != nil {
		return err
	}
	s.waiting.accessEnded(personID)
	if personID == actor(r).User.ID {
		return s.seeOther(w, r, paths.Home)
	}
	return s.seeOther(w, r, paths.Meeting(id))
}

// meetingGiveAccess restores access to the meeting for people who had access to it or to
// the meeting that it replaced.
func (s *Server) meetingGiveAccess(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	var people []int64
	for _, value := range values[form.FieldPerson] {
		if personID, err := strconv.ParseInt(value, 10, 64); err == nil {
			people = append(people, personID)
		}
	}
	if err := s.Desk.GiveAccess(r.Context(), actor(r), id, people); err != nil {
		return err
	}
	return s.seeOther(w, r, paths.Meeting(id))
}
