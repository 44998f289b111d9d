package people

import (
	"bytes"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
)

// entry is the text that names one person, or several by addresses alone. The
// address may be anywhere in it, in quotes or brackets of any kind, and more than
// once, as mail programs write it: "Name <a@b<mailto:a@b>>". What is left is a name
// before it, or in brackets or another cell after it, and tags.
type entry struct {
	addresses []string // different ones
	rest      []byte   // the text without addresses and the brackets that held nothing else
	first     int      // where the first address was in rest
	last      int      // where the last was
	isSet     bool     // the last is in "<>"
	isHeld    bool     // the last is in brackets of any kind
	sets      int      // how many are
	isBroken  bool     // a bracket is missing: some of the address may be too
	flaw      Flaw
	isFlawed  bool // what has an "@" is no address
}

// open is a bracket that waits for its closer.
type open struct {
	closer rune
	at     int  // in rest
	holds  bool // an address was found in it
}

// readEntry finds the addresses in the text.
func readEntry(text string) entry {
	e := entry{first: -1}
	var waiting []open
	lastQuote, lastCurly := strings.LastIndexByte(text, '"'), strings.LastIndex(text, "”")
	for i := 0; i < len(text); {
		if n := tokenLen(text[i:]); n > 0 {
			if e.take(text[i:i+n]) && len(waiting) > 0 {
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
			waiting = append(waiting, open{closer: closerOf(r), at: len(e.rest)})
			e.rest = append(e.rest, text[i:i+size]...)
		default:
			e.isBroken = e.isBroken || r == '>'
			e.rest = append(e.rest, text[i:i+size]...)
		}
		i += size
	}
	for _, w := range waiting {
		isBehind := w.at >= e.last && len(e.addresses) > 0
		e.isBroken = e.isBroken || w.closer == '>' || isBehind || w.holds && !e.isSet
	}
	return e
}

// tokenLen returns the length of the word at the beginning of the text, 0 for a
// blank or a bracket. A quoted part before an "@" belongs to it.
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

// take keeps a word that is an address, and reports whether it is one.
func (e *entry) take(word string) bool {
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
	e.last, e.isSet, e.isHeld = len(e.rest), false, false
	if n := len(e.addresses); n == 0 || !strings.EqualFold(e.addresses[n-1], address) {
		e.addresses = append(e.addresses, address)
	}
	return true
}

// close ends a bracket. One that held nothing but addresses goes with them.
func (e *entry) close(o open, closer string) {
	if _, size := utf8.DecodeRune(e.rest[o.at:]); !o.holds || len(bytes.TrimSpace(e.rest[o.at+size:])) > 0 {
		e.rest = append(e.rest, closer...)
		return
	}
	e.rest = e.rest[:o.at]
	e.first, e.last = min(e.first, o.at), o.at
	e.isHeld = e.isHeld || strings.ContainsRune(")]>", o.closer)
	if o.closer == '>' {
		e.isSet = true
		e.sets++
	}
}

// person returns the one person that the entry names. A name without brackets or a
// cell of its own directly before the address is loose: in a search it may be other
// words.
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
		rest = "" // the end of a sentence
	}
	before, hadCell := cells(before, &a)
	if !e.isSet {
		before = strings.TrimRight(before, " -–—|:\u00a0")
	}
	switch {
	case inner != "" || strings.HasSuffix(before, ",") && !e.isSet:
		return a, false, false // two names, or two people of whom one has no address
	case rest == "":
		a.Name = before
	case before == "" && (strings.HasPrefix(after, "\t") && !strings.Contains(rest, "\t") || strings.HasPrefix(rest, "(") && strings.HasSuffix(rest, ")")):
		a.Name = rest
	default:
		return a, false, false
	}
	a.Name = cleanName(a.Name)
	if role, isTag := tags[strings.ToLower(a.Name)]; isTag { // "mail (presenter)"
		a.Name, a.Role = "", role
	}
	return a, a.Name != "" && rest == "" && !e.isHeld && !hadCell, len(a.Name) <= 256 && !strings.ContainsAny(a.Name, "<>")
}

// isNamedByAddress reports whether the name is an address too, another one:
// "ana@old.example <ana@new.example>".
func (e entry) isNamedByAddress() bool {
	return len(e.addresses) == 2 && e.isSet && e.sets == 1 && len(bytes.TrimSpace(e.rest)) == 0
}

// isAddresses reports whether the entry is several addresses and nothing else, as
// cells of a spreadsheet are.
func (e entry) isAddresses() bool {
	return len(e.addresses) > 1 && !e.isBroken && !e.isFlawed && len(bytes.TrimSpace(e.rest)) == 0
}

// cells returns the cells of a spreadsheet before an address as one name, and
// whether there are any. One that is a tag sets the role.
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

// cleanName returns a name as one line without quotes, brackets around all of it,
// what turns the direction of text, and the encoding of a mail's source.
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
