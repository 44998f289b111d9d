package search

import (
	"slices"
	"strings"
	"unicode"

	"meetdesk/meeting"
)

// Input is a search text and the identifiers recognized in it.
type Input struct {
	Text          string    // for KindAddress and KindTicket, just the address or ticket number; otherwise the trimmed text without prefixes such as "RE:"
	Kind          Kind      // the kind of the most specific identifier in the text
	Threads       []Thread  // the threads of chats and channels
	MeetingIDs    []string  // Teams' numeric meeting IDs (joinMeetingId), digits only
	ConferenceIDs []string  // IDs for dialing in, digits only
	VideoIDs      []string  // IDs for video conferencing devices, digits only
	GraphIDs      []string  // Graph's IDs for online meetings
	RequestIDs    []string  // GUIDs in lower case, from Graph's errors (request-id, client-request-id)
	Fault         LinkFault // why a link does not identify a meeting; may be ""
}

// Kind says what the text of a search appears to be, such as a ticket or a link.
type Kind string

// The kinds of text.
const (
	KindText         Kind = "words"
	KindTicket       Kind = "ticket" // see looksLikeTicket
	KindLink         Kind = "link"   // a link to Teams, for example to a meeting, its dial-in page or its options
	KindMeetingID    Kind = "meeting_id"
	KindConferenceID Kind = "conference_id"
	KindVideoID      Kind = "video_id"
	KindThread       Kind = "thread"
	KindGraphID      Kind = "graph_id"
	KindRequestID    Kind = "request_id"
	KindAddress      Kind = "address" // one email address or UPN, with or without a display name
)

// bySpecificity lists the kinds, most specific first.
var bySpecificity = []Kind{
	KindLink, KindGraphID, KindThread, KindRequestID, KindMeetingID, KindConferenceID, KindVideoID,
	KindAddress, KindTicket, KindText,
}

const (
	maxInput   = 8000        // the maximum number of bytes that Recognize reads; a pasted invitation has about 2,000
	maxEach    = 8           // the maximum number of identifiers of each kind
	maxMatches = 8 * maxEach // the maximum number of matches of one pattern, including repeated identifiers
)

// Recognize finds identifiers in the first 8,000 bytes of the text. It may return a number
// as both a meeting ID and a conference ID. The onlyAddress callback returns the address in
// a text that names exactly one person, and "" for any other text.
func Recognize(text string, onlyAddress func(text string) string) Input {
	text = withoutReplyPrefixes(strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || meeting.IsInvisible(r) }))
	rec := recognizer{Input{Text: text, Kind: KindText}}
	plain := meeting.PlainText(mailText(text[:min(len(text), maxInput)]))
	if len(plain) >= minPacked || strings.ContainsAny(plain, "/:@%_=") {
		rec.links(plain)
	}
	plain = withoutQuoteMarks(withoutEmphasis(plain))
	if strings.ContainsAny(plain, "0123456789") {
		rec.requestIDs(plain)
		rec.numbers(plain)
	}
	if rec.hasID() {
		rec.Fault = ""
	}
	if rec.Kind == KindText {
		rec.addressOrTicket(plain, onlyAddress)
	}
	return rec.Input
}

type recognizer struct{ Input }

func (rec *recognizer) setKind(kind Kind) {
	if slices.Index(bySpecificity, kind) < slices.Index(bySpecificity, rec.Kind) {
		rec.Kind = kind
	}
}

func (in Input) hasID() bool {
	return len(in.Threads)+len(in.MeetingIDs)+len(in.ConferenceIDs)+len(in.VideoIDs)+len(in.GraphIDs)+len(in.RequestIDs) > 0
}

func addNew[T comparable](list *[]T, value T) {
	if len(*list) < maxEach && !slices.Contains(*list, value) {
		*list = append(*list, value)
	}
}

// addressOrTicket recognizes input that is just an address or a ticket number. It stores
// an address without the name in rec.Text, because recorded meetings may spell the name
// differently.
func (rec *recognizer) addressOrTicket(plain string, onlyAddress func(string) string) {
	if address := onlyAddress(plain); address != "" {
		rec.Text, rec.Kind, rec.Fault = address, KindAddress, ""
		return
	}
	if looksLikeTicket(meeting.TrimTicket(plain)) {
		rec.Text, rec.Kind = meeting.TrimTicket(rec.Text), KindTicket
	}
}
