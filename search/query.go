package search

import (
	"slices"
	"strings"
	"unicode"

	"meetdesk/meeting"
)

// Query is a full-text search. A row matches if each term matches one of its columns, or
// if Ticket matches its external ID.
type Query struct {
	Terms  []Term
	Ticket Term // matches the whole text as one ticket number; may be empty

	ticketKey string // the text's ticket key, or "" if the key contains no digit
}

// Term lists the alternatives for one space-separated part of the text. A term matches if
// any of its alternatives matches.
type Term []Phrase

// Phrase is a sequence of adjacent tokens. A phrase without tokens matches nothing.
type Phrase struct {
	Tokens []string
	Prefix bool // whether the last token may be the beginning of a longer word
}

// MaxTerms is the maximum number of words in a query. Each word makes the database read
// another list of matches.
const MaxTerms = 16

const maxTicketWords = 4

// Parse returns the query for text entered by a user. There is no query syntax. Words
// after the first MaxTerms are ignored.
func Parse(text string) (q Query) {
	fields := strings.Fields(text)
	room := MaxTerms
	for _, field := range fields {
		term, words := newTerm(field, room)
		if room -= words; len(term) > 0 {
			q.Terms = append(q.Terms, term)
		}
	}
	key := meeting.TicketKey(text)
	if !strings.ContainsFunc(key, unicode.IsDigit) {
		return q
	}
	q.ticketKey = key
	// A ticket number with separators consists of several tokens, but its key is a single
	// token.
	ticket, _ := newTerm(key, MaxTerms)
	whole, _ := newTerm(text, MaxTerms)
	if len(fields) <= maxTicketWords && !slices.EqualFunc(ticket, whole, Phrase.equal) {
		q.Ticket = ticket
	}
	return q
}

// IsEmpty reports whether the query has no terms. An empty query matches nothing.
func (q Query) IsEmpty() bool { return len(q.Terms) == 0 }

// newTerm returns the term for text without spaces and the number of words in it. The
// parameter room is the maximum number of words. The term is empty if the text has no
// letters or digits, or if room is 0.
func newTerm(typed string, room int) (term Term, words int) {
	first, words := newPhrase(typed, room)
	if words == 0 {
		return nil, 0
	}
	term = Term{first}
	if words == room {
		return term, words
	}
	for _, other := range wordSpellings(typed) {
		if p, words := newPhrase(other, room); words > 0 && !slices.ContainsFunc(term, p.equal) {
			term = append(term, p)
		}
	}
	return term, words
}

// newPhrase returns the phrase for text without spaces and the number of words in it. The
// parameter room is the maximum number of words. A single letter after the last separator
// is omitted, because the user may still be typing.
func newPhrase(typed string, room int) (p Phrase, words int) {
	typed = strings.TrimFunc(Fold(typed), func(r rune) bool { return !isWordRune(r) })
	parts := strings.FieldsFunc(typed, isSeparator)
	switch {
	case len(parts) == 0 || room == 0:
		return Phrase{}, 0
	case len(parts) > room:
		return Phrase{Tokens: Tokens(strings.Join(parts[:room], " "))}, room
	}
	last := parts[len(parts)-1]
	before := strings.TrimSuffix(typed, last)
	if len(parts) > 1 && isLetterOnly(last) {
		return Phrase{Tokens: Tokens(before)}, len(parts)
	}
	prefix, whole := prefixOf(last)
	return Phrase{Tokens: Tokens(before + prefix), Prefix: !whole}, len(parts)
}

func (p Phrase) equal(q Phrase) bool { return p.Prefix == q.Prefix && slices.Equal(p.Tokens, q.Tokens) }

// longestPrefix is the length, in characters, of the longest prefix in the prefix index;
// see migrations/0005_search.sql.
const longestPrefix = 16

// prefixOf returns the part of a word to search for, and whether it matches only whole
// words. Words with digits are not shortened, because that would change the number.
func prefixOf(word string) (prefix string, whole bool) {
	runes := []rune(word)
	switch {
	case len(runes) <= 1:
		return word, true
	case len(runes) > longestPrefix && !strings.ContainsFunc(word, unicode.IsDigit):
		return string(runes[:longestPrefix]), false
	}
	return word, false
}

// isLetterOnly reports whether the word is a single letter that Fold does not turn into a
// separate word; see isWholeWord.
func isLetterOnly(word string) bool {
	runes := []rune(word)
	return len(runes) == 1 && unicode.IsLetter(runes[0]) && !isWholeWord(runes[0])
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// isSeparator reports whether r ends a word. A combining mark is part of the letter
// before it.
func isSeparator(r rune) bool { return !isWordRune(r) && !unicode.IsMark(r) }
