package search

import (
	"regexp"
	"strings"
)

// LinkFault is the reason why a link does not identify a meeting.
type LinkFault string

// The reasons why a link may not identify a meeting.
const (
	LinkCut       LinkFault = "cut"       // part of the link is missing
	LinkRewritten LinkFault = "rewritten" // a mail filter or a link shortener replaced the link with a code
	LinkLostCase  LinkFault = "folded"    // all letters of the link were changed to one case, but its ID is case-sensitive
	LinkToTeams   LinkFault = "to_teams"  // the link leads to Teams, but not to a meeting
	LinkOther     LinkFault = "other"     // the link leads to another site, and the text contains nothing else
)

var (
	// ellipsis matches marks for omitted text, such as "…" and "[snip]".
	ellipsis = regexp.MustCompile(`…|\.{3}|\.\.(?:\s|$)|\[\s*(?:snip|cut|truncated)`)
	// threadStart matches the start of a thread ID, or the place in a join link where the
	// ID should start.
	threadStart = regexp.MustCompile(`(?i)\bmeetup-join/?\s*(?:19?[:_]|%|$)|(?:^|[^a-z0-9])19[:_]meeting_`)
	// meetingPart matches the part of other Teams links that identifies the meeting.
	meetingPart = regexp.MustCompile(`(?i)\bmeet/[0-9]|[?&](?:coords|threadid)=|\bdialin\.`)
	cutGraphID  = regexp.MustCompile(`\bMS[op][A-Za-z0-9]{20,}`)
	lostCase    = regexp.MustCompile(`\b(?:mso[a-z0-9]{40,}|MSO[A-Z0-9]{40,})|[?&]coords=(?:[a-z0-9+/_-]{40,}|[A-Z0-9+/_-]{40,})(?:[^A-Za-z0-9+/_-]|$)`)
	// linkRewriter matches the hosts of mail filters and link shorteners.
	linkRewriter = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(?:[a-z0-9-]+\.)*(?:safelinks\.protection\.outlook\.com|safelinks\.[a-z0-9.-]+|urldefense(?:\.proofpoint)?\.(?:com|us)|` +
		`mimecast(?:protect)?\.com|cudasvc\.com|secure-web\.cisco\.com|trendmicro\.(?:com|eu|co\.jp)|(?:clicktime|click)\.symantec\.com|symanteccloud\.com|messagelabs\.com|` +
		`protection\.sophos\.com|fireeye\.com|trellix\.com|forcepoint\.(?:com|net)|websense\.(?:com|net)|urlsand\.(?:com|esvalabs\.com)|esvalabs\.com|hornetsecurity\.com|cloud-security\.net|` +
		`inky\.com|inkyphishfence\.com|avanan\.click|cloud-sec-av\.com|checkpoint\.com|emailprotection\.link|vadesecure\.com|zixcentral\.com|fortimail(?:cloud)?\.com|fortinet\.com|` +
		`spamexperts\.(?:com|eu)|mailguard\.com\.au|retarus\.com|seppmail\.cloud|slack-redir\.net|google\.[a-z.]+/url|goo\.gl|bit\.ly|tinyurl\.com|aka\.ms|t\.co|lnkd\.in|ow\.ly|is\.gd|rebrand\.ly|` +
		`linkprotect\.[a-z0-9.-]+|urlprotect(?:ion)?\.[a-z0-9.-]+|url-?protection\.[a-z0-9.-]+|linkscan\.[a-z0-9.-]+|clicktime\.[a-z0-9.-]+)(?:[:/?]|$)`)
	onlyLink = regexp.MustCompile(`(?i)^<?[a-z]{3,12}://[^\s<>]+>?$`)
)

// linkFault returns why the link in unescaped text does not identify a meeting. It
// returns "" if it finds no fault, for example in a sentence that mentions a link to
// another site.
func linkFault(text string, isLink bool) LinkFault {
	if len(text) < 40 && !strings.ContainsAny(text, "/:_") {
		return ""
	}
	switch {
	case lostCase.MatchString(text):
		return LinkLostCase
	case threadStart.MatchString(text), isLink && meetingPart.MatchString(text), (isLink || cutGraphID.MatchString(text)) && ellipsis.MatchString(text):
		return LinkCut
	case linkRewriter.MatchString(text):
		if ellipsis.MatchString(text) {
			return LinkCut
		}
		return LinkRewritten
	case isLink && strings.Contains(text, "/"):
		return LinkToTeams
	case onlyLink.MatchString(strings.TrimRight(text, ".,; ")):
		return LinkOther
	}
	return ""
}
