package store

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"meetdesk/meeting"
	"meetdesk/search"
)

// words is a full-text search: conditions of which every one must hold.
type words struct {
	terms  []string // what the person typed, each an FTS5 expression without columns
	ticket string   // external IDs that begin so count too; "" for none
	user   int64    // who searches, within what they may see; 0 for everybody's
	kits   bool     // of meetings that were handed over, the attendees are not searched
}

// The columns that people's words may match. The column scope is not among them:
// the scope comes from the session alone.
const (
	searched    = `{external_id subject organizer attendees} : `
	searchedKit = `{external_id subject organizer} : `
)

// wordsOf reads the text of a person. It stands in quotes, so none of it is
// syntax. ok is false where it holds nothing that could be found. What comes after
// the most words that are looked for does not count.
func wordsOf(text string) (w words, ok bool) {
	fields := strings.Fields(text)
	room := search.MaxWords
	for _, field := range fields {
		term, n := termOf(field, room)
		if room -= n; term != "" {
			w.terms = append(w.terms, term)
		}
	}
	// A ticket typed with separators is several words, and one in the index.
	key, _ := termOf(meeting.TicketKey(text), search.MaxWords)
	whole, _ := termOf(text, search.MaxWords)
	if strings.ContainsFunc(key, unicode.IsDigit) && len(fields) <= maxTicketWords && !strings.EqualFold(key, whole) {
		w.ticket = "external_id : (" + key + ")"
	}
	return w, len(w.terms) > 0
}

// conditions are the search's parts that rows have to meet at once. They do not
// name the columns, which it would take longer to look at than to count.
func (w words) conditions() (list []string) {
	if w.user != 0 {
		list = append(list, fmt.Sprintf(`scope : ("u%d" OR "k%d")`, w.user, w.user))
	}
	return append(list, w.terms...)
}

// match is the whole of it, with one more condition where there is one.
func (w words) match(more string) string {
	var all string
	switch {
	case w.user == 0:
		all = w.in(searched)
	case w.kits:
		all = fmt.Sprintf(`(scope : "u%d" AND %s) OR (scope : "k%d" AND %s)`, w.user, w.in(searched), w.user, w.in(searchedKit))
	default: // with kits, if there are any, as a help desk sees them
		all = fmt.Sprintf(`scope : ("u%d" OR "k%d") AND %s`, w.user, w.user, w.in(searched))
	}
	if more != "" {
		all = more + " AND (" + all + ")"
	}
	return all
}

// in is the words in the columns, or the ticket.
func (w words) in(columns string) string {
	all := columns + "(" + strings.Join(w.terms, " AND ") + ")"
	if w.ticket != "" {
		all = w.ticket + " OR " + all
	}
	return "(" + all + ")"
}

const maxTicketWords = 4 // of a ticket typed with blanks

// termOf returns the FTS5 expression for words that begin with the typed word, in any of
// its spellings, and the number of tokens in the first spelling. It returns "" for a
// word without letters and digits. What was typed without a space must be adjacent.
func termOf(word string, room int) (term string, tokens int) {
	term, tokens = phraseOf(word, room)
	if tokens == 0 || tokens >= room {
		return term, tokens
	}
	ways := []string{term}
	for _, other := range SpellingsOf(word) {
		if way, _ := phraseOf(other, room); way != "" && !slices.Contains(ways, way) {
			ways = append(ways, way)
		}
	}
	if len(ways) > 1 {
		term = "(" + strings.Join(ways, " OR ") + ")"
	}
	return term, tokens
}

// SpellingsOf returns the other spellings of a single word. A text of several words,
// such as an address, has none: its parts are found one by one.
func SpellingsOf(word string) []string {
	word = strings.TrimFunc(word, func(r rune) bool { return !isWordRune(r) && !unicode.IsMark(r) })
	if words := joinedParts(word); len(words) != 1 || strings.ContainsFunc(word, func(r rune) bool { return isSeparator(r) && !isJoiner(r) }) {
		return nil
	}
	return OtherSpellings(word)
}

// phraseOf is a word as an FTS5 string, by the rule of search.Prefix. A letter
// at its end, which is as yet nothing to go by, does not count.
func phraseOf(word string, room int) (phrase string, tokens int) {
	word = strings.TrimFunc(SearchFold(word), func(r rune) bool { return !isWordRune(r) })
	parts := strings.FieldsFunc(word, isSeparator)
	switch {
	case len(parts) == 0 || room == 0:
		return "", 0
	case len(parts) > room:
		return quote(strings.Join(parts[:room], " ")), room
	}
	last := parts[len(parts)-1]
	prefix, whole := search.Prefix(last)
	switch {
	case len(parts) > 1 && LetterOnly(last):
		return quote(strings.TrimSuffix(word, last)), len(parts)
	case whole:
		return quote(word), len(parts)
	}
	return quote(strings.TrimSuffix(word, last)+prefix) + "*", len(parts)
}

// Searchable reports whether the text has anything that could be searched for: a
// letter or a digit.
func Searchable(text string) bool {
	_, ok := wordsOf(text)
	return ok
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// isSeparator reports whether the index takes r for the end of a word. Marks
// belong to the letter before them.
func isSeparator(r rune) bool { return !isWordRune(r) && !unicode.IsMark(r) }

// quote makes an FTS5 string of the text. NUL would end the expression early.
func quote(text string) string {
	return `"` + strings.NewReplacer(`"`, `""`, "\x00", " ").Replace(text) + `"`
}
