package web

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"meetdesk/meeting"
	"meetdesk/search"
	"meetdesk/store"
	"meetdesk/views"
)

// matcher tells which part of a meeting matches a search's words, by the rules of the
// full-text index: accents do not matter, and a word matches from its beginning. What
// was typed without a space must be adjacent, as in "ana@contoso.example".
type matcher struct {
	phrases []phrase
	ticket  string // "" where the text is none
}

// phrase is what was typed between spaces, in each of its spellings.
type phrase [][]string

func newMatcher(text string) (m matcher) {
	room := search.MaxWords
	for _, field := range strings.Fields(text) {
		words := phraseWords(field, room)
		if room -= len(words); len(words) == 0 {
			continue
		}
		ways := phrase{words}
		for _, other := range store.SpellingsOf(field) {
			if words := phraseWords(other, search.MaxWords); len(words) > 0 {
				ways = append(ways, words)
			}
		}
		m.phrases = append(m.phrases, ways)
	}
	if key := meeting.TicketKey(text); strings.ContainsFunc(key, unicode.IsDigit) {
		m.ticket = key
	}
	return m
}

func phraseWords(field string, room int) []string {
	words := strings.FieldsFunc(fold(store.SearchFold(field)), isNoLetter)
	words = words[:min(len(words), room)]
	if last := len(words) - 1; last > 0 && store.LetterOnly(words[last]) {
		words = words[:last]
	}
	return words
}

// why returns the parts of the meeting with words of the search in them, and
// whether these are all words.
func (m matcher) why(row meeting.Listed, attendees []meeting.Attendee) (why []views.Why, all bool) {
	if m.ticket != "" && strings.HasPrefix(meeting.TicketKey(row.ExternalID), m.ticket) {
		return []views.Why{{By: "ticket_prefix"}}, true
	}
	found := make([]bool, len(m.phrases))
	for _, part := range []struct{ by, text string }{
		{"external_id", row.ExternalID + " " + meeting.TicketKey(row.ExternalID)},
		{"subject", row.Subject},
		{"organizer", row.Organizer + " " + row.OrganizerUPN},
	} {
		if m.mark(part.text, found) {
			why = append(why, views.Why{By: part.by})
		}
		if !slices.Contains(found, false) {
			return why, true
		}
	}
	for _, a := range attendees {
		if len(why) < maxWhy && m.mark(a.Name+" "+a.UPN, found) {
			why = append(why, views.Why{By: "attendee", Name: cmp.Or(a.Name, a.UPN)})
		}
	}
	return why, !slices.Contains(found, false)
}

// maxWhy is how many parts are named: many attendees may share a domain.
const maxWhy = 4

// mark notes which phrases stand in the text, and reports whether one of them was
// not found before.
func (m matcher) mark(text string, found []bool) (new bool) {
	have := strings.FieldsFunc(fold(store.IndexFold(text)), isNoLetter)
	for i, ways := range m.phrases {
		if !found[i] && ways.in(have) {
			found[i], new = true, true
		}
	}
	return new
}

// in reports whether one of the spellings is among the words.
func (p phrase) in(have []string) bool {
	for _, want := range p {
		for at := 0; at+len(want) <= len(have); at++ {
			if standsAt(have[at:], want) {
				return true
			}
		}
	}
	return false
}

// standsAt reports whether the text begins with the words, or the last of them
// begins a word of it.
func standsAt(text, words []string) bool {
	last := len(words) - 1
	if !slices.Equal(text[:last], words[:last]) {
		return false
	}
	prefix, whole := search.Prefix(words[last])
	return text[last] == prefix || !whole && strings.HasPrefix(text[last], prefix)
}

func isNoLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }

// fold returns what the index holds in small letters without accents.
func fold(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) {
		return strings.ToLower(text)
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(text))
}
