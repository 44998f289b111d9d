package search

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf8"

	"meetdesk/meeting"
)

const guidPattern = `(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})`

var (
	graphID    = regexp.MustCompile(`\bMS[op][A-Za-z0-9]{40,}`) // the Base64 of "1*" and a GUID
	insideID   = regexp.MustCompile(`^1\*` + guidPattern + `\*[^*]*\*[^*]*\*19:[^*]+@thread\.[a-z0-9]+$`)
	oldGraphID = regexp.MustCompile(guidPattern + `_19:(?:[a-z0-9]{2,5}:)?[A-Za-z0-9+/=_.-]+@thread\.(?:[a-z]*v[0-9]|skype)`)
	opaqueID   = regexp.MustCompile(`(?i:\bonlinemeetings(?:/|\('))(MS[A-Za-z0-9_-]{18,}={0,2})`)

	guid = regexp.MustCompile(guidPattern)
	// otherGUID finds the name of another property before a GUID, a tenant's or an
	// account's, in a link's context or in a meeting's JSON; or "users('".
	otherGUID = regexp.MustCompile(`(?i)(?:"id|\b[to]id|(?:tenant|organi[sz]er|user|object|app|application|client|group|team)[ _-]?(?:id)?)["']?\s*[:=][\s"'{(]*$|[a-z]\(["']$`)
	anyLink   = regexp.MustCompile(`(?i)(?:[a-z]{2,12}://|msteams:|\blight-meetings/|\b(?:[a-z]+\.)*teams\.[a-z]+\.?[a-z]*/)[^\s<>"]*`)
)

// graphIDs finds Graph's IDs of meetings: the Base64 of "1*{organizer}*0**19:…",
// and the older "{organizer}_19:…".
func (f *finder) graphIDs(text string) {
	for _, id := range graphID.FindAllString(text, manyHits) {
		inside, err := base64.RawStdEncoding.DecodeString(id)
		if err != nil || !insideID.Match(inside) {
			continue
		}
		keep(&f.GraphIDs, base64.StdEncoding.EncodeToString(inside)) // with the "=" that a link may have lost
		f.saw(KindGraphID)
		f.threads(string(inside))
	}
	for _, id := range oldGraphID.FindAllString(text, manyHits) {
		keep(&f.GraphIDs, id)
		f.saw(KindGraphID)
	}
}

// opaqueIDs finds an ID that cannot be read in an address of Graph: Microsoft
// promises nothing of what is inside.
func (f *finder) opaqueIDs(text string) {
	for _, m := range opaqueID.FindAllStringSubmatch(text, manyHits) {
		if len(f.GraphIDs) == 0 {
			keep(&f.GraphIDs, m[1])
			f.saw(KindGraphID)
		}
	}
}

// requestIDs finds GUIDs that stand alone or after a word. Those in a link, in
// another ID or behind the name of another property are no requests.
func (f *finder) requestIDs(plain string) {
	if strings.Count(plain, "-") < 4 {
		return
	}
	plain = anyLink.ReplaceAllString(plain, "\n")
	for _, m := range guid.FindAllStringIndex(plain, manyHits) {
		before, after := around(plain, m)
		isPart := func(r rune) bool { return meeting.IsLetterOrDigit(r) || strings.ContainsRune("_%*/@~-", r) }
		if isPart(before) || isPart(after) || otherGUID.MatchString(plain[max(0, m[0]-40):m[0]]) {
			continue
		}
		keep(&f.RequestIDs, strings.ToLower(plain[m[0]:m[1]]))
		f.saw(KindRequestID)
	}
}

// around returns the characters right before and after the match, a line break
// where there is none.
func around(text string, m []int) (before, after rune) {
	before, after = '\n', '\n'
	if m[0] > 0 {
		before, _ = utf8.DecodeLastRuneInString(text[:m[0]])
	}
	if m[1] < len(text) {
		after, _ = utf8.DecodeRuneInString(text[m[1]:])
	}
	return before, after
}
