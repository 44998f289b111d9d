package search

import (
	"regexp"
	"strings"

	"meetdesk/meeting"
)

// phoneNumber matches text that is just a phone number.
var phoneNumber = regexp.MustCompile(`(?i)^(?:tel:|phone:?|tel\.?|telefone:?)?\s*(?:00)?\+?([0-9(][0-9 ().\/-]{5,22}[0-9])$`)

// Phone returns the digits of the text if it is a phone number, and "" otherwise.
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
