package search

import (
	"regexp"
	"strings"
)

var (
	// teamsLink matches what identifies a Teams link: the host in any cloud, the scheme,
	// or typical parts of the path. The host may be missing.
	teamsLink    = regexp.MustCompile(`(?i)\bteams\.(?:microsoft\.(?:com|us)|live\.com|cloud\.microsoft)\b|msteams:|\bmeetup-join\b|\blight-meetings/launch\b|\bmeetingoptions/?\?`)
	meetLink     = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])meet/([0-9]{9,15})(?:[^0-9]|$)`)
	longMeetLink = regexp.MustCompile(`(?i)\bmeet/([0-9]{9,15})\?p=`) // "?p=" shows that the number is complete
	dialInLink   = regexp.MustCompile(`(?i)\bdialin\.(?:[a-z]+\.)*teams\.[a-z.]+/[^\s?]*\?(?:[^\s#]*&)?id=([0-9]{5,12})(?:[^0-9]|$)`)

	// lineBreaks matches the line break that a mail program inserts into a long link, and
	// any quote markers after it. In a single-line input, a space has replaced the line
	// break.
	lineBreaks = regexp.MustCompile(`\s[\s>|]*`)
	// quoteBreaks matches line breaks and quote markers, even where no line break
	// precedes the markers.
	quoteBreaks = regexp.MustCompile(`[\s>|]+`)
)

// links finds Graph IDs and the IDs in links. Mail programs break links across lines, so
// the function also reads the text without spaces and line breaks. For numbers without a
// clear end, it prefers the original text, because removing the space would join the next
// word to the number.
func (rec *recognizer) links(plain string) {
	spaced, joined := unescape(plain), unescape(lineBreaks.ReplaceAllString(plain, ""))
	rec.delimitedIDs(spaced)
	if joined != spaced {
		rec.delimitedIDs(joined)
	}
	if len(rec.Threads) == 0 && strings.ContainsAny(plain, ">|") {
		rec.delimitedIDs(unescape(quoteBreaks.ReplaceAllString(plain, "")))
	}
	rec.opaqueGraphIDs(spaced)
	isLink := teamsLink.MatchString(spaced) || teamsLink.MatchString(joined)
	hasID := rec.meetLinks(spaced, joined, isLink)
	isLink = isLink || hasID
	hasID = rec.dialInLinks(spaced, joined) || hasID || len(rec.Threads) > 0 || len(rec.MeetingIDs) > 0
	// A sentence may mention the Teams website without containing a link to a meeting.
	if (isLink || len(rec.ConferenceIDs) > 0) && (hasID || !strings.ContainsAny(plain, " \n")) {
		rec.setKind(KindLink)
	}
	if !rec.hasID() {
		rec.Fault = linkFault(spaced, isLink)
	}
}

// delimitedIDs finds the IDs whose format shows where they end.
func (rec *recognizer) delimitedIDs(text string) {
	rec.graphIDs(text)
	rec.threads(text)
	rec.browserLinks(text)
}

func (rec *recognizer) meetLinks(spaced, joined string, isLink bool) (found bool) {
	if !isLink {
		return false
	}
	if long := longMeetLink.FindStringSubmatch(joined); long != nil && !strings.Contains(spaced, long[0]) {
		addNew(&rec.MeetingIDs, long[1])
		return true
	}
	for _, m := range meetLink.FindAllStringSubmatchIndex(spaced, maxMatches) {
		if !isTruncated(spaced[m[3]:]) {
			addNew(&rec.MeetingIDs, spaced[m[2]:m[3]])
			found = true
		}
	}
	return found
}

func (rec *recognizer) dialInLinks(spaced, joined string) (found bool) {
	text, limit := spaced, maxMatches
	if !dialInLink.MatchString(spaced) {
		text, limit = joined, 1
	}
	for _, m := range dialInLink.FindAllStringSubmatchIndex(text, limit) {
		if !isTruncated(text[m[3]:]) {
			addNew(&rec.ConferenceIDs, text[m[2]:m[3]])
			found = true
		}
	}
	return found
}

// isTruncated reports whether the text after a number begins with an ellipsis, which
// means that the number is incomplete.
func isTruncated(after string) bool {
	return strings.HasPrefix(after, "…") || strings.HasPrefix(after, "..")
}
