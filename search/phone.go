package search

import (
	"regexp"
	"strings"

	"meetdesk/meeting"
)

// phoneNumber matches text that is just a phone number, with or without a label.
var phoneNumber = regexp.MustCompile(`(?i)^(?:tel:|phone:?|tel\.?|telefone:?)?\s*(?:00)?\+?([0-9(][0-9 ().\/-]{5,22}[0-9])$`)

// Phone returns the digits of the text, without a leading 00, if the text is just a phone
// number of 7 to 15 digits. Otherwise, it returns "".
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
