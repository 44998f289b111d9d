package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/search"
	"meetdesk/store"
	"meetdesk/views"
)

const peoplePerPage = 50

// maxPersonQuery is the maximum length of a search for people, in characters.
const maxPersonQuery = 100

// adminPeople lists the people who have used the desk, the most recently seen first.
func (s *Server) adminPeople(w http.ResponseWriter, r *http.Request) error {
	v, query := visitOf(r), r.URL.Query()
	data := views.PeopleData{Query: meeting.CutLine(printableText(query.Get("q")), maxPersonQuery)}
	list := url.Values{}
	if data.Query != "" {
		list.Set("q", data.Query)
	}
	after := parsePeoplePage(query.Get("after"))
	if err := s.Store.AuditSoon(r.Context(), v.session.User.ID, store.AuditPeopleRead, 0, data.Query); err != nil {
		return err
	}
	people, more, err := s.Store.PeopleSeen(r.Context(), after, peoplePerPage, s.sessions.idle, nameFilter(data.Query))
	if err != nil {
		return err
	}
	for _, p := range people {
		data.People = append(data.People, views.SeenPerson(p))
	}
	if after.ID != 0 {
		data.First = paths.With(paths.AdminPeople, list)
	}
	if more {
		last := people[len(people)-1]
		list.Set("after", fmt.Sprintf("%d.%d", last.SeenAt.UnixMilli(), last.User.ID))
		data.Older = paths.With(paths.AdminPeople, list)
	}
	return s.render(w, r, http.StatusOK, views.People(s.page(r, v.text.T("people.title")), data))
}

// parsePeoplePage parses the position in a link to another page of the list. A malformed
// position means the first page.
func parsePeoplePage(text string) store.PeoplePage {
	at, number, _ := strings.Cut(text, ".")
	millis, err := strconv.ParseInt(at, 10, 64)
	id, idErr := strconv.ParseInt(number, 10, 64)
	if err != nil || idErr != nil || millis <= 0 || id <= 0 {
		return store.PeoplePage{}
	}
	return store.PeoplePage{SeenAt: time.UnixMilli(millis), ID: id}
}

// nameFilter returns a function that reports whether each word of the query occurs in a
// person's name or UPN, ignoring case and accents.
func nameFilter(query string) func(meeting.User) bool {
	words := search.Words(query)
	if query != "" && len(words) == 0 {
		return func(meeting.User) bool { return false }
	}
	return func(u meeting.User) bool {
		text := strings.Join(search.Words(u.Name+" "+u.UPN), " ")
		for _, word := range words {
			if !strings.Contains(text, word) {
				return false
			}
		}
		return true
	}
}

func (s *Server) adminPerson(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	person, err := s.Store.User(r.Context(), id)
	if err != nil {
		return err
	}
	if err := s.Store.Audit(r.Context(), visitOf(r).session.User.ID, store.AuditPersonRead, 0, person.UPN); err != nil {
		return err
	}
	data := views.PersonData{Person: person}
	if data.SeenAt, err = s.Store.PersonSeen(r.Context(), id); err != nil {
		return err
	}
	if data.Sessions, err = s.openSessions(r, id); err != nil {
		return err
	}
	if data.Imports, err = s.runningImports(r, id, 0); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, views.Person(s.page(r, person.DisplayName()), data))
}

// adminSignOut ends one or all of a person's sessions and deletes their tokens. It takes
// effect at each browser's next request.
func (s *Server) adminSignOut(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if _, err := s.Store.User(r.Context(), id); err != nil {
		return err
	}
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	var session int64 // 0 for all
	if chosen := values.Get(form.FieldSession); chosen != form.SessionAll {
		if session, err = sessionID(chosen); err != nil {
			return err
		}
	}
	if err := s.Store.SignOutPerson(r.Context(), visitOf(r).session.User.ID, id, session); err != nil {
		return err
	}
	return s.seeOther(w, r, paths.AdminPerson(id))
}
