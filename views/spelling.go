package views

import (
	"strings"

	"meetdesk/locale"
	"meetdesk/meeting"
)

// spelled is one character of a passcode with the word to read it out by.
type spelled struct{ char, word string }

// spell returns the characters of a passcode as they are read out over the
// phone: "capital Bravo", "small Alfa", "seven". A character for which the
// language has no word stands alone.
func spell(p locale.Printer, passcode string) (list []spelled) {
	for _, r := range passcode {
		s := spelled{char: string(r)}
		lower := strings.ToLower(s.char)
		switch word := "spell." + lower; {
		case !p.Has(word): // nothing to say
		case lower != s.char:
			s.word = p.T("spell.capital", meeting.Args{"Word": p.T(word)})
		case strings.ToUpper(s.char) != s.char:
			s.word = p.T("spell.small", meeting.Args{"Word": p.T(word)})
		default:
			s.word = p.T(word)
		}
		list = append(list, s)
	}
	return list
}
