package search

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"meetdesk/meeting"
)

// Input is what somebody typed or pasted to find a meeting by, and what it looks
// like.
type Input struct {
	Text          string    // the text without blanks and invisible characters around it: what is searched for as words
	Kind          Kind      // what it looks like
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

// Kind is what a scrap looks like.
type Kind string

// The kinds. A scrap that is several has the one which says most; see strongest.
const (
	KindText         Kind = "words"
	KindTicket       Kind = "ticket" // see looksLikeTicket
	KindLink         Kind = "link"   // of Teams: to join, to set options, to dial in
	KindMeetingID    Kind = "meeting_id"
	KindConferenceID Kind = "conference_id"
	KindVideoID      Kind = "video_id"
	KindThread       Kind = "thread"
	KindGraphID      Kind = "graph_id"
	KindRequestID    Kind = "request_id"
	KindAddress      Kind = "address" // one mail address or UPN, with a name or without
)

// strongest lists the kinds from the one that says most.
var strongest = []Kind{
	KindLink, KindGraphID, KindThread, KindRequestID, KindMeetingID, KindConferenceID, KindVideoID,
	KindAddress, KindTicket, KindText,
}

const (
	maxScrap = 8000 // bytes that are looked at; a pasted invitation has 2,000
	maxNamed = 8    // things of each sort that are kept
)

// Recognize says what the text is. Everything in it is found, as in a pasted
// invitation; digits that can be two things are listed as both. The text may be
// anything, of any length: what is behind the first maxScrap bytes is only
// searched for as words.
func Recognize(text string, onlyAddress func(text string) string) Input {
	text = strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || meeting.IsInvisible(r) })
	f := finder{Input{Text: text, Kind: KindText}}
	plain := meeting.PlainText(mailText(text[:min(len(text), maxScrap)]))
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
	if f.Kind == KindText {
		f.words(plain, onlyAddress)
	}
	return f.Input
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
type finder struct{ Input }

func (f *finder) saw(kind Kind) {
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
