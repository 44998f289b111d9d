package meeting

import (
	"iter"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// splitPeople yields the text of one person at a time, trimmed. Lines and
// semicolons always separate two people. A comma does so only after an address:
// before one it belongs to a name, "Nair, Priya <priya@b.c>". Nothing separates
// within quotes and brackets.
func splitPeople(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.FieldsFuncSeq(text, isLineEnd) {
			for _, entry := range splitOutside(unlabel(line), ';') {
				for one := range splitCommas(entry) {
					for _, person := range splitBlanks(one) {
						if !yield(person) {
							return
						}
					}
				}
			}
		}
	}
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' }

// labels stand before the people in the head of a letter, which is copied along.
var labels = []string{"to:", "cc:", "bcc:", "para:", "cco:"}

// unlabel returns the line without such a label, or the mark of a list.
func unlabel(line string) string {
	line = trim(line)
	for _, label := range labels {
		if len(line) > len(label) && strings.EqualFold(line[:len(label)], label) {
			return trim(line[len(label):])
		}
	}
	for _, mark := range []string{"•", "·", "*", "-", "–"} {
		if rest, ok := strings.CutPrefix(line, mark); ok && strings.TrimLeftFunc(rest, unicode.IsSpace) != rest {
			return trim(rest)
		}
	}
	return line
}

// splitOutside splits at every sep that is in no quotes and no brackets. Where
// these do not match, they mean nothing.
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
		case strings.ContainsRune(openers, r):
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

const openers = `"“(<[`

func closerOf(opener rune) rune {
	return map[rune]rune{'"': '"', '“': '”', '(': ')', '<': '>', '[': ']'}[opener]
}

// splitCommas splits after each address: the parts before one that hold no
// address are the first parts of a name. It yields slices of the entry, so that
// many commas before an address cost no more than few.
func splitCommas(entry string) iter.Seq[string] {
	return func(yield func(string) bool) {
		begin, end := -1, 0 // of the parts that wait for an address
		at := 0
		for _, part := range splitOutside(entry, ',') {
			if strings.TrimSpace(part) != "" { // not after a comma at the end
				if begin < 0 {
					begin = at
				}
				end = at + len(part)
				if strings.Contains(part, "@") {
					if !yield(trim(entry[begin:end])) {
						return
					}
					begin = -1
				}
			}
			at += len(part) + len(",")
		}
		if begin >= 0 {
			yield(trim(entry[begin:end]))
		}
	}
}

// splitBlanks splits addresses that nothing but blanks part, as cells of a
// spreadsheet are.
func splitBlanks(one string) []string {
	if fields := strings.Fields(one); len(fields) > 1 && !slices.ContainsFunc(fields, func(f string) bool { return !isAddress(f) }) {
		return fields
	}
	return []string{one}
}

// parts takes one person apart: "mail", "Name <mail>", "mail (Name)" or the two
// cells "Name" and "mail", where the mail may be a link.
func parts(one string) (name, address string) {
	one = trim(one)
	if link, ok := strings.CutSuffix(one, "]"); ok {
		if i := strings.LastIndex(link, "[mailto:"); i >= 0 {
			one = link[:i] + "<" + link[i+1:] + ">"
		}
	}
	open, paren := strings.LastIndexByte(one, '<'), strings.IndexByte(one, '(')
	switch cells := splitOutside(one, '\t'); {
	case open >= 0 && strings.HasSuffix(one, ">"):
		name, address = one[:open], one[open+1:len(one)-1]
	case paren > 0 && strings.HasSuffix(one, ")"):
		name, address = one[paren+1:len(one)-1], one[:paren]
	case len(cells) == 2 && isAddress(unlink(cells[1])):
		name, address = cells[0], cells[1]
	case len(cells) == 2 && isAddress(unlink(cells[0])):
		name, address = cells[1], cells[0]
	default:
		address = one
	}
	name, address = unquote(name), unlink(address)
	if strings.EqualFold(name, address) {
		name = "" // a mail program without a name repeats the address
	}
	return name, address
}

// unlink returns the address of a mailto link, or the text without the quotes
// around it.
func unlink(address string) string {
	address = unquote(address)
	if len(address) < len("mailto:") || !strings.EqualFold(address[:len("mailto:")], "mailto:") {
		return address
	}
	address, _, _ = strings.Cut(address[len("mailto:"):], "?")
	if plain, err := url.PathUnescape(address); err == nil {
		return plain
	}
	return address
}

// unquote returns the text without blanks and quotes around it.
func unquote(text string) string {
	for bare := trim(text); ; bare = trim(bare) {
		for _, q := range [][2]string{{`"`, `"`}, {"'", "'"}, {"“", "”"}, {"‘", "’"}} {
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
