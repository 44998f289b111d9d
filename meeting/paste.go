package meeting

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// splitPeople returns what stands for one person each, without blanks. Lines and
// semicolons always part two people, commas only after an address: elsewhere they
// belong to a name, "Nair, Priya <priya@b.c>". In quotes and brackets nothing does.
func splitPeople(text string) (people []string) {
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' }) {
		for _, entry := range splitOutside(unlabel(line), ';') {
			for _, one := range splitCommas(entry) {
				people = append(people, splitBlanks(one)...)
			}
		}
	}
	return people
}

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

// splitCommas splits after each address: what comes before one without being an
// address itself is the first part of a name.
func splitCommas(entry string) (people []string) {
	pending := ""
	for _, part := range splitOutside(entry, ',') {
		if part = trim(part); part == "" {
			continue // a comma at the end
		}
		if pending != "" {
			part = pending + ", " + part
		}
		if pending = part; strings.Contains(part, "@") {
			people, pending = append(people, part), ""
		}
	}
	if pending != "" {
		people = append(people, pending)
	}
	return people
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
	text = trim(text)
	for _, q := range []string{`""`, "''", "“”", "‘’"} {
		pair := []rune(q)
		if inner, ok := strings.CutPrefix(text, string(pair[0])); ok && strings.HasSuffix(inner, string(pair[1])) {
			return unquote(strings.TrimSuffix(inner, string(pair[1])))
		}
	}
	return text
}
