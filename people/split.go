package people

import (
	"iter"
	"strings"

	"meetdesk/meeting"
)

// splitPeople splits a line at semicolons and at commas that follow an address, but not
// within quotes or brackets. The comma in "Nair, Priya <priya@b.c>" is part of the name.
func splitPeople(line string) iter.Seq[string] {
	return func(yield func(string) bool) {
		isSIP := false // whether the next part may be a parameter of a SIP address
		for _, entry := range splitOutside(line, ';') {
			if isSIP && strings.Contains(entry, "=") && !strings.Contains(entry, "@") {
				continue
			}
			isSIP = strings.Contains(strings.ToLower(entry), "sip:")
			for person := range splitCommas(entry) {
				if !yield(person) {
					return
				}
			}
		}
	}
}

// splitOutside splits the text at every separator that is not within quotes or brackets. If
// the quotes or brackets are unbalanced, it splits the text at every separator.
func splitOutside(text string, sep rune) (parts []string) {
	var (
		closing []rune
		begin   int
	)
	for i, r := range text {
		switch n := len(closing); {
		case n > 0 && r == closing[n-1]:
			closing = closing[:n-1]
		case n > 0 && closing[n-1] == '"':
		case closerOf(r) != 0:
			closing = append(closing, closerOf(r))
		case n == 0 && r == sep:
			parts = append(parts, text[begin:i])
			begin = i + len(string(sep))
		}
	}
	if len(closing) > 0 {
		return strings.Split(text, string(sep))
	}
	return append(parts, text[begin:])
}

func closerOf(r rune) rune {
	switch r {
	case '"':
		return '"'
	case '“':
		return '”'
	case '(':
		return ')'
	case '<':
		return '>'
	case '[':
		return ']'
	}
	return 0
}

// splitCommas splits the entry at commas that follow an address. It yields slices of the
// entry instead of joining parts, which would take quadratic time for an entry with many
// commas.
func splitCommas(entry string) iter.Seq[string] {
	return func(yield func(string) bool) {
		begin, end := -1, 0 // the bounds of the parts up to the next address
		at := 0
		for _, part := range splitOutside(entry, ',') {
			if meeting.Trim(part) != "" { // false between two commas, for example
				if begin < 0 {
					begin = at
				}
				end = at + len(part)
				if strings.Contains(part, "@") {
					if !yield(meeting.Trim(entry[begin:end])) {
						return
					}
					begin = -1
				}
			}
			at += len(part) + len(",")
		}
		if begin >= 0 {
			yield(meeting.Trim(entry[begin:end]))
		}
	}
}

func unquote(text string) string {
	for bare := meeting.Trim(text); ; bare = meeting.Trim(bare) {
		for _, q := range [][2]string{{`"`, `"`}, {"'", "'"}, {"“", "”"}, {"‘", "’"}, {"«", "»"}} {
			if len(bare) >= len(q[0])+len(q[1]) && strings.HasPrefix(bare, q[0]) && strings.HasSuffix(bare, q[1]) {
				bare = bare[len(q[0]) : len(bare)-len(q[1])]
			}
		}
		if bare == text {
			return text
		}
		text = bare
	}
}
