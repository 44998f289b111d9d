package people

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
)

// domainLabel returns the DNS form of one label of a domain. If the label is invalid, flaw
// is the position of the offending character, or -1 if no single character is to blame.
// domainLabel refuses labels that mix scripts, except Latin with East Asian scripts. It also
// refuses labels whose non-ASCII letters all look like Latin letters (Unicode Technical
// Standard 39).
func domainLabel(label string) (ascii string, flaw int, ok bool) {
	lower := strings.ToLower(label)
	if flaw = deceptiveAt(lower); flaw >= 0 {
		return "", min(flaw, len(label)-1), false
	}
	ascii = label
	if strings.IndexFunc(lower, isNonASCII) >= 0 {
		ascii = "xn--" + punycode(lower)
	}
	return ascii, -1, ascii != "" && len(ascii) <= 63 && !strings.HasPrefix(ascii, "-") && !strings.HasSuffix(ascii, "-")
}

func isNonASCII(r rune) bool { return r > unicode.MaxASCII }

// deceptiveAt returns the position of a character that is misleading or not allowed in a
// label, or -1 if there is none.
func deceptiveAt(label string) int {
	first, alike, hasLatin := "", 0, false
	nonASCII := -1 // the position of the first character outside ASCII
	for i, r := range label {
		script := scriptOf(r)
		switch {
		case r == '-' || r < utf8.RuneSelf && unicode.IsDigit(r):
			continue
		case !meeting.IsLetterOrDigit(r) && !(unicode.IsMark(r) && script == first && first != "Latin"):
			return i
		case r < utf8.RuneSelf:
			hasLatin = true
			continue
		case first != "" && script != first:
			return i
		}
		if nonASCII < 0 {
			nonASCII, first = i, script
		}
		if lookAlike(r) == "" {
			alike = -1
		} else if alike >= 0 {
			alike++
		}
	}
	if nonASCII >= 0 && (alike > 0 || hasLatin && first != "Latin" && first != eastAsian) {
		return nonASCII
	}
	return -1
}

// eastAsian represents the scripts of Chinese, Japanese and Korean. A label may mix them
// with each other and with Latin.
const eastAsian = "East Asian"

// scriptOf returns the script of r. It distinguishes only the scripts that matter for
// domains.
func scriptOf(r rune) string {
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo) || r == 'ー' {
		return eastAsian
	}
	for _, name := range []string{"Latin", "Cyrillic", "Greek", "Armenian", "Hebrew", "Arabic", "Devanagari", "Thai", "Georgian"} {
		if unicode.Is(unicode.Scripts[name], r) {
			return name
		}
	}
	return "other"
}

// alikes lists pairs of a character and the ASCII character that it looks like.
var alikes = strings.Fields(`аa еe оo рp сc уy хx ѕs іi јj һh ԁd ԛq ԝw ӏl ѵv АA ВB ЕE КK МM НH ОO РP СC ТT ХX УY ІI ЈJ ЅS ԌG
	οo αa νv ρp ιi κk υu χx γy ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX
	օo սu հh ոn ցg զq ıi ɑa ɡg ɩi ⅰi ⅴv ⅹx ⅼl ⅽc ⅾd ⅿm ᴏo ᴄc ᴠv ꓐB ꓑP –- —- −- ‒- ․. ‧. ·. ⁄/ ∕/ ‚, ˗- ＿_ ‘' ´' ′'`)

func lookAlike(r rune) string {
	i := slices.IndexFunc(alikes, func(pair string) bool { return strings.HasPrefix(pair, string(r)) })
	if i < 0 {
		return ""
	}
	return strings.TrimPrefix(alikes[i], string(r))
}
