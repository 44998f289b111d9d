package meeting

import (
	"regexp"
	"slices"
	"strings"
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

	breaks = regexp.MustCompile(`\s*\n[\s>|]*|\s+`)
)

// manyHits ends a search in a text made of repetitions; maxNamed different ones
// are kept of these.
const manyHits = 8 * maxNamed

// links finds what links and Graph's IDs name. A mail program may have broken
// them over lines, so that they are looked for without blanks too; what has no
// certain end is not, as the next word would become part of it.
func (f *finder) links(plain string) {
	whole, joined := unescape(plain), unescape(breaks.ReplaceAllString(plain, ""))
	for _, text := range slices.Compact([]string{whole, joined}) {
		f.graphIDs(text)
		f.threads(text)
		f.coordinates(text)
	}
	f.opaqueIDs(whole)
	isLink := teamsLink.MatchString(whole)
	named := len(f.Threads) > 0 || len(f.MeetingIDs) > 0
	if long := longMeetLink.FindStringSubmatch(joined); long != nil && teamsLink.MatchString(joined) && !strings.Contains(whole, long[0]) {
		keep(&f.MeetingIDs, long[1])
		isLink, named = true, true
	} else if isLink {
		for _, m := range meetLink.FindAllStringSubmatch(whole, manyHits) {
			keep(&f.MeetingIDs, m[1])
			named = true
		}
	}
	dialIn := dialInLink.FindAllStringSubmatch(whole, manyHits)
	if dialIn == nil {
		dialIn = dialInLink.FindAllStringSubmatch(joined, 1)
	}
	for _, m := range dialIn {
		keep(&f.ConferenceIDs, m[1])
		isLink, named = true, true
	}
	// Among words, the mere name of Teams' site is one of them.
	if isLink && (named || !strings.ContainsAny(plain, " \n")) {
		f.saw(ScrapLink)
	}
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
		if len(t.ID) > maxThread {
			continue
		}
		if parent := parentMessage.FindStringSubmatch(text[m[1]:min(len(text), m[1]+300)]); parent != nil {
			t.Message = parent[1]
		}
		before := strings.ToLower(text[max(0, m[2]-20) : m[2]-3])
		if isMeetingChat(t.ID) && strings.HasSuffix(before, "l/message/") {
			t.Message = "" // one of many in the meeting's own chat
		} else if t.Message == "" && strings.HasSuffix(before, "threadid=") {
			near := text[max(0, m[0]-200):min(len(text), m[1]+200)]
			if message := optionsMessage.FindStringSubmatch(near); message != nil {
				t.Message = message[1]
			}
		}
		f.thread(t)
		f.saw(ScrapThread)
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
