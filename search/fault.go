package search

import (
	"regexp"
	"strings"
)

// LinkFault is the reason why a link names no meeting that can be looked up.
type LinkFault string

// The faults of links.
const (
	LinkCut       LinkFault = "cut"       // a part is missing
	LinkRewritten LinkFault = "rewritten" // a mail filter or a shortener put a code of its own in its place
	LinkLostCase  LinkFault = "folded"    // its capitals are lost, and they mattered
	LinkToTeams   LinkFault = "to_teams"  // it leads to Teams, and to no meeting there
	LinkOther     LinkFault = "other"     // it leads elsewhere, and is all that was given
)

var (
	// ellipsis is what a program puts in the place of what it left out.
	ellipsis = regexp.MustCompile(`…|\.{3}|\.\.(?:\s|$)|\[\s*(?:snip|cut|truncated)`)
	// beginning is how a thread begins, and partOfLink what names a meeting in other
	// links of Teams.
	beginning  = regexp.MustCompile(`(?i)\bmeetup-join/?\s*(?:19?[:_]|%|$)|(?:^|[^a-z0-9])19[:_]meeting_`)
	partOfLink = regexp.MustCompile(`(?i)\bmeet/[0-9]|[?&](?:coords|threadid)=|\bdialin\.`)
	cutGraphID = regexp.MustCompile(`\bMS[op][A-Za-z0-9]{20,}`)
	lostCase   = regexp.MustCompile(`\b(?:mso[a-z0-9]{40,}|MSO[A-Z0-9]{40,})|[?&]coords=(?:[a-z0-9+/_-]{40,}|[A-Z0-9+/_-]{40,})(?:[^A-Za-z0-9+/_-]|$)`)
	// rewriter finds the hosts of mail filters and shorteners.
	rewriter = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])(?:[a-z0-9-]+\.)*(?:safelinks\.protection\.outlook\.com|safelinks\.[a-z0-9.-]+|urldefense(?:\.proofpoint)?\.(?:com|us)|` +
		`mimecast(?:protect)?\.com|cudasvc\.com|secure-web\.cisco\.com|trendmicro\.(?:com|eu|co\.jp)|(?:clicktime|click)\.symantec\.com|symanteccloud\.com|messagelabs\.com|` +
		`protection\.sophos\.com|fireeye\.com|trellix\.com|forcepoint\.(?:com|net)|websense\.(?:com|net)|urlsand\.(?:com|esvalabs\.com)|esvalabs\.com|hornetsecurity\.com|cloud-security\.net|` +
		`inky\.com|inkyphishfence\.com|avanan\.click|cloud-sec-av\.com|checkpoint\.com|emailprotection\.link|vadesecure\.com|zixcentral\.com|fortimail(?:cloud)?\.com|fortinet\.com|` +
		`spamexperts\.(?:com|eu)|mailguard\.com\.au|retarus\.com|seppmail\.cloud|slack-redir\.net|google\.[a-z.]+/url|goo\.gl|bit\.ly|tinyurl\.com|aka\.ms|t\.co|lnkd\.in|ow\.ly|is\.gd|rebrand\.ly|` +
		`linkprotect\.[a-z0-9.-]+|urlprotect(?:ion)?\.[a-z0-9.-]+|url-?protection\.[a-z0-9.-]+|linkscan\.[a-z0-9.-]+|clicktime\.[a-z0-9.-]+)(?:[:/?]|$)`)
	oneLink = regexp.MustCompile(`(?i)^<?[a-z]{3,12}://[^\s<>]+>?$`)
)

// fault looks for what is wrong with a link in a text that names no meeting. text
// is the text unescaped.
func fault(text string, isLink bool) LinkFault {
	if len(text) < 40 && !strings.ContainsAny(text, "/:_") {
		return ""
	}
	switch {
	case lostCase.MatchString(text):
		return LinkLostCase
	case beginning.MatchString(text), isLink && partOfLink.MatchString(text), (isLink || cutGraphID.MatchString(text)) && ellipsis.MatchString(text):
		return LinkCut
	case rewriter.MatchString(text):
		if ellipsis.MatchString(text) {
			return LinkCut
		}
		return LinkRewritten
	case isLink && strings.Contains(text, "/"):
		return LinkToTeams
	case oneLink.MatchString(strings.TrimRight(text, ".,; ")):
		return LinkOther
	}
	return ""
}

// names reports whether anything was found that a meeting can be looked up by.
func (f *finder) names() bool {
	return len(f.Threads)+len(f.MeetingIDs)+len(f.ConferenceIDs)+len(f.VideoIDs)+len(f.GraphIDs)+len(f.RequestIDs) > 0
}
