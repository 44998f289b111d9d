package search

import (
	"regexp"

	"meetdesk/meeting"
)

// Guess is a ticket number that may lack its letters or leading zeros.
type Guess struct {
	Number  string // the digits, without leading zeros
	letters string // the letters before the number, or ""
}

// shortNumber matches a ticket key that is a number, with or without letters before it.
var shortNumber = regexp.MustCompile(`^(\pL*)0*([1-9][0-9]*)$`)

// minGuess is the minimum length, in digits, of a guess without letters. Shorter numbers
// occur in many tickets.
const minGuess = 3

// Guesses returns a guess for each string that may be an abbreviated ticket number: "12322"
// and "INC12322" may mean "INC0012322". It skips strings that are neither letters followed by
// a number nor a number of at least minGuess digits.
func Guesses(texts []string) (guesses []Guess) {
	for _, text := range texts {
		m := shortNumber.FindStringSubmatch(meeting.TicketKey(text))
		if m != nil && (m[1] != "" || len(m[2]) >= minGuess) {
			addNew(&guesses, Guess{Number: m[2], letters: m[1]})
		}
	}
	return guesses
}

// MayMean reports whether the guess may abbreviate the ticket. The numbers must be equal
// apart from leading zeros. The letters must also be equal if the guess has any.
func (g Guess) MayMean(ticket string) bool {
	m := shortNumber.FindStringSubmatch(meeting.TicketKey(ticket))
	return m != nil && m[2] == g.Number && (g.letters == "" || m[1] == g.letters)
}
