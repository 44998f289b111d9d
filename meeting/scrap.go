package meeting

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Scrap is what somebody typed or pasted to find a meeting by, and what it looks
// like.
type Scrap struct {
	Text          string    // the text without blanks and invisible characters around it: what is searched for as words
	Kind          ScrapKind // what it looks like
	Threads       []Thread  // chat or channel threads named in it
	MeetingIDs    []string  // numeric Teams meeting IDs (joinMeetingId): digits alone
	ConferenceIDs []string  // dial-in conference IDs: digits alone
	GraphIDs      []string  // Graph's IDs of online meetings, as given
	RequestIDs    []string  // GUIDs, lower case, as they stand in Graph's errors (request-id, client-request-id)
}

// Thread is a conversation in Teams that a meeting has: a chat's alone, a
// channel's together with the message that the meeting hangs on.
type Thread struct {
	ID      string // "19:…@thread.v2", letter case kept
	Message string // of a channel's meeting, the message ID behind the thread in its join link; or ""
}

// ScrapKind is what a scrap looks like.
type ScrapKind string

// The kinds. A scrap that is several has the one which says most; see strongest.
const (
	ScrapWords        ScrapKind = "words"
	ScrapTicket       ScrapKind = "ticket" // see looksLikeTicket
	ScrapLink         ScrapKind = "link"   // of Teams: to join, to set options, to dial in
	ScrapMeetingID    ScrapKind = "meeting_id"
	ScrapConferenceID ScrapKind = "conference_id"
	ScrapThread       ScrapKind = "thread"
	ScrapGraphID      ScrapKind = "graph_id"
	ScrapRequestID    ScrapKind = "request_id"
	ScrapAddress      ScrapKind = "address" // one mail address or UPN, with a name or without
)

// strongest lists the kinds from the one that says most.
var strongest = []ScrapKind{
	ScrapLink, ScrapGraphID, ScrapThread, ScrapRequestID, ScrapMeetingID, ScrapConferenceID,
	ScrapAddress, ScrapTicket, ScrapWords,
}

const (
	maxScrap = 8000 // bytes that are looked at; a pasted invitation has 2,000
	maxNamed = 8    // things of each sort that are kept
)

// Recognize says what the text is. Everything in it is found, as in a pasted
// invitation; digits that can be two things are listed as both. The text may be
// anything, of any length: what is behind the first maxScrap bytes is only
// searched for as words.
func Recognize(text string) Scrap {
	text = strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || isInvisible(r) })
	f := finder{Scrap{Text: text, Kind: ScrapWords}}
	plain := legible(text[:min(len(text), maxScrap)])
	f.links(plain)
	plain = emphasis.ReplaceAllString(plain, "$1$2")
	f.requestIDs(plain)
	f.numbers(plain)
	if f.Kind == ScrapWords {
		f.words(plain)
	}
	return f.Scrap
}

// emphasis is what stands around words in bold or slanted in a chat.
var emphasis = regexp.MustCompile(`(^|[\s:=])[*_]{1,2}|[*_]{1,2}([\s.,;:]|$)`)

// finder is a scrap that grows.
type finder struct{ Scrap }

func (f *finder) saw(kind ScrapKind) {
	if slices.Index(strongest, kind) < slices.Index(strongest, f.Kind) {
		f.Kind = kind
	}
}

// keep adds what is new to the list, as long as there is room.
func keep[T comparable](list *[]T, one T) {
	if len(*list) < maxNamed && !slices.Contains(*list, one) {
		*list = append(*list, one)
	}
}

// legible returns the text with one sort of blank, of dash, of digit and of line
// break, and without what shows nothing.
func legible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '−': // minus
			return '-'
		case r == '\n', r == '\u2028', r == '\u2029':
			return '\n'
		case isInvisible(r):
			return -1
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Pd, r):
			return '-'
		}
		return r
	}, text)
}
