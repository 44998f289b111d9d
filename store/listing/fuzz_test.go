package listing

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"meetdesk/meeting"
	"meetdesk/search"
)

// FuzzSearch asserts that no search fails. A search of all meetings must find a meeting if
// and only if Query.Explain reports a match.
func FuzzSearch(f *testing.F) {
	for _, typed := range append([]string{"INC12", "inc-12 printer", `"a" OR b*`, "NEAR(a b)", "a:b", "x AND NOT y", "^a", "-a", "{subject} : a", "会議", "o'sullivan", "Müller ς", "\u0301", "a~2", "#7", "𞤀𞥄"}, pieces...) {
		f.Add(typed, "INC-12", "Printer ana", "Ana Müller", "ana@contoso.example")
		f.Add(typed, typed, "x "+typed, typed, typed+"@b.example")
	}
	l := openWithTwo(f, 2)
	l.exec(f, `INSERT INTO attendees (meeting_id, position, name, upn) VALUES (1, 0, '', '')`)
	f.Fuzz(func(t *testing.T, typed, externalID, subject, name, upn string) {
		for _, text := range []string{typed, externalID, subject, name, upn} {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) || len(text) > 500 {
				return // the desk does not store such strings
			}
		}
		l.exec(t, `UPDATE meetings SET external_id = $1, ticket_key = nullif($2, ''), subject = $3 WHERE id = 1`, externalID, meeting.TicketKey(externalID), subject)
		l.exec(t, `UPDATE attendees SET name = $1, upn = $2 WHERE meeting_id = 1`, name, upn)
		l.reindex(t, 1, 1)
		page, err := l.History(t.Context(), Criteria{Everyone: true, Text: typed, Deep: true, Limit: 10})
		if err != nil {
			t.Fatalf("%+q: %v", typed, err)
		}
		query := search.Parse(typed)
		if query.IsEmpty() {
			return // there are no words to explain
		}
		finds := slices.Contains(idsOf(page.Rows), 1)
		listed := meeting.Listed{ExternalID: externalID, Subject: subject, Organizer: "One", OrganizerUPN: "one@contoso.example"}
		reasons, explains := query.Explain(listed, []meeting.Attendee{{Name: name, UPN: upn}})
		if finds != explains || finds && len(reasons) == 0 {
			t.Errorf("%+q in %+q, %+q, %+q <%+q>: found %v, explained %v, %v", typed, externalID, subject, name, upn, finds, explains, reasons)
		}
		for _, criteria := range []Criteria{{UserID: 1, KitOnly: true}, {UserID: 2}} {
			criteria.Text, criteria.Limit = typed, 10
			if _, err := l.History(t.Context(), criteria); err != nil {
				t.Errorf("%+q: %v", typed, err)
			}
		}
	})
}
