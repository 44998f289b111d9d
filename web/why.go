package web

import (
	"cmp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"meetdesk/meeting"
	"meetdesk/views"
)

// matcher tells which part of a meeting a search's words stand in, by the rules
// of the full-text index: without accents, from the beginning of a word.
type matcher struct{ words []string }

func newMatcher(text string) (m matcher) {
	for _, word := range strings.FieldsFunc(fold(text), isNoLetter) {
		m.words = append(m.words, word)
	}
	return m
}

// why returns the parts of the meeting with words of the search in them, and
// whether these are all words.
func (m matcher) why(row meeting.Listed, attendees []meeting.Attendee) (why []views.Why, all bool) {
	found := make([]bool, len(m.words))
	for _, part := range []struct{ by, text string }{
		{"external_id", row.ExternalID + " " + meeting.TicketKey(row.ExternalID)},
		{"subject", row.Subject},
		{"organizer", row.Organizer + " " + row.OrganizerUPN},
	} {
		if m.mark(part.text, found) {
			why = append(why, views.Why{By: part.by})
		}
	}
	for _, a := range attendees {
		if len(why) < maxWhy && m.mark(a.Name+" "+a.UPN, found) {
			why = append(why, views.Why{By: "attendee", Name: cmp.Or(a.Name, a.UPN)})
		}
	}
	for _, f := range found {
		if !f {
			return why, false
		}
	}
	return why, true
}

// maxWhy is how many parts are named: many attendees may share a domain.
const maxWhy = 4

// mark notes which words begin a word of the text, and reports whether one of them
// was not found before.
func (m matcher) mark(text string, found []bool) (new bool) {
	for _, have := range strings.FieldsFunc(fold(text), isNoLetter) {
		for i, want := range m.words {
			if !found[i] && strings.HasPrefix(have, cut(want)) {
				found[i], new = true, true
			}
		}
	}
	return new
}

// cut shortens a word as the search does; see store's termOf.
func cut(word string) string {
	if r := []rune(word); len(r) > 8 && !strings.ContainsFunc(word, unicode.IsDigit) {
		return string(r[:8])
	}
	return word
}

func isNoLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }

// fold returns the text in small letters without accents.
func fold(text string) string {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return strings.Map(func(r rune) rune {
				if unicode.Is(unicode.Mn, r) {
					return -1
				}
				return unicode.ToLower(r)
			}, norm.NFD.String(text))
		}
	}
	return strings.ToLower(text)
}
