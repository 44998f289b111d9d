package web

import (
	"encoding/json"
	"net/http"

	"meetdesk/meeting"
	"meetdesk/people"
)

// The minimum and the maximum length of a directory query, in characters.
const (
	minPeopleQuery = 2
	maxPeopleQuery = 100
)

// people returns, as JSON, the people in the directory whose name or mail address begins
// with q. The script of the attendee field requests it.
func (s *Server) people(w http.ResponseWriter, r *http.Request) error {
	if !s.peopleLookUps.allow(visitOf(r).session.User.ID) {
		return errLimited
	}
	found := []foundPerson{} // so that an empty list is [], not null
	q := truncate(people.Query(validText(r.URL.Query()).Get("q")), maxPeopleQuery)
	if len([]rune(q)) >= minPeopleQuery {
		people, err := s.Desk.SearchPeople(r.Context(), actor(r), q)
		if err != nil {
			return err
		}
		for _, p := range people {
			found = append(found, foundPerson{p, lineOf(p)})
		}
	}
	body, err := json.Marshal(map[string]any{"people": found})
	if err != nil {
		return err
	}
	return s.send(w, r, http.StatusOK, "application/json; charset=utf-8", body)
}

// foundPerson is a person and the line that names them in the attendee field.
type foundPerson struct {
	meeting.Person
	Line string `json:"line"`
}

// lineOf returns the line that names the person in the attendee field. If the field would
// misread a line that contains the name, the line is only the UPN.
func lineOf(p meeting.Person) string {
	line := people.Line(meeting.Attendee{UPN: p.UPN, Name: p.Name})
	if read, problems := people.Parse(line); problems.Any() || len(read) != 1 || read[0].UPN != p.UPN {
		return p.UPN
	}
	return line
}
