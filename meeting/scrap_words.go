package meeting

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// words tells an address and a ticket number from other words. Of an address,
// the rest is dropped: a name in front of it may be spelled otherwise here.
func (f *finder) words(plain string) {
	if len(plain) > maxAddressLine {
		return
	}
	if address := onlyAddress(plain); address != "" {
		f.Text, f.Kind = address, ScrapAddress
		return
	}
	if looksLikeTicket(strings.Trim(plain, aroundTicket)) {
		f.Text, f.Kind = strings.Trim(f.Text, aroundTicket), ScrapTicket
	}
}

// aroundTicket is what stands around a ticket number in a sentence.
const aroundTicket = "[](){}<>\"'“”‘’«»„.,;:!?* \n"

// maxAddressLine is the longest that a name with an address is, in bytes.
const maxAddressLine = 600

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
	fields = slices.DeleteFunc(fields, func(f string) bool { return !strings.ContainsFunc(f, isLetterOrDigit) })
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

func isLetterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func notInTicket(r rune) bool {
	return !isLetterOrDigit(r) && r != '#' && r != '~' && !isSeparator(r)
}

func countDigits(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
