package meeting

import (
	"strconv"
	"strings"
	"unicode"
)

// MaxExternalID is the maximum length of an external ID, in characters. Graph documents no
// limit, so this is the desk's own.
const MaxExternalID = 256

// TicketKey returns the same key for every spelling of a ticket number. It ignores case,
// the "~N" suffix, surrounding punctuation, any '#' that does not follow a digit, and
// separators between a letter and a digit. Other separators become one '-'. The text is
// first normalized by PlainText. Leading zeros are significant.
//
// Thus "inc-0012345", "[INC 0012345]", "ＩＮＣ0012345" and "#INC0012345~2" all have the
// key "inc0012345", while "1-23" and "12-3" have different keys.
func TicketKey(externalID string) string {
	base, _ := splitTicket(externalID)
	var (
		b         strings.Builder
		last      rune
		separated bool
	)
	for _, r := range strings.ToLower(strings.TrimFunc(base, isAroundKey)) {
		switch {
		case r == '#' && !unicode.IsDigit(last): // "1#23" is not "123"
			continue
		case IsTicketSeparator(r):
			separated = last != 0
			continue
		}
		if separated && !(unicode.IsLetter(last) && unicode.IsDigit(r)) && !(unicode.IsDigit(last) && unicode.IsLetter(r)) {
			b.WriteByte('-')
		}
		b.WriteRune(r)
		last, separated = r, false
	}
	return b.String()
}

// splitTicket splits "INC 1~2" into "INC 1" and 2. Without a suffix, n is 1. It normalizes
// the ticket with PlainText and removes surrounding punctuation, so "[INC 1~2]" and
// "[INC 1]~2" give the same result.
func splitTicket(text string) (ticket string, n int) {
	ticket, n = PlainText(text), 1
	for {
		base, suffix := splitSuffix(Trim(ticket))
		if suffix == 1 {
			base, suffix = splitSuffix(strings.TrimRightFunc(ticket, isAroundKey))
		}
		if suffix == 1 {
			return Trim(TrimTicket(ticket)), n
		}
		if n == 1 {
			n = suffix
		}
		ticket = base
	}
}

func isAroundKey(r rune) bool { return strings.ContainsRune(aroundTicket, r) || IsTicketSeparator(r) }

// aroundTicket contains the characters that may surround a ticket number in a sentence.
const aroundTicket = "[](){}<>\"'“”‘’«»„.,;:!?* \n"

// TrimTicket removes brackets, quotes, punctuation, spaces and line breaks from both ends
// of a ticket number.
func TrimTicket(text string) string { return strings.Trim(text, aroundTicket) }

// IsTicketSeparator reports whether r separates the parts of a ticket number.
func IsTicketSeparator(r rune) bool {
	return strings.ContainsRune("-_./\\:#", r) || unicode.IsSpace(r) || unicode.Is(unicode.Pd, r)
}

// AnotherExternalID returns the external ID for a further meeting for the same ticket,
// such as "INC0012345~2". Graph never lets an organizer reuse an external ID. The
// parameter existing contains the IDs in use.
func AnotherExternalID(externalID string, existing []string) string {
	base, highest := splitSuffix(externalID)
	key := TicketKey(base)
	used := map[int]bool{highest: true}
	for _, id := range existing {
		if other, n := splitSuffix(id); TicketKey(other) == key {
			used[n], highest = true, max(n, highest)
		}
	}
	next := highest + 1
	for n := 2; next > maxSuffix && n <= maxSuffix; n++ { // if maxSuffix is in use, this chooses the lowest free number
		if !used[n] {
			next = n
		}
	}
	return base + "~" + strconv.Itoa(next)
}

// TicketOf returns the external ID without the suffix that marks a further meeting:
// "INC0012345" for "INC0012345~2".
func TicketOf(externalID string) string {
	base, _ := splitSuffix(externalID)
	return base
}

// IsAnother reports whether the external ID is for a second or later meeting for its
// ticket, such as "INC0012345~2".
func IsAnother(externalID string) bool {
	_, n := splitSuffix(externalID)
	return n > 1
}

// MayMean reports whether a ticket number may refer to the external ID, given that both
// have the same TicketKey. "INC0012345" may refer to any meeting for the ticket, but
// "INC0012345~2" only to the second.
func MayMean(named, externalID string) bool {
	_, want := splitTicket(named)
	_, n := splitTicket(externalID)
	return want == 1 || want == n
}

// Names reports whether spelling is a way of writing externalID, including its suffix. For
// example, "inc-0012345" names "INC0012345" but not "INC0012345~2".
func Names(spelling, externalID string) bool { return NameKey(spelling) == NameKey(externalID) }

// NameKey returns the same key for every spelling of an external ID; see Names.
func NameKey(externalID string) string {
	_, n := splitTicket(externalID)
	return TicketKey(externalID) + "~" + strconv.Itoa(n)
}

// maxSuffix is the highest N for which the desk treats "~N" as its own suffix.
const maxSuffix = 9999

// splitSuffix splits "INC0012345~2" into "INC0012345" and 2. Without a suffix, n is 1.
func splitSuffix(externalID string) (base string, n int) {
	i := strings.LastIndexByte(externalID, '~')
	if i <= 0 {
		return externalID, 1
	}
	digits := externalID[i+1:]
	n, err := strconv.Atoi(digits)
	if err != nil || n < 2 || n > maxSuffix || digits != strconv.Itoa(n) {
		return externalID, 1
	}
	return externalID[:i], n
}
