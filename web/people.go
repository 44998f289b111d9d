package web

import (
	"encoding/json"
	"net/http"

	"meetdesk/meeting"
	"meetdesk/people"
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
	found := []foundPerson{} // an empty list is [], not null
	q := truncate(people.Query(validText(r.URL.Query()).Get("q")), maxPeopleQuery)
	if len([]rune(q)) >= minPeopleQuery {
		some, err := s.Desk.SearchPeople(r.Context(), actor(r), q)
		if err != nil {
			return err
		}
		for _, p := range some {
			found = append(found, foundPerson{p, lineOf(p)})
		}
	}
	body, err := json.Marshal(map[string]any{"people": found})
	if err != nil {
		return err
	}
	return s.send(w, r, http.StatusOK, "application/json; charset=utf-8", body)
}

// foundPerson is somebody with their line for the attendee field.
type foundPerson struct {
	meeting.Person
	Line string `json:"line"`
}

// lineOf returns what the attendee field reads as that person: the address alone
// where it would not read the name back.
func lineOf(p meeting.Person) string {
	line := people.Line(meeting.Attendee{UPN: p.UPN, Name: p.Name})
	if read, problems := people.Parse(line); problems.Any() || len(read) != 1 || read[0].UPN != p.UPN {
		return p.UPN
	}
	return line
}
