package search

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"meetdesk/meeting"
)

var (
	// decimals are what a spreadsheet shows behind a whole number.
	decimals  = regexp.MustCompile(`(^|[^0-9.,])([0-9]{4,}|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ '][0-9]{3})+)\.0{1,3}([^0-9.,]|[.,]?\s|[.,]?$)`)
	commaZero = regexp.MustCompile(`(^|[^0-9.,])([0-9]{4,}|[0-9]{1,3}(?:\.[0-9]{3})+),0{1,3}([^0-9.,]|[.,]?\s|[.,]?$)`)
	// scientific is how a spreadsheet shows a long number in a narrow column.
	scientific = regexp.MustCompile(`\b([1-9])[.,]([0-9]{1,14})[eE]\+?([0-9]{1,2})\b`)
	// cell is what a spreadsheet's cell has around a number that is text.
	cell = regexp.MustCompile(`^(?:="|=|"|')*([0-9][^"']*?)(?:"|')*$`)
)

// plainNumbers returns the text with numbers as people read them out: without what
// a spreadsheet adds.
func plainNumbers(text string) string {
	text = cell.ReplaceAllString(text, "$1")
	text = decimals.ReplaceAllString(text, "$1$2$3")
	text = commaZero.ReplaceAllString(text, "$1$2$3")
	return scientific.ReplaceAllStringFunc(text, func(found string) string {
		m := scientific.FindStringSubmatch(found)
		exponent, _ := strconv.Atoi(m[3])
		missing := exponent - len(m[2])
		if missing < 0 || missing > 0 && len(m[2]) < minMeeting { // rounded: the rest is lost
			return found
		}
		return m[1] + m[2] + strings.Repeat("0", missing)
	})
}

// IsRounded reports whether the text is a number of which a spreadsheet shows the
// first digits only.
func (in Input) IsRounded() bool {
	text := meeting.PlainText(in.Text)
	return scientific.FindString(text) == text && text != "" && plainNumbers(text) == text
}

// firstNumber returns the digits of the first number in digits and separators: a
// long one, groups of three with a shorter one behind, or else all. A time, a date
// or a phone number may follow in the same line.
func firstNumber(text string) string {
	if before, _, isTime := strings.Cut(text, ":"); isTime {
		text = before[:max(0, strings.LastIndexAny(before, " .-"))] // without the hour
	}
	groups := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) })
	n := 0
	for n < len(groups) && len(groups[n]) == 3 {
		n++
	}
	switch {
	case len(groups) > 0 && len(groups[0]) >= minMeeting:
		n = 1
	case n < 2:
		n = len(groups)
	case n < len(groups) && len(groups[n]) < 3:
		n++
	}
	return strings.Join(groups[:n], "")
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// oneSeparator reports whether the text has the same character between all digits.
func oneSeparator(text string) bool {
	marks := strings.FieldsFunc(text, unicode.IsDigit)
	return !slices.ContainsFunc(marks, func(m string) bool { return m != marks[0] })
}

// phoneNumber is a number to dial, and nothing else.
var phoneNumber = regexp.MustCompile(`(?i)^(?:tel:|phone:?|tel\.?|telefone:?)?\s*(?:00)?\+?([0-9(][0-9 ().\/-]{5,22}[0-9])$`)

// Phone returns the digits of the phone number that the scrap is, "" for none.
func (in Input) Phone() string {
	m := phoneNumber.FindStringSubmatch(strings.TrimRight(meeting.PlainText(in.Text), " .,;"))
	if m == nil {
		return ""
	}
	digits := onlyDigits(m[1])
	if n := len(digits); n < 7 || n > 15 {
		return ""
	}
	return digits
}

func isIPAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}
