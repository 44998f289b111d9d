package search

import (
	"regexp"
	"strconv"
	"strings"

	"meetdesk/meeting"
)

var (
	// decimals matches an integer that a spreadsheet has written with a decimal point and
	// zeros. commaZero matches one with a decimal comma.
	decimals  = regexp.MustCompile(`(^|[^0-9.,])([0-9]{4,}|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ '][0-9]{3})+)\.0{1,3}([^0-9.,]|[.,]?\s|[.,]?$)`)
	commaZero = regexp.MustCompile(`(^|[^0-9.,])([0-9]{4,}|[0-9]{1,3}(?:\.[0-9]{3})+),0{1,3}([^0-9.,]|[.,]?\s|[.,]?$)`)
	// scientific matches a long number in the exponential notation that spreadsheets use
	// in narrow columns.
	scientific = regexp.MustCompile(`\b([1-9])[.,]([0-9]{1,14})[eE]\+?([0-9]{1,2})\b`)
	// cell matches a number that a spreadsheet treats as text, including any quotes around it.
	cell = regexp.MustCompile(`^(?:="|=|"|')*([0-9][^"']*?)(?:"|')*$`)
)

// plainNumbers removes the formatting that spreadsheets add to numbers: quotes and zeros
// after the decimal separator. It expands exponents unless the number was rounded.
func plainNumbers(text string) string {
	text = cell.ReplaceAllString(text, "$1")
	text = decimals.ReplaceAllString(text, "$1$2$3")
	text = commaZero.ReplaceAllString(text, "$1$2$3")
	return scientific.ReplaceAllStringFunc(text, func(found string) string {
		m := scientific.FindStringSubmatch(found)
		exponent, _ := strconv.Atoi(m[3])
		missing := exponent - len(m[2])
		if missing < 0 || missing > 0 && len(m[2]) < minMeeting { // the number was rounded, so its last digits are lost
			return found
		}
		return m[1] + m[2] + strings.Repeat("0", missing)
	})
}

// IsRounded reports whether the text is a number that a spreadsheet has rounded.
func (in Input) IsRounded() bool {
	text := meeting.PlainText(in.Text)
	return scientific.FindString(text) == text && text != "" && plainNumbers(text) == text
}
