package store

import (
	"fmt"
	"strings"
	"unicode"

	"meetdesk/meeting"
)

// words is a full-text search: conditions of which every one must hold.
type words struct {
	terms  []string // what the person typed, each an FTS5 expression
	ticket string   // external IDs that begin so count too; "" for none
	scope  string   // who may see the row, as an FTS5 expression; "" for everybody's
}

// searched are the columns that people's words may match. The column scope is
// not among them: the scope comes from the session alone.
const searched = `{external_id subject organizer attendees} : `

// wordsOf reads the text of a person. It stands in quotes, so none of it is
// syntax. ok is false where it holds nothing that could be found.
func wordsOf(text string) (w words, ok bool) {
	fields := strings.Fields(text)
	for _, field := range fields {
		if term := termOf(field); term != "" {
			w.terms = append(w.terms, searched+"("+term+")")
		}
	}
	w.terms = w.terms[:min(len(w.terms), maxTerms)]
	// A ticket typed with separators is several words, and one in the index.
	key := termOf(meeting.TicketKey(text))
	if strings.ContainsFunc(key, unicode.IsDigit) && len(fields) <= maxTicketWords && !strings.EqualFold(key, termOf(text)) {
		w.ticket = "external_id : (" + key + ")"
	}
	return w, len(w.terms) > 0
}

// within narrows the search to what the person may see.
func (w words) within(userID int64) words {
	w.scope = fmt.Sprintf(`scope : "u%d"`, userID)
	return w
}

// conditions are the search's parts that rows have to meet at once.
func (w words) conditions() []string {
	if w.scope == "" {
		return w.terms
	}
	return append([]string{w.scope}, w.terms...)
}

// match is the whole of it, with one more condition where there is one.
func (w words) match(more string) string {
	all := strings.Join(w.terms, " AND ")
	if w.ticket != "" {
		all = w.ticket + " OR (" + all + ")"
	}
	all = "(" + all + ")"
	for _, condition := range []string{more, w.scope} {
		if condition != "" {
			all = condition + " AND " + all
		}
	}
	return all
}

const (
	maxTerms       = 12 // more words than anybody needs to find a meeting by
	maxTicketWords = 4  // of a ticket typed with blanks
)

// termOf is a word as an FTS5 string that matches what begins with it, by the rule
// of meeting.SearchPrefix; "" for one without letters and digits. What was typed
// without a blank has to stand together.
func termOf(word string) string {
	word = strings.TrimFunc(word, func(r rune) bool { return !isWordRune(r) })
	if word == "" {
		return ""
	}
	tokens := strings.FieldsFunc(word, isSeparator)
	last := tokens[len(tokens)-1]
	prefix, whole := meeting.SearchPrefix(last)
	if whole {
		return quote(word)
	}
	return quote(strings.TrimSuffix(word, last)+prefix) + "*"
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// isSeparator reports whether the index takes r for the end of a word. Marks
// belong to the letter before them.
func isSeparator(r rune) bool { return !isWordRune(r) && !unicode.IsMark(r) }

// quote makes an FTS5 string of the text. NUL would end the expression early.
func quote(text string) string {
	return `"` + strings.NewReplacer(`"`, `""`, "\x00", " ").Replace(text) + `"`
}
