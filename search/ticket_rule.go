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

// Tickets returns the ticket numbers that the text may name besides being one itself:
// those that match the rule, in the rule's spelling, followed by those that look like
// ticket numbers.
func (in Input) Tickets(rule meeting.TicketRule) (tickets []string) {
	plain := unquoted(meeting.PlainText(mailText(in.Text[:min(len(in.Text), maxScrap)])))
	linked := linkedTickets(rule, plain)
	for _, ticket := range linked {
		normal, _ := rule.Normal(ticket)
		keep(&tickets, normal)
	}
	if rule.Pattern != nil {
		for _, ticket := range ruleMatches(rule, plain) {
			keep(&tickets, ticket)
		}
	}
	for _, ticket := range in.likelyTickets() {
		if rule.URL != "" && countDigits(ticket) == len(ticket) && strings.HasSuffix(strings.TrimRight(plain, "/>"), "/"+ticket) && !slices.Contains(linked, ticket) {
			continue // in an address that is none of a ticket here, a number is something else
		}
		normal, _ := rule.Normal(ticket)
		if meeting.TicketKey(normal) != meeting.TicketKey(ticket) {
			normal = ticket
		}
		keep(&tickets, normal)
	}
	return tickets
}

// matches finds the pattern anywhere in the text, whatever it is anchored to: as a
// whole word, in any case, with a "~2" behind it, and in runs of words with
// separators in them ("inc 001-2345").
func ruleMatches(rule meeting.TicketRule, plain string) (tickets []string) {
	text := plainNumbers(withoutMeetingLinks(plain))
	re, err := unanchored(rule.Pattern)
	if err != nil {
		return nil
	}
	var at [][]int
	others := append(phone.FindAllStringIndex(text, manyHits), otherLabel.FindAllStringIndex(text, manyHits)...)
	for _, m := range re.FindAllStringIndex(text, manyHits) {
		before, after := around(text, m)
		digits := countDigits(text[m[0]:m[1]]) == m[1]-m[0]
		if meeting.IsLetterOrDigit(before) || meeting.IsLetterOrDigit(after) || digits && inLink(text, m[0]) {
			continue
		}
		at = append(at, m)
		if isPart(text, m) || digits && overlaps(others, m[0], m[1]) {
			continue
		}
		ticket, _ := rule.Normal(text[m[0]:m[1]])
		keep(&tickets, ticket)
	}
	for _, run := range runsOfWords(text, at) {
		if normal, ok := rule.Normal(run); ok && sameLetters(run, normal) {
			keep(&tickets, normal)
		}
	}
	return tickets
}

// isPart reports whether the match is a part of another number: more digits stand
// behind a separator, or before one where the match is digits alone.
func isPart(text string, m []int) bool {
	before, after := around(text, m)
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

func overlaps(found [][]int, from, to int) bool {
	return slices.ContainsFunc(found, func(m []int) bool { return m[0] < to && from < m[1] })
}

// sameLetters reports whether one spelling of a ticket may mean the other: separated
// digits are one number only after letters.
func sameLetters(run, normal string) bool {
	first, _ := utf8.DecodeRuneInString(normal)
	return meeting.TicketKey(run) == meeting.TicketKey(normal) || unicode.IsLetter(first) && strings.ReplaceAll(meeting.TicketKey(run), "-", "") == meeting.TicketKey(normal)
}

// unanchored returns the pattern without its anchors, in any case, and with the
// suffix of a second meeting. It prefers the longest match.
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

// withoutMeetingLinks returns the text unescaped, without links to meetings and GUIDs,
// which contain no ticket.
func withoutMeetingLinks(plain string) string {
	text := anyLink.ReplaceAllStringFunc(plain, func(link string) string {
		inside := unescape(link)
		if teamsLink.MatchString(inside) || rewriter.MatchString(inside) && !strings.Contains(inside, "#") {
			return "\n"
		}
		return inside
	})
	return guid.ReplaceAllString(text, "\n")
}

// inLink reports whether the place is inside a link.
func inLink(text string, at int) bool {
	word := text[strings.LastIndexAny(text[:at], " \n<>\"")+1 : at]
	return strings.Contains(word, "://")
}

// maxRun is how many words may be one ticket.
const maxRun = 3

// runsOfWords returns the words of the text, and up to maxRun of them together, but
// for those that overlap what was found.
func runsOfWords(text string, found [][]int) (runs []string) {
	var words [][2]int
	for _, m := range wordOfTicket.FindAllStringIndex(text, manyWords) {
		words = append(words, [2]int{m[0], m[1]})
	}
	for i := range words {
		for j := i; j < min(i+maxRun, len(words)); j++ {
			from, to := words[i][0], words[j][1]
			if j > i && wordsApart(text[words[j-1][1]:words[j][0]]) || overlaps(found, from, to) || inLink(text, from) {
				break
			}
			if run := text[from:to]; countDigits(run) > 0 {
				runs = append(runs, run)
			}
		}
	}
	return runs
}

var wordOfTicket = regexp.MustCompile(`[\pL0-9](?:[\pL0-9._/\\:#~-]*[\pL0-9])?`)

const manyWords = 400 // of a text that is one mail

// wordsApart reports whether something stands between two words that ends a ticket.
func wordsApart(between string) bool { return strings.ContainsAny(between, ".,;!?\n()[]") }

// linked finds the addresses that the rule's URL produces.
func linkedTickets(rule meeting.TicketRule, plain string) (tickets []string) {
	prefix, suffix, ok := strings.Cut(rule.URL, meeting.TicketPlace)
	if !ok {
		return nil
	}
	_, prefix, _ = strings.Cut(prefix, "://")
	for range unescapeRounds {
		for _, form := range []string{prefix, unmark(prefix, '%')} {
			for _, ticket := range linkedIn(plain, form, suffix) {
				keep(&tickets, ticket)
			}
			if len(tickets) > 0 {
				return tickets
			}
		}
		next := unmark(unwrap(plain), '%')
		if next == plain {
			break
		}
		plain = next
	}
	return tickets
}

// linkedIn returns what follows the prefix in the text, up to the suffix or to what
// ends a part of an address.
func linkedIn(text, prefix, suffix string) (tickets []string) {
	if prefix == "" {
		return nil
	}
	lower, prefix := strings.ToLower(text), strings.ToLower(prefix)
	if len(lower) != len(text) { // a letter that has another length: places would differ
		lower = text
	}
	for from := 0; len(tickets) < maxNamed; {
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
			keep(&tickets, plain)
		}
	}
	return tickets
}
