package people

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
)

// domainLabel returns one part of a domain as DNS has it, or the position of the
// character that it cannot have, -1 for another reason. Letters of two scripts in
// one part, and parts whose only foreign letters look like Latin ones, are refused:
// people read another name in them (Unicode Technical Standard 39).
func domainLabel(label string) (ascii string, flaw int, ok bool) {
	lower := strings.ToLower(label)
	if flaw = foreignAt(lower); flaw >= 0 {
		return "", min(flaw, len(label)-1), false
	}
	ascii = label
	if strings.IndexFunc(lower, isForeign) >= 0 {
		ascii = "xn--" + punycode(lower)
	}
	return ascii, -1, ascii != "" && len(ascii) <= 63 && !strings.HasPrefix(ascii, "-") && !strings.HasSuffix(ascii, "-")
}

func isForeign(r rune) bool { return r > unicode.MaxASCII }

// foreignAt returns the position of the first character that makes the label
// unreadable, or -1.
func foreignAt(label string) int {
	first, alike, hasLatin := "", 0, false
	foreign := -1
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
		if foreign < 0 {
			foreign, first = i, script
		}
		if lookAlike(r) == "" {
			alike = -1
		} else if alike >= 0 {
			alike++
		}
	}
	if foreign >= 0 && (alike > 0 || hasLatin && first != "Latin" && first != eastAsian) {
		return foreign
	}
	return -1
}

// eastAsian are the scripts that Chinese, Japanese and Korean mix, with Latin too.
const eastAsian = "East Asian"

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

// alikes are pairs of a character and the one of an address that it looks like.
var alikes = strings.Fields(`аa еe оo рp сc уy хx ѕs іi јj һh ԁd ԛq ԝw ӏl ѵv АA ВB ЕE КK МM НH ОO РP СC ТT ХX УY ІI ЈJ ЅS ԌG
	οo αa νv ρp ιi κk υu χx γy ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX
	օo սu հh ոn ցg զq ıi ɑa ɡg ɩi ⅰi ⅴv ⅹx ⅼl ⅽc ⅾd ⅿm ᴏo ᴄc ᴠv ꓐB ꓑP –- —- −- ‒- ․. ‧. ·. ⁄/ ∕/ ‚, ˗- ＿_ ‘' ´' ′'`)

// lookAlike returns the character of an address that r looks like, or "".
func lookAlike(r rune) string {
	i := slices.IndexFunc(alikes, func(pair string) bool { return strings.HasPrefix(pair, string(r)) })
	if i < 0 {
		return ""
	}
	return strings.TrimPrefix(alikes[i], string(r))
}
