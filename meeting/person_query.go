package meeting

import (
	"slices"
	"strings"
)

// PersonQuery returns what somebody typed to find a person by: the address where
// the text names one person, otherwise the text without what cannot be seen.
func PersonQuery(text string) string {
	if len(text) <= maxAddressLine {
		if address := onlyAddress(text); address != "" {
			return address
		}
	}
	return Trim(strings.Map(func(r rune) rune {
		switch {
		case r == '\t', isLineEnd(r):
			return ' '
		case isControl(r) || isInvisible(r) && r != '\u200d' && r != '\u200c': // these belong to words in some scripts
			return -1
		}
		return r
	}, text))
}

// onlyAddress returns the address of the one person whom the text names, "" where
// it names none or several. Words before a bare address may be other words that are
// searched for.
func onlyAddress(text string) string {
	people := slices.Collect(splitPeople(peopleLine(strings.TrimRight(text, " .,;"))))
	if len(people) != 1 {
		return ""
	}
	a, isLoose, ok := readEntry(people[0]).person()
	if !ok || isLoose {
		return ""
	}
	return a.UPN
}
