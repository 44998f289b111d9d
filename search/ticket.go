package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
)

// looksLikeTicket reports whether the text looks like a ticket number. It must contain a
// digit and consist of at most 64 letters, digits, '#', '~' and separators. It must be
//
//   - one word ("CHG-2231", "#123", "INC0012345~2"),
//   - up to three groups of digits ("12 345"), or
//   - a word and a number ("inc 0012345"): up to 6 letters and at least 3 digits that are
//     not a year, or up to 12 letters and at least 5 digits.
func looksLikeTicket(text string) bool {
	if utf8.RuneCountInString(text) > 64 || strings.Contains(text, "//") || strings.ContainsFunc(text, notInTicket) {
		return false
	}
	fields := strings.FieldsFunc(text, unicode.IsSpace)
	fields = slices.DeleteFunc(fields, func(f string) bool { return !strings.ContainsFunc(f, meeting.IsLetterOrDigit) })
	switch {
	case len(fields) > 3 || countDigits(text) == 0:
		return false
	case len(fields) == 1 || !strings.ContainsFunc(text, unicode.IsLetter):
		return true
	case len(fields) == 3 || strings.ContainsFunc(fields[0], func(r rune) bool { return !unicode.IsLetter(r) }):
		return false
	}
	number := fields[1]
	letters, digits := utf8.RuneCountInString(fields[0]), countDigits(number)
	return !strings.ContainsFunc(number, unicode.IsLetter) && (letters <= 6 && digits >= 3 && !isYear(number) || letters <= 12 && digits >= 5)
}

func notInTicket(r rune) bool {
	return !meeting.IsLetterOrDigit(r) && r != '#' && r != '~' && !meeting.IsTicketSeparator(r)
}

func countDigits(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
