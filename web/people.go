package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/views"
)

// Queries shorter than minPeopleQuery characters are not sent to the directory. Queries
// longer than maxPeopleQuery characters are truncated.
const (
	minPeopleQuery = 2
	maxPeopleQuery = 100
)

const maxFoundPeople = 10

// people is the handler that sends a JSON list to the script of the attendee field. If the
// script sent the field's text, the list contains the parsed entries of the text. Otherwise,
// it contains the people who match the query q; see findPeople.
func (s *Server) people(w http.ResponseWriter, r *http.Request) error {
	sent, err := readBody(w, r)
	if err != nil {
		return err
	}
	if sent.Has(meeting.FieldAttendees) {
		return s.sendPeople(w, r, views.Chips(s.page(r, ""), printableText(sent.Get(meeting.FieldAttendees)), nil))
	}
	found, err := s.findPeople(r, truncate(people.Query(validText(sent).Get("q")), maxPeopleQuery))
	if err != nil {
		return err
	}
	return s.sendPeople(w, r, found)
}

// findPeople returns the people who match q, first those from the person's recent meetings
// and then those from the directory. If q is empty, it returns people from the most
// recent meetings.
func (s *Server) findPeople(r *http.Request, q string) ([]foundPerson, error) {
	found, err := s.recentPeople(r, q)
	if err != nil {
		return nil, err
	}
	if len([]rune(q)) >= minPeopleQuery && s.Desk.CanLookUp(r.Context(), actor(r)) {
		listed, err := s.Desk.SearchPeople(r.Context(), actor(r), q)
		if err != nil {
			return nil, err
		}
		for _, p := range listed {
			found = slices.DeleteFunc(found, func(f foundPerson) bool { return strings.EqualFold(f.UPN, p.UPN) || strings.EqualFold(f.UPN, p.Mail) })
			found = append(found, foundPerson{p, views.PersonLine(meeting.Attendee{UPN: p.UPN, Name: p.Name})})
		}
	}
	return found[:min(len(found), maxFoundPeople)], nil
}

// foundPerson is a person and the line that names them in the attendee field.
type foundPerson struct {
	meeting.Person
	Line string `json:"line"`
}

func (s *Server) recentPeople(r *http.Request, q string) ([]foundPerson, error) {
	recent, err := s.Store.RecentPeople(r.Context(), visitOf(r).session.User.ID)
	if err != nil {
		return nil, err
	}
	found := []foundPerson{} // not nil, which JSON encodes as null
	for _, a := range recent {
		if hasWordWith(a.Name+" "+a.UPN, q) {
			found = append(found, foundPerson{meeting.Person{UPN: a.UPN, Name: a.Name}, views.PersonLine(a)})
		}
		if len(found) == maxFoundPeople {
			break
		}
	}
	return found, nil
}

// hasWordWith reports whether any word of the text begins with q, ignoring case and
// accents.
func hasWordWith(text, q string) bool {
	return strings.Contains(" "+plainLetters(text), " "+plainLetters(q))
}

// plainLetters returns the text in lower case and without accents.
func plainLetters(text string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text)))
}

func (s *Server) sendPeople(w http.ResponseWriter, r *http.Request, list any) error {
	body, err := json.Marshal(map[string]any{"people": list})
	if err != nil {
		return err
	}
	return s.send(w, r, http.StatusOK, "application/json; charset=utf-8", body)
}
