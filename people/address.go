package people

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
)

// Flaw is the character that makes text invalid as an address. A nil *Flaw means that no
// single character is to blame.
type Flaw struct {
	Char  rune
	After string // the text before Char
	Like  string // the ASCII character that Char looks like, or ""
}

// Reason returns the reason why an address with this character cannot be used.
func (f Flaw) Reason() meeting.Reason {
	switch {
	case meeting.IsInvisible(f.Char) || meeting.IsControl(f.Char):
		return meeting.ReasonAttendeesInvisible
	case f.Like != "":
		return meeting.ReasonAttendeesAlike
	}
	return meeting.ReasonAttendeesCharacter
}

// Code returns the code point of the character, such as "U+200B".
func (f Flaw) Code() string { return fmt.Sprintf("%U", f.Char) }

// Before returns the text just before Char, up to 20 characters.
func (f Flaw) Before() string {
	runes := []rune(f.After)
	return string(runes[max(0, len(runes)-shownBefore):])
}

const shownBefore = 20 // characters

// The maximum length of an address and of the part before its "@", in bytes (RFC 3696,
// section 3).
const (
	maxAddress = 320
	maxLocal   = 64
)

// ReadAddress returns the email address or UPN in the text. It removes quotes, schemes such
// as "mailto:", trailing punctuation and invisible characters. It replaces full-width and
// typographic characters with ASCII. It converts a domain with non-ASCII letters to its DNS
// form ("xn--…"). If a single character makes the text invalid, flaw describes it.
//
// The part before the "@" must be ASCII, because the properties userPrincipalName and mail
// contain only ASCII (Graph: resource user; Entra: username policies). Graph would store an
// address with other characters, although it could not belong to any account.
func ReadAddress(text string) (address string, flaw *Flaw, ok bool) {
	if len(text) > 4*maxAddress {
		return "", nil, false
	}
	plain, flaw, ok := visible(unscheme(unquote(text)))
	if !ok {
		return "", flaw, false
	}
	local, domain, found := strings.Cut(plain, "@")
	domain = strings.TrimRight(domain, ".!?:'")
	if inner, quoted := strings.CutPrefix(local, `"`); quoted {
		local = strings.ReplaceAll(strings.TrimSuffix(inner, `"`), `\`, "") // "ana.silva"@b.example is valid without quotes
	}
	if !found || local == "" || domain == "" || len(local) > maxLocal || strings.Contains(domain, "@") {
		return "", nil, false
	}
	if i := strings.IndexFunc(local, notInLocal); i >= 0 {
		return "", flawAt(local, i), false
	}
	if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return "", nil, false
	}
	var labels []string
	at := strings.IndexByte(plain, '@') + 1
	for label := range strings.SplitSeq(domain, ".") {
		ascii, flaw, ok := domainLabel(label)
		if !ok && flaw >= 0 {
			return "", flawAt(plain, at+flaw), false
		}
		if !ok {
			return "", nil, false
		}
		labels = append(labels, ascii)
		at += len(label) + len(".")
	}
	address = local + "@" + strings.Join(labels, ".")
	return address, nil, len(address) <= maxAddress
}

func flawAt(text string, at int) *Flaw {
	r, _ := utf8.DecodeRuneInString(text[at:])
	return &Flaw{Char: r, After: text[:at], Like: lookAlike(r)}
}

// notInLocal reports whether r is not allowed before the "@" (RFC 5322, atext). Unlike
// the RFC, it refuses "/", which occurs in links, and "|", which marks quoted mail.
func notInLocal(r rune) bool {
	return r > unicode.MaxASCII || !meeting.IsLetterOrDigit(r) && !strings.ContainsRune(".!#$%&'*+-=?^_`{}~", r)
}

// visible removes invisible characters from the text and replaces full-width and typographic
// characters with ASCII. A control character is a flaw. So is a bidirectional control such as
// U+202E, because it reorders the displayed characters.
func visible(text string) (string, *Flaw, bool) {
	var b strings.Builder
	for _, r := range text {
		switch plain := plainForm(r); {
		case meeting.IsControl(r):
			return "", &Flaw{Char: r, After: b.String()}, false
		case meeting.IsInvisible(r) || isFiller(r):
		default:
			b.WriteRune(plain)
		}
	}
	return b.String(), nil, true
}

// plainForm returns the ASCII character for a full-width or typographic one, and any
// other character unchanged.
func plainForm(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '。' || r == '｡':
		return '.'
	case r == '﹫':
		return '@'
	case r == '’' || r == 'ʼ':
		return '\''
	case r == '\u2010' || r == '\u2011': // hyphens
		return '-'
	}
	return r
}

// isFiller reports whether r is invisible although Unicode classifies it as a letter, a
// mark or a symbol.
func isFiller(r rune) bool {
	return strings.ContainsRune("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0", r)
}

// unscheme returns the address in a link such as "mailto:ana@b.example?subject=…". It
// returns any other text unchanged.
func unscheme(text string) string {
	at := strings.IndexByte(text, '@')
	colon := strings.LastIndexByte(text[:max(at, 0)], ':')
	if at < 0 {
		colon = strings.IndexByte(text, ':') // as in "mailto:ana%40b.example"
	}
	if colon < 0 || strings.ContainsFunc(text[:colon], func(r rune) bool { return !meeting.IsLetterOrDigit(r) }) {
		return text
	}
	scheme, address := strings.ToLower(text[:colon]), text[colon+1:]
	if strings.HasPrefix(address, "//") { // the text is a link to a page
		return text
	}
	address, _, _ = strings.Cut(address, "?")
	if plain, err := url.PathUnescape(address); err == nil && scheme == "mailto" {
		return plain
	}
	return address
}
