package search

import (
	"regexp"
	"strings"

	"meetdesk/meeting"
)

var (
	// teamsLink finds what every link of Teams has somewhere, with a host of any
	// cloud or none.
	teamsLink = regexp.MustCompile(`(?i)\bteams\.(?:microsoft\.(?:com|us)|live\.com|cloud\.microsoft)\b|msteams:|\bmeetup-join\b|\blight-meetings/launch\b|\bmeetingoptions/?\?`)
	// threadID finds a thread, and the message behind it. Links to the options
	// have "19_" for "19:". The domain ends where it must: a word may be glued to
	// it, and half of it is no domain. A message's ID is its time in milliseconds.
	// Outside of the worldwide cloud the cloud's name stands before the thread's:
	// 19:gcch:meeting_…, 19:dod:meeting_….
	threadID = regexp.MustCompile(`(?:^|[^A-Za-z0-9])19[:_]((?:[a-z0-9]{2,5}:)?[A-Za-z0-9+/=_.-]+)@(?i:thread)\.((?i:[a-z]*v[0-9]|skype))(?:/([0-9]{13}))?`)
	// optionsMessage finds the message in a link that has it apart from the thread.
	optionsMessage = regexp.MustCompile(`(?i)\bmessageid=([0-9]{13})`)
	// parentMessage finds the message that a reply in a channel is to.
	parentMessage = regexp.MustCompile(`(?i)[?&]parentmessageid=([0-9]{13})`)
	meetLink      = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])meet/([0-9]{9,15})(?:[^0-9]|$)`)
	longMeetLink  = regexp.MustCompile(`(?i)\bmeet/([0-9]{9,15})\?p=`) // whose number has a certain end
	dialInLink    = regexp.MustCompile(`(?i)\bdialin\.(?:[a-z]+\.)*teams\.[a-z.]+/[^\s?]*\?(?:[^\s#]*&)?id=([0-9]{5,12})(?:[^0-9]|$)`)

	// breaks are what a mail program puts into a long link: a line break, which is a
	// space in a field of one line, and the marks of quoted mail.
	breaks = regexp.MustCompile(`\s[\s>|]*`)
	// marks are those of quoted mail that the line break before them left with nothing.
	marks = regexp.MustCompile(`[\s>|]+`)
)

// manyHits ends a search in a text made of repetitions; maxNamed different ones
// are kept of these.
const manyHits = 8 * maxNamed

// links finds what links and Graph's IDs name. A mail program may have broken
// them over lines, so they are also looked for without spaces; but not what has no
// certain end, as the next word would become part of it.
func (f *finder) links(plain string) {
	whole, joined := unescape(plain), unescape(breaks.ReplaceAllString(plain, ""))
	f.ids(whole)
	if joined != whole {
		f.ids(joined)
	}
	if len(f.Threads) == 0 && strings.ContainsAny(plain, ">|") {
		f.ids(unescape(marks.ReplaceAllString(plain, "")))
	}
	f.opaqueIDs(whole)
	isLink := teamsLink.MatchString(whole) || teamsLink.MatchString(joined)
	named := f.meetLinks(whole, joined, isLink)
	isLink = isLink || named
	named = f.dialInLinks(whole, joined) || named || len(f.Threads) > 0 || len(f.MeetingIDs) > 0
	// Among words, the mere name of Teams' site is one of them.
	if (isLink || len(f.ConferenceIDs) > 0) && (named || !strings.ContainsAny(plain, " \n")) {
		f.saw(KindLink)
	}
	if !f.names() {
		f.Fault = fault(whole, isLink)
	}
}

// ids finds what has a certain end.
func (f *finder) ids(text string) {
	f.graphIDs(text)
	f.threads(text)
	f.coordinates(text)
}

// meetLinks finds the meeting IDs in short links.
func (f *finder) meetLinks(whole, joined string, isLink bool) (found bool) {
	if !isLink {
		return false
	}
	if long := longMeetLink.FindStringSubmatch(joined); long != nil && !strings.Contains(whole, long[0]) {
		keep(&f.MeetingIDs, long[1])
		return true
	}
	for _, m := range meetLink.FindAllStringSubmatchIndex(whole, manyHits) {
		if !isCut(whole[m[3]:]) {
			keep(&f.MeetingIDs, whole[m[2]:m[3]])
			found = true
		}
	}
	return found
}

// dialInLinks finds the conference IDs in links to dial in.
func (f *finder) dialInLinks(whole, joined string) (found bool) {
	text, most := whole, manyHits
	if !dialInLink.MatchString(whole) {
		text, most = joined, 1
	}
	for _, m := range dialInLink.FindAllStringSubmatchIndex(text, most) {
		if !isCut(text[m[3]:]) {
			keep(&f.ConferenceIDs, text[m[2]:m[3]])
			found = true
		}
	}
	return found
}

// isCut reports whether a program left out the rest of the number before: it would
// be another number.
func isCut(after string) bool {
	return strings.HasPrefix(after, "…") || strings.HasPrefix(after, "..")
}

func (f *finder) threads(text string) {
	for _, m := range threadID.FindAllStringSubmatchIndex(text, manyHits) {
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return text[m[2*n]:m[2*n+1]]
		}
		t := Thread{ID: "19:" + group(1) + "@thread." + strings.ToLower(group(2)), Message: group(3)}
		if len(t.ID) > meeting.MaxThreadID || strings.Contains(t.ID, "...") { // the middle was left out
			continue
		}
		if parent := parentMessage.FindStringSubmatch(text[m[1]:min(len(text), m[1]+300)]); parent != nil {
			t.Message = parent[1]
		}
		before := strings.ToLower(text[max(0, m[2]-20) : m[2]-3])
		if meeting.IsMeetingChat(t.ID) && strings.HasSuffix(before, "l/message/") {
			t.Message = "" // one of many in the meeting's own chat
		} else if t.Message == "" && strings.HasSuffix(before, "threadid=") {
			near := text[max(0, m[0]-200):min(len(text), m[1]+200)]
			if message := optionsMessage.FindStringSubmatch(near); message != nil {
				t.Message = message[1]
			}
		}
		f.thread(t)
		f.saw(KindThread)
	}
}

// thread keeps a thread once, with the message where any mention has one.
func (f *finder) thread(t Thread) {
	for i, known := range f.Threads {
		if known.ID == t.ID && (known.Message == "" || t.Message == "") {
			if known.Message == "" {
				f.Threads[i].Message = t.Message
			}
			return
		}
	}
	keep(&f.Threads, t)
}
