package search

import (
	"regexp"
)

// The links that Graph knows a meeting by, in the spelling of Teams: the long one
// ends with its context, the short one with its passcode.
var (
	longLink  = regexp.MustCompile(`(?i)https://` + teamsHost + `/l/meetup-join/[^\s<>"/?]+/[0-9]+\?context=%7b[^\s<>"{}&]*?%7d`)
	shortLink = regexp.MustCompile(`(?i)https://` + teamsHost + `/meet/[0-9]+\?p=[a-z0-9]+`)
)

const teamsHost = `(?:[a-z0-9-]+\.)*teams\.(?:microsoft\.(?:com|us)|live\.com|cloud\.microsoft)`

// JoinLink returns the join link of a meeting that stands in the text, with other
// text around it or inside the link of a mail filter: letter for letter as Teams
// wrote it, since Graph compares it so. Without one it is the text itself. What is
// behind the first 16,000 bytes is not looked at.
func JoinLink(text string) string {
	plain := mailText(text[:min(len(text), 2*maxScrap)])
	for range unescapeRounds {
		plain = unwrap(plain)
		if link := longLink.FindString(breaks.ReplaceAllString(plain, "")); link != "" {
			return link
		}
		if link := shortLink.FindString(plain); link != "" {
			return link
		}
		plain = unmark(plain, '%')
	}
	return text
}
