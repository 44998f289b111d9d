package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Tokens divides folded text into lower-case tokens without diacritics. It treats
// characters as SQLite's unicode61 tokenizer does with the option "remove_diacritics 2",
// so that Query.Explain agrees with SQLite.
func Tokens(folded string) (list []string) {
	var token []byte
	end := func() {
		if len(token) > 0 {
			list = append(list, string(token))
			token = token[:0]
		}
	}
	for _, r := range folded {
		switch {
		case isTokenRune(r):
			token = utf8.AppendRune(token, withoutDiacritics(r))
		case isDiacritic(r):
		default:
			end()
		}
	}
	end()
	return list
}

func isTokenRune(r rune) bool {
	if r <= unicode.MaxASCII {
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	return unicode.Is(newer, r) || unicode.In(r, unicode.L, unicode.N, unicode.Co, unicode.Cn) && !unicode.Is(notLetters, r)
}

// isDiacritic reports whether the tokenizer skips r within a token.
func isDiacritic(r rune) bool {
	return r >= 0x300 && r <= 0x331 && unicode.Is(unicode.Mn, r) && !strings.ContainsRune("\u0305\u030d\u030e\u0310\u0312\u0313\u0314\u0315\u0316\u0317\u0318\u0319\u031a\u031c\u031d\u031e\u031f\u0320\u0321\u0322\u0329\u032a\u032b\u032c\u032f", r)
}

// withoutDiacritics returns r in lower case, reduced to the base letter if it is a Latin
// letter with diacritics.
func withoutDiacritics(r rune) rune {
	switch {
	case r <= unicode.MaxASCII:
		return unicode.ToLower(r)
	case unicode.Is(newer, r):
		return r
	case r == 'Ǡ' || r == 'ǡ': // SQLite keeps their diacritics
		return 'ǡ'
	case r == 'ς':
		return 'σ'
	}
	r = unicode.ToLower(r)
	var text [utf8.UTFMax]byte
	if parts := norm.NFD.Properties(text[:utf8.EncodeRune(text[:], r)]).Decomposition(); len(parts) > 0 && parts[0] <= unicode.MaxASCII {
		return rune(parts[0])
	}
	return r
}

// newer contains marks, punctuation and capital letters from Unicode versions after 6.1.
// SQLite's tables cover only Unicode 6.1, so SQLite treats these characters as letters
// without lower case.
var newer = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x37f, 0x37f, 1}, {0x528, 0x52e, 1}, {0x58d, 0x58e, 1}, {0x61d, 0x61d, 1}, {0x7fd, 0x7ff, 1}, {0x888, 0x8e3, 1}, {0x8ff, 0x8ff, 1}, {0x9fd, 0x9fe, 1},
		{0xa76, 0xa76, 1}, {0xafa, 0xaff, 1}, {0xb55, 0xb55, 1}, {0xc00, 0xc00, 1}, {0xc04, 0xc3c, 1}, {0xc77, 0xc77, 1}, {0xc81, 0xc81, 1}, {0xc84, 0xc84, 1},
		{0xcf3, 0xd01, 1}, {0xd3b, 0xd3c, 1}, {0xd4f, 0xd4f, 1}, {0xd81, 0xd81, 1}, {0xeba, 0xeba, 1}, {0xece, 0xece, 1}, {0x13a0, 0x13f5, 1}, {0x1715, 0x1715, 1},
		{0x180f, 0x1886, 1}, {0x1ab0, 0x1ace, 1}, {0x1b7d, 0x1b7e, 1}, {0x1c90, 0x1cbf, 1}, {0x1cf7, 0x1cf9, 1}, {0x1de7, 0x1dfb, 1}, {0x2c2f, 0x2c2f, 1}, {0x2e3c, 0x2e5d, 1},
		{0xa698, 0xa69e, 1}, {0xa796, 0xa79e, 1}, {0xa7ab, 0xa7f5, 1}, {0xa82c, 0xa82c, 1}, {0xa8c5, 0xa8c5, 1}, {0xa8fc, 0xa8ff, 1}, {0xa9e5, 0xa9e5, 1}, {0xaa7c, 0xaa7d, 1},
		{0xfe27, 0xfe2f, 1},
	},
	R32: []unicode.Range32{
		{0x102e0, 0x1037a, 1}, {0x104b0, 0x10595, 1}, {0x10ae5, 0x10af6, 1}, {0x10b99, 0x10f89, 1}, {0x11070, 0x1107f, 1}, {0x110c2, 0x110c2, 1}, {0x11145, 0x11175, 1}, {0x111c9, 0x1166c, 1},
		{0x116b9, 0x11fff, 1}, {0x12474, 0x16f4f, 1}, {0x16f7f, 0x16f87, 1}, {0x16fe2, 0x16ff1, 1}, {0x1bc9d, 0x1cf46, 1}, {0x1da00, 0x1e95f, 1},
	},
}

// notLetters contains noncharacters and letters that Unicode 6.1 classified as marks.
var notLetters = &unicode.RangeTable{
	R16: []unicode.Range16{{0x19b0, 0x19c0, 1}, {0x19c8, 0x19c9, 1}, {0x1cf2, 0x1cf3, 1}, {0xfffe, 0xffff, 1}},
}

// Words returns the words of the text in the form used by the full-text index: folded, in
// lower case and without accents.
func Words(text string) []string { return Tokens(Fold(text)) }
