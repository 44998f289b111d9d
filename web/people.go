package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"meetdesk/meeting"
)

// What is looked up in the directory, in characters.
const (
	minPeopleQuery = 2
	maxPeopleQuery = 100
)

// people answers the attendee field's script: people of the directory whose name
// or address begins with q, as JSON.
func (s *Server) people(w http.ResponseWriter, r *http.Request) error {
	if !s.peopleLookUps.allow(visitOf(r).session.User.ID) {
		return errLimited
	}
	found := []meeting.Person{} // an empty list is [], not null
	q := strings.TrimSpace(truncate(validText(r.URL.Query()).Get("q"), maxPeopleQuery))
	if len([]rune(q)) >= minPeopleQuery {
		some, err := s.Desk.SearchPeople(r.Context(), actor(r), q)
		if err != nil {
			return err
		}
		found = append(found, some...)
	}
	body, err := json.Marshal(map[string]any{"people": found})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, err = w.Write(body)
	return err
}
