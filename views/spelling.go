package views

import (
	"strings"

	"meetdesk/locale"
	"meetdesk/meeting"
)

// spelled is a character of a passcode and the words for reading it out.
type spelled struct{ char, word string }

// spell returns the characters of a passcode with the words for reading them out, such as
// "capital Bravo". If the catalogue has no word for a character, that word is "".
func spell(p locale.Printer, passcode string) (list []spelled) {
	for _, r := range passcode {
		s := spelled{char: string(r)}
		lower := strings.ToLower(s.char)
		switch word := "spell." + lower; {
		case !p.Has(word):
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
