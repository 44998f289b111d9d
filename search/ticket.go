package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
)

// words distinguishes an address and a ticket number from other text. Only the address
// is kept: the name before it may be spelled differently in the history.
func (f *finder) words(plain string, onlyAddress func(string) string) {
	if address := onlyAddress(plain); address != "" {
		f.Text, f.Kind = address, KindAddress
		return
	}
	if looksLikeTicket(meeting.TrimTicket(plain)) {
		f.Text, f.Kind = meeting.TrimTicket(f.Text), KindTicket
	}
}

// looksLikeTicket reports whether the text is a ticket number by its looks: at
// most 64 characters, of letters, digits, '#', '~' and separators only, with a
// digit. It is one word ("CHG-2231", "#123", "INC0012345~2"), up to three of
// digits ("12 345"), or a word before a number ("inc 0012345"): one of up to 6
// letters before 3 digits or more that are no year, or one of up to 12 before 5
// or more. So "3 floor printer", "Room 12" and "Budget 2026" are words.
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
