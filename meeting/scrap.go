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
	VideoIDs      []string  // IDs for video conferencing devices: digits alone
	GraphIDs      []string  // Graph's IDs of online meetings, as given
	RequestIDs    []string  // GUIDs, lower case, as they stand in Graph's errors (request-id, client-request-id)
	Fault         LinkFault // of a link, where nothing above names a meeting; or ""
}

// LostCase reports whether the thread's capitals were lost, so that it can be
// compared only without regard to them. Nothing but the case differs then in 48
// letters and digits: two meetings that do not differ otherwise are not to be expected.
func (t Thread) LostCase() bool {
	name := strings.TrimSuffix(t.ID[:strings.LastIndexByte(t.ID, '@')], "@")
	return name == strings.ToLower(name) || name == strings.ToUpper(name)
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
	ScrapVideoID      ScrapKind = "video_id"
	ScrapThread       ScrapKind = "thread"
	ScrapGraphID      ScrapKind = "graph_id"
	ScrapRequestID    ScrapKind = "request_id"
	ScrapAddress      ScrapKind = "address" // one mail address or UPN, with a name or without
)

// strongest lists the kinds from the one that says most.
var strongest = []ScrapKind{
	ScrapLink, ScrapGraphID, ScrapThread, ScrapRequestID, ScrapMeetingID, ScrapConferenceID, ScrapVideoID,
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
	plain := legible(mailText(text[:min(len(text), maxScrap)]))
	if len(plain) >= minPacked || strings.ContainsAny(plain, "/:@%_=") {
		f.links(plain)
	}
	if strings.ContainsAny(plain, "*_") {
		plain = emphasis.ReplaceAllString(plain, "$1$2")
	}
	plain = unquoted(plain)
	if strings.ContainsAny(plain, "0123456789") {
		f.requestIDs(plain)
		f.numbers(plain)
	}
	if f.names() {
		f.Fault = ""
	}
	if f.Kind == ScrapWords {
		f.words(plain)
	}
	return f.Scrap
}

var (
	// quoteMarks are the marks of quoted mail at the beginning of a line. In a field
	// of one line the line break before them is a space.
	quoteMarks   = regexp.MustCompile(`(^|\s)[>|][>|\s]*(?:\s|$)`)
	brokenNumber = regexp.MustCompile(`([0-9])\s+(?:[>|]+\s*)+([0-9])`)
	brokenGUID   = regexp.MustCompile(`([0-9A-Fa-f]-)\s+(?:[>|]+\s*)*([0-9A-Fa-f]{4})`)
)

// unquoted returns the text without the marks of quoted mail, and with the numbers
// and GUIDs whole that they broke.
func unquoted(plain string) string {
	if strings.Contains(plain, "- ") || strings.Contains(plain, "-\n") {
		plain = brokenGUID.ReplaceAllString(plain, "$1$2")
	}
	if !strings.ContainsAny(plain, ">|") {
		return plain
	}
	plain = brokenNumber.ReplaceAllString(plain, "$1 $2")
	return quoteMarks.ReplaceAllString(plain, "$1")
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
// break, without full-width letters and signs, and without what shows nothing.
func legible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r <= unicode.MaxASCII && r >= ' ' && r != 0x7f:
			return r
		case r == '\n', r == '\u2028', r == '\u2029':
			return '\n'
		case r == '−': // minus
			return '-'
		case isInvisible(r):
			return -1
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Pd, r):
			return '-'
		case r >= '！' && r <= '～':
			return plainForm(r)
		}
		return PlainDigit(r)
	}, text)
}

// PlainDigit returns the ASCII digit for a decimal digit of any script, and every
// other character as it is.
func PlainDigit(r rune) rune {
	if r <= unicode.MaxASCII || !unicode.Is(unicode.Nd, r) {
		return r
	}
	// The digits of a script stand together, from zero to nine.
	zero := r
	for unicode.Is(unicode.Nd, zero-1) {
		zero--
	}
	return '0' + (r-zero)%10
}
