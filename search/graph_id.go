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
	graphID = regexp.MustCompile(`\bMS[op][A-Za-z0-9]{40,}`) // Base64-encoded text that begins with "1*" and a GUID
	// insideID matches the decoded form of an ID that graphID matches.
	insideID   = regexp.MustCompile(`^1\*` + guidPattern + `\*[^*]*\*[^*]*\*19:[^*]+@thread\.[a-z0-9]+$`)
	oldGraphID = regexp.MustCompile(guidPattern + `_19:(?:[a-z0-9]{2,5}:)?[A-Za-z0-9+/=_.-]+@thread\.(?:[a-z]*v[0-9]|skype)`)
	opaqueID   = regexp.MustCompile(`(?i:\bonlinemeetings(?:/|\('))(MS[A-Za-z0-9_-]{18,}={0,2})`)

	guid = regexp.MustCompile(guidPattern)
	// otherGUID matches the text before a GUID that is not a request ID, such as
	// "tenant id:" or "users('".
	otherGUID = regexp.MustCompile(`(?i)(?:"id|\b[to]id|(?:tenant|organi[sz]er|user|object|app|application|client|group|team)[ _-]?(?:id)?)["']?\s*[:=][\s"'{(]*$|[a-z]\(["']$`)
	anyLink   = regexp.MustCompile(`(?i)(?:[a-z]{2,12}://|msteams:|\blight-meetings/|\b(?:[a-z]+\.)*teams\.[a-z]+\.?[a-z]*/)[^\s<>"]*`)
)

// graphIDs finds Graph's meeting IDs: "1*{organizer}*0**19:…" in Base64, and the older
// "{organizer}_19:…".
func (rec *recognizer) graphIDs(text string) {
	for _, id := range graphID.FindAllString(text, maxMatches) {
		inside, err := base64.RawStdEncoding.DecodeString(id)
		if err != nil || !insideID.Match(inside) {
			continue
		}
		addNew(&rec.GraphIDs, base64.StdEncoding.EncodeToString(inside)) // restores a trailing "=" that a link may have lost
		rec.setKind(KindGraphID)
		rec.threads(string(inside))
	}
	for _, id := range oldGraphID.FindAllString(text, maxMatches) {
		addNew(&rec.GraphIDs, id)
		rec.setKind(KindGraphID)
	}
}

// opaqueGraphIDs finds the first ID in a Graph URL if graphIDs has found none. The ID
// need not be decodable, because Microsoft does not document what IDs contain.
func (rec *recognizer) opaqueGraphIDs(text string) {
	for _, m := range opaqueID.FindAllStringSubmatch(text, maxMatches) {
		if len(rec.GraphIDs) == 0 {
			addNew(&rec.GraphIDs, m[1])
			rec.setKind(KindGraphID)
		}
	}
}

// requestIDs finds GUIDs that stand alone or follow an ordinary word. Other GUIDs are
// parts of links or of other IDs.
func (rec *recognizer) requestIDs(plain string) {
	if strings.Count(plain, "-") < 4 {
		return
	}
	plain = anyLink.ReplaceAllString(plain, "\n")
	for _, m := range guid.FindAllStringIndex(plain, maxMatches) {
		before, after := neighbours(plain, m)
		isPart := func(r rune) bool { return meeting.IsLetterOrDigit(r) || strings.ContainsRune("_%*/@~-", r) }
		if isPart(before) || isPart(after) || otherGUID.MatchString(plain[max(0, m[0]-40):m[0]]) {
			continue
		}
		addNew(&rec.RequestIDs, strings.ToLower(plain[m[0]:m[1]]))
		rec.setKind(KindRequestID)
	}
}

// neighbours returns the characters before and after the match. At either end of the
// text, it returns a line break.
func neighbours(text string, m []int) (before, after rune) {
	before, after = '\n', '\n'
	if m[0] > 0 {
		before, _ = utf8.DecodeLastRuneInString(text[:m[0]])
	}
	if m[1] < len(text) {
		after, _ = utf8.DecodeRuneInString(text[m[1]:])
	}
	return before, after
}
