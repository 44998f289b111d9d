package search

import (
	"net/url"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
)

// matchingTickets finds ticket numbers that match the rule anywhere in the text, even if
// the rule's pattern has anchors. It ignores case and separators ("inc 001-2345").
func matchingTickets(rule meeting.TicketRule, plain string) (tickets []string) {
	text := plainNumbers(withoutMeetingLinks(plain))
	re, err := unanchored(rule.Pattern)
	if err != nil {
		return nil
	}
	var found [][]int
	otherNumbers := append(phone.FindAllStringIndex(text, maxMatches), otherLabel.FindAllStringIndex(text, maxMatches)...)
	for _, m := range re.FindAllStringIndex(text, maxMatches) {
		before, after := neighbours(text, m)
		isNumber := countDigits(text[m[0]:m[1]]) == m[1]-m[0]
		if meeting.IsLetterOrDigit(before) || meeting.IsLetterOrDigit(after) || isNumber && inLink(text, m[0]) {
			continue
		}
		found = append(found, m)
		if isPartOfNumber(text, m) || isNumber && overlaps(otherNumbers, m[0], m[1]) {
			continue
		}
		ticket, _ := rule.Normal(text[m[0]:m[1]])
		addNew(&tickets, ticket)
	}
	for _, words := range adjacentWords(text, found) {
		if normal, ok := rule.Normal(words); ok && mayMean(words, normal) {
			addNew(&tickets, normal)
		}
	}
	return tickets
}

// isPartOfNumber reports whether the match is part of a longer number. If the match
// contains anything other than digits, the text before it does not matter.
func isPartOfNumber(text string, m []int) bool {
	before, after := neighbours(text, m)
	inPath := after == '/' && inLink(text, m[0])
	if meeting.IsTicketSeparator(after) && !unicode.IsSpace(after) && !inPath && startsWithDigit(text[m[1]+1:]) {
		return true
	}
	if countDigits(text[m[0]:m[1]]) < m[1]-m[0] {
		return false
	}
	return before == '+' || m[0] > 1 && meeting.IsTicketSeparator(before) && !unicode.IsSpace(before) && startsWithDigit(text[m[0]-2:])
}

func startsWithDigit(text string) bool { return text != "" && text[0] >= '0' && text[0] <= '9' }

func overlaps(matches [][]int, from, to int) bool {
	return slices.ContainsFunc(matches, func(m []int) bool { return m[0] < to && from < m[1] })
}

// mayMean reports whether the words may be a spelling of the ticket number, which is in
// its normal form. "INC 001 2345" may mean INC0012345, but "12 345" does not mean 12345.
func mayMean(words, normal string) bool {
	first, _ := utf8.DecodeRuneInString(normal)
	return meeting.TicketKey(words) == meeting.TicketKey(normal) || unicode.IsLetter(first) && strings.ReplaceAll(meeting.TicketKey(words), "-", "") == meeting.TicketKey(normal)
}

// unanchored returns the pattern without its anchors but with an optional suffix such as
// "~2", which marks the second meeting for a ticket. The result ignores case and prefers
// the longest match.
func unanchored(pattern *regexp.Regexp) (*regexp.Regexp, error) {
	tree, err := syntax.Parse(pattern.String(), syntax.Perl)
	if err != nil {
		return nil, err
	}
	dropAnchors(tree)
	re, err := regexp.Compile(`(?i:` + tree.String() + `)(?:~[1-9][0-9]{0,3})?`)
	if err != nil {
		return nil, err
	}
	re.Longest()
	return re, nil
}

func dropAnchors(tree *syntax.Regexp) {
	switch tree.Op {
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText:
		tree.Op = syntax.OpEmptyMatch
	}
	for _, part := range tree.Sub {
		dropAnchors(part)
	}
}

// withoutMeetingLinks unescapes the links in the text. It removes GUIDs, links to Teams
// and links from mail filters that it cannot decode, because none of these contain ticket
// numbers.
func withoutMeetingLinks(plain string) string {
	text := anyLink.ReplaceAllStringFunc(plain, func(link string) string {
		inside := unescape(link)
		if teamsLink.MatchString(inside) || linkRewriter.MatchString(inside) && !strings.Contains(inside, "#") {
			return "\n"
		}
		return inside
	})
	return guid.ReplaceAllString(text, "\n")
}

func inLink(text string, at int) bool {
	word := text[strings.LastIndexAny(text[:at], " \n<>\"")+1 : at]
	return strings.Contains(word, "://")
}

// maxAdjacent is the maximum number of adjacent words that are read as one ticket number.
const maxAdjacent = 3

// adjacentWords returns each group of up to maxAdjacent adjacent words that contains a
// digit. It omits groups that begin in a link, have punctuation or line breaks between
// words, or overlap one of the given matches.
func adjacentWords(text string, found [][]int) (groups []string) {
	var words [][2]int
	for _, m := range wordOfTicket.FindAllStringIndex(text, maxWords) {
		words = append(words, [2]int{m[0], m[1]})
	}
	for i := range words {
		for j := i; j < min(i+maxAdjacent, len(words)); j++ {
			from, to := words[i][0], words[j][1]
			if j > i && endsTicket(text[words[j-1][1]:words[j][0]]) || overlaps(found, from, to) || inLink(text, from) {
				break
			}
			if group := text[from:to]; countDigits(group) > 0 {
				groups = append(groups, group)
			}
		}
	}
	return groups
}

var wordOfTicket = regexp.MustCompile(`[\pL0-9](?:[\pL0-9._/\\:#~-]*[\pL0-9])?`)

const maxWords = 400 // the maximum number of words that adjacentWords reads

func endsTicket(between string) bool { return strings.ContainsAny(between, ".,;!?\n()[]") }

// linkedTickets returns the ticket numbers found in links that match the rule's URL
// template.
func linkedTickets(rule meeting.TicketRule, plain string) (tickets []string) {
	prefix, suffix, ok := strings.Cut(rule.URL, meeting.TicketPlace)
	if !ok {
		return nil
	}
	_, prefix, _ = strings.Cut(prefix, "://")
	for range maxEscapes {
		for _, form := range []string{prefix, decodeHex(prefix, '%')} {
			for _, ticket := range ticketsBetween(plain, form, suffix) {
				addNew(&tickets, ticket)
			}
			if len(tickets) > 0 {
				return tickets
			}
		}
		next := decodeHex(unescapeMarkup(plain), '%')
		if next == plain {
			break
		}
		plain = next
	}
	return tickets
}

// ticketsBetween returns the text after each occurrence of the prefix, up to the suffix or
// the end of the path segment or query value, whichever comes first.
func ticketsBetween(text, prefix, suffix string) (tickets []string) {
	if prefix == "" {
		return nil
	}
	lower, prefix := strings.ToLower(text), strings.ToLower(prefix)
	if len(lower) != len(text) { // converting to lower case has changed the offsets
		lower = text
	}
	for from := 0; len(tickets) < maxEach; {
		i := strings.Index(lower[from:], prefix)
		if i < 0 {
			break
		}
		from += i + len(prefix)
		end := strings.IndexAny(text[from:], " \n<>\"'&#?/)]")
		if end < 0 {
			end = len(text) - from
		}
		ticket := text[from : from+end]
		if before, _, ok := strings.Cut(ticket, suffix); ok && suffix != "" {
			ticket = before
		}
		plain, err := url.PathUnescape(strings.TrimRight(ticket, ".,;:!"))
		if err == nil && plain != "" {
			addNew(&tickets, plain)
		}
	}
	return tickets
}
