package people

import (
	"bytes"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
)

// entry is the result of reading text that should name one person or consist of several
// addresses. An address may be in quotes or brackets of any kind and may be repeated, as in
// "Name <a@b<mailto:a@b>>". The name comes before the address, or after it in brackets or
// in another spreadsheet cell.
type entry struct {
	addresses []string // without immediate repetitions
	rest      []byte   // the text without addresses and without brackets that contained only addresses
	first     int      // the position of the first address in rest
	last      int      // the position of the last address in rest
	inAngles  bool     // whether the last address is in "<>"
	inBracket bool     // whether the last address is in brackets of any kind
	angles    int      // the number of addresses in "<>"
	isBroken  bool     // whether a bracket is missing or may be part of the address
	flaw      *Flaw
	isFlawed  bool // whether a word looks like an address but is invalid
}

// bracket is an opening bracket or quote that has not been closed yet.
type bracket struct {
	closer rune
	at     int  // the position of the bracket in rest
	holds  bool // whether the bracket contains an address
}

func readEntry(text string) entry {
	e := entry{first: -1}
	var waiting []bracket
	lastQuote, lastCurly := strings.LastIndexByte(text, '"'), strings.LastIndex(text, "”")
	for i := 0; i < len(text); {
		if n := tokenLen(text[i:]); n > 0 {
			if e.addWord(text[i:i+n]) && len(waiting) > 0 {
				waiting[len(waiting)-1].holds = true
			}
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		n := len(waiting)
		switch {
		case n > 0 && r == waiting[n-1].closer:
			holds := waiting[n-1].holds
			e.close(waiting[n-1], text[i:i+size])
			if waiting = waiting[:n-1]; n > 1 {
				waiting[n-2].holds = waiting[n-2].holds || holds
			}
		case n > 0 && waiting[n-1].closer == '"':
			e.rest = append(e.rest, text[i:i+size]...)
		case closerOf(r) != 0 && !(r == '"' && i >= lastQuote) && !(r == '“' && i >= lastCurly):
			waiting = append(waiting, bracket{closer: closerOf(r), at: len(e.rest)})
			e.rest = append(e.rest, text[i:i+size]...)
		default:
			e.isBroken = e.isBroken || r == '>'
			e.rest = append(e.rest, text[i:i+size]...)
		}
		i += size
	}
	for _, w := range waiting {
		isBehind := w.at >= e.last && len(e.addresses) > 0
		e.isBroken = e.isBroken || w.closer == '>' || isBehind || w.holds && !e.inAngles
	}
	return e
}

// tokenLen returns the length of the word at the start of the text, including a quoted
// part before an "@". The length is 0 if the text starts with a space, bracket, quote,
// comma or semicolon.
func tokenLen(text string) int {
	quoted := 0
	if strings.HasPrefix(text, `"`) {
		if n := strings.IndexByte(text[1:], '"'); n >= 0 && strings.HasPrefix(text[n+2:], "@") {
			quoted = n + 2
		}
	}
	n := strings.IndexFunc(text[quoted:], func(r rune) bool {
		return unicode.IsSpace(r) || closerOf(r) != 0 || strings.ContainsRune(`,;)>]”`, r)
	})
	if n < 0 {
		n = len(text) - quoted
	}
	return quoted + n
}

// addWord adds a word to the entry and reports whether it is an address.
func (e *entry) addWord(word string) bool {
	local, domain, found := strings.Cut(word, "@")
	isLink := len(word) > len("mailto:") && strings.EqualFold(word[:len("mailto:")], "mailto:")
	if !(found && local != "" && domain != "") && !isLink {
		e.rest = append(e.rest, word...)
		return false
	}
	address, flaw, ok := ReadAddress(word)
	if !ok {
		if !e.isFlawed {
			e.flaw, e.isFlawed = flaw, true
		}
		e.rest = append(e.rest, word...)
		return false
	}
	if e.first < 0 {
		e.first = len(e.rest)
	}
	e.last, e.inAngles, e.inBracket = len(e.rest), false, false
	if n := len(e.addresses); n == 0 || !strings.EqualFold(e.addresses[n-1], address) {
		e.addresses = append(e.addresses, address)
	}
	return true
}

// close closes the given bracket. If the bracket contains only addresses, close removes it
// from e.rest.
func (e *entry) close(b bracket, closer string) {
	if _, size := utf8.DecodeRune(e.rest[b.at:]); !b.holds || len(bytes.TrimSpace(e.rest[b.at+size:])) > 0 {
		e.rest = append(e.rest, closer...)
		return
	}
	e.rest = e.rest[:b.at]
	e.first, e.last = min(e.first, b.at), b.at
	e.inBracket = e.inBracket || strings.ContainsRune(")]>", b.closer)
	if b.closer == '>' {
		e.inAngles = true
		e.angles++
	}
}

// person returns the person that the entry names. ok is false unless the entry names
// exactly one. isLoose means that neither brackets nor spreadsheet cells separate the name
// from the address. In a search, the words before the address might then not be a name.
func (e entry) person() (a meeting.Attendee, isLoose, ok bool) {
	switch {
	case e.isBroken || e.isFlawed || len(e.addresses) == 0:
		return a, false, false
	case e.isNamedByAddress():
		return meeting.Attendee{UPN: e.addresses[1], Name: e.addresses[0]}, false, true
	case len(e.addresses) > 1:
		return a, false, false
	}
	before, after := string(e.rest[:e.first]), string(e.rest[e.last:])
	inner := ""
	if e.last > e.first {
		inner = meeting.Trim(string(e.rest[e.first:e.last]))
	}
	a.UPN = e.addresses[0]
	rest, role := cutTags(after)
	if a.Role = role; !strings.ContainsFunc(rest, meeting.IsLetterOrDigit) {
		rest = "" // ignore a rest without letters or digits, such as a full stop
	}
	before, hadCell := cells(before, &a)
	if !e.inAngles {
		before = strings.TrimRight(before, " -–—|:\u00a0")
	}
	switch {
	case inner != "" || strings.HasSuffix(before, ",") && !e.inAngles:
		return a, false, false // there are two names, or two people, one of whom has no address
	case rest == "":
		a.Name = before
	case before == "" && (strings.HasPrefix(after, "\t") && !strings.Contains(rest, "\t") || strings.HasPrefix(rest, "(") && strings.HasSuffix(rest, ")")):
		a.Name = rest
	default:
		return a, false, false
	}
	a.Name = cleanName(a.Name)
	if name, role := cutTags(a.Name); strings.HasSuffix(a.Name, ")") && role != "" && a.Role == "" { // as in "Ana (presenter) <mail>"
		a.Name, a.Role = name, role
	}
	if role, isTag := tags[strings.ToLower(a.Name)]; isTag { // as in "mail (presenter)"
		a.Name, a.Role = "", role
	}
	return a, a.Name != "" && rest == "" && !e.inBracket && !hadCell, len(a.Name) <= 256 && !strings.ContainsAny(a.Name, "<>")
}

// unknownRole returns the word after the entry's only address if that word is not a known
// role, and "" otherwise.
func (e entry) unknownRole() string {
	if e.isBroken || e.isFlawed || len(e.addresses) != 1 {
		return ""
	}
	rest, _ := cutTags(string(e.rest[e.last:]))
	rest = strings.Trim(rest, " \t,;.:()[]-–—")
	if strings.ContainsFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
		return ""
	}
	return rest
}

// isNamedByAddress reports whether the name is itself an address, as in
// "ana@old.example <ana@new.example>".
func (e entry) isNamedByAddress() bool {
	return len(e.addresses) == 2 && e.inAngles && e.angles == 1 && len(bytes.TrimSpace(e.rest)) == 0
}

// isAddresses reports whether the entry consists of several addresses and nothing else,
// such as cells copied from a spreadsheet.
func (e entry) isAddresses() bool {
	return len(e.addresses) > 1 && !e.isBroken && !e.isFlawed && len(bytes.TrimSpace(e.rest)) == 0
}

// cells joins the spreadsheet cells before an address into one name and reports whether
// there are any cells. A cell that is a tag sets the role instead.
func cells(before string, a *meeting.Attendee) (name string, isCell bool) {
	if !strings.Contains(before, "\t") {
		return meeting.Trim(before), false
	}
	var names []string
	for cell := range strings.SplitSeq(before, "\t") {
		cell = unquote(cell)
		if role, isTag := tags[strings.ToLower(cell)]; isTag {
			a.Role = role
		} else if cell != "" {
			names = append(names, cell)
		}
	}
	return strings.Join(names, " "), true
}

// cleanName returns a name as one line. It decodes encoded words from mail headers,
// replaces control characters with spaces, and removes quotes and brackets around the name.
func cleanName(name string) string {
	if strings.Contains(name, "=?") {
		if plain, err := new(mime.WordDecoder).DecodeHeader(name); err == nil {
			name = plain
		}
	}
	name = unquote(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || meeting.IsControl(r) }), " "))
	for _, pair := range []string{"()", "[]"} {
		inner, ok := strings.CutPrefix(name, pair[:1])
		if ok && strings.HasSuffix(inner, pair[1:]) && strings.Count(inner, pair[1:]) == 1 {
			name = unquote(strings.TrimSuffix(inner, pair[1:]))
		}
	}
	return strings.ToValidUTF8(name, "")
}
