package search

import (
	"regexp"
	"strings"

	"meetdesk/meeting"
)

// Thread is the Teams conversation of a meeting: a chat or a message in a channel.
type Thread struct {
	ID      string // "19:…@thread.v2"; only the domain is converted to lower case
	Message string // the ID of the channel message that announced the meeting; "" for a chat
}

// LostCase reports whether all letters of the thread ID were changed to one case. Such an
// ID must be compared case-insensitively. IDs are long and random, so two of them are
// unlikely to differ only in case.
func (t Thread) LostCase() bool {
	name := strings.TrimSuffix(t.ID[:strings.LastIndexByte(t.ID, '@')], "@")
	return name == strings.ToLower(name) || name == strings.ToUpper(name)
}

var (
	// threadID matches a thread ID and the message ID after it, if any. A message ID is a
	// time in milliseconds. Links to the meeting options contain "19_" instead of "19:".
	// The pattern for the domain is strict, because a word may follow without a space.
	// An ID from a national cloud includes the cloud's name, as in "19:gcch:meeting_…".
	threadID = regexp.MustCompile(`(?:^|[^A-Za-z0-9])19[:_]((?:[a-z0-9]{2,5}:)?[A-Za-z0-9+/=_.-]+)@(?i:thread)\.((?i:[a-z]*v[0-9]|skype))(?:/([0-9]{13}))?`)
	// optionsMessage matches the message ID in a link that has the message and the thread
	// in separate parameters.
	optionsMessage = regexp.MustCompile(`(?i)\bmessageid=([0-9]{13})`)
	// parentMessage matches the ID of the message that a channel message replies to.
	parentMessage = regexp.MustCompile(`(?i)[?&]parentmessageid=([0-9]{13})`)
)

func (rec *recognizer) threads(text string) {
	for _, m := range threadID.FindAllStringSubmatchIndex(text, maxMatches) {
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return text[m[2*n]:m[2*n+1]]
		}
		t := Thread{ID: "19:" + group(1) + "@thread." + strings.ToLower(group(2)), Message: group(3)}
		if len(t.ID) > meeting.MaxThreadID || strings.Contains(t.ID, "...") { // the ID is too long, or an ellipsis has replaced its middle
			continue
		}
		if parent := parentMessage.FindStringSubmatch(text[m[1]:min(len(text), m[1]+300)]); parent != nil {
			t.Message = parent[1]
		}
		before := strings.ToLower(text[max(0, m[2]-20) : m[2]-3])
		if meeting.IsMeetingChat(t.ID) && strings.HasSuffix(before, "l/message/") {
			t.Message = "" // the ID belongs to an ordinary message in the meeting's own chat
		} else if t.Message == "" && strings.HasSuffix(before, "threadid=") {
			near := text[max(0, m[0]-200):min(len(text), m[1]+200)]
			if message := optionsMessage.FindStringSubmatch(near); message != nil {
				t.Message = message[1]
			}
		}
		rec.addThread(t)
		rec.setKind(KindThread)
	}
}

// addThread adds a thread to the list. If the list contains the thread without a message,
// addThread adds only the message.
func (rec *recognizer) addThread(t Thread) {
	for i, known := range rec.Threads {
		if known.ID == t.ID && (known.Message == "" || t.Message == "") {
			if known.Message == "" {
				rec.Threads[i].Message = t.Message
			}
			return
		}
	}
	addNew(&rec.Threads, t)
}
