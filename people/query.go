package people

import (
	"cmp"
	"slices"
	"strings"

	"meetdesk/meeting"
)

// Query turns the user's input into a search term for a person: the address that
// OnlyAddress returns or, if there is none, the visible text.
func Query(text string) string {
	text = meeting.Trim(strings.Map(func(r rune) rune {
		switch {
		case r == '\t', isLineEnd(r):
			return ' '
		case meeting.IsControl(r) || meeting.IsInvisible(r) && r != '\u200d' && r != '\u200c': // some scripts need these two within words
			return -1
		}
		return r
	}, text))
	return cmp.Or(OnlyAddress(text), text)
}

// maxAddressLine is the maximum length, in bytes, of text that OnlyAddress reads.
const maxAddressLine = 600

// OnlyAddress returns the address of the person whom the text names. It returns "" if the
// text does not name exactly one person, or is longer than maxAddressLine. It also
// returns "" if there are words before a bare address, because they may not be a name.
func OnlyAddress(text string) string {
	if len(text) > maxAddressLine {
		return ""
	}
	line, _ := peopleLine(strings.TrimRight(text, " .,;"))
	people := slices.Collect(splitPeople(line))
	if len(people) != 1 {
		return ""
	}
	a, isLoose, ok := readEntry(people[0]).person()
	if !ok || isLoose {
		return ""
	}
	return a.UPN
}
