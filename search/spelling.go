package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// IndexText returns the text as the full-text index stores it: folded, and followed by
// other spellings of its words.
func IndexText(text string) string {
	other := otherSpellings(text)
	if len(other) == 0 {
		return Fold(text)
	}
	return Fold(text + " " + strings.Join(other, " "))
}

// otherSpellings returns other ways to type the words of the text: without apostrophes
// and hyphens ("osullivan", "wifi"), or with two letters for an umlaut ("mueller").
func otherSpellings(text string) (list []string) {
	text = norm.NFKC.String(text)
	if !strings.ContainsFunc(text, func(r rune) bool { return isJoiner(r) || umlauts[unicode.ToLower(r)] != "" }) {
		return nil
	}
	seen := make(map[string]bool)
	add := func(word string) {
		if !seen[word] {
			seen[word] = true
			list = append(list, word)
		}
	}
	for run := range strings.FieldsFuncSeq(text, func(r rune) bool { return isSeparator(r) && !isJoiner(r) }) {
		for _, parts := range joinedParts(run) {
			whole := strings.Join(parts, "")
			if len(parts) > 1 {
				add(whole)
			}
			for _, word := range slices.Compact(append(parts, whole)) {
				if spelled := withoutUmlauts(word); spelled != word {
					add(spelled)
				}
			}
		}
	}
	return list
}

// isJoiner reports whether r is a character that people may omit between the parts of a
// word.
func isJoiner(r rune) bool {
	return strings.ContainsRune("'’‘`´′ʼʻ·״׳&/+.", r) || unicode.Is(unicode.Pd, r)
}

// joinedParts divides a run of letters, digits and joiners into words, and each word into
// the parts between its joiners.
func joinedParts(run string) (words [][]string) {
	joiner, end := rune(0), 0 // the joiner before the current part, and the end of the previous part
	for at := range partsOf(run) {
		part := run[at[0]:at[1]]
		if at[0]-end > 0 {
			var size int
			if joiner, size = utf8.DecodeRuneInString(run[end:]); size != at[0]-end {
				joiner = 0 // more than one joiner
			}
		}
		if n := len(words); n > 0 && isOneWord(last(words[n-1]), joiner, part) {
			words[n-1] = append(words[n-1], part)
		} else {
			words = append(words, []string{part})
		}
		end = at[1]
	}
	return words
}

func last(parts []string) string { return parts[len(parts)-1] }

// partsOf yields the start and the end of each part between the joiners.
func partsOf(run string) func(yield func([2]int) bool) {
	return func(yield func([2]int) bool) {
		start := -1
		for i, r := range run + "-" {
			switch {
			case !isJoiner(r) && start < 0:
				start = i
			case isJoiner(r) && start >= 0:
				if !yield([2]int{start, i}) {
					return
				}
				start = -1
			}
		}
	}
}

// isOneWord reports whether the two parts may also be written as one word. Two numbers
// may not, because "12-3" and "1-23" would both become "123".
func isOneWord(before string, joiner rune, after string) bool {
	l, _ := utf8.DecodeLastRuneInString(before)
	r, _ := utf8.DecodeRuneInString(after)
	if unicode.IsDigit(l) && unicode.IsDigit(r) {
		return false
	}
	longest := max(utf8.RuneCountInString(before), utf8.RuneCountInString(after))
	switch joiner {
	case 0:
		return false
	case '.': // between initials
		return longest == 1
	case '&', '/', '+': // "AT&T", "TCP/IP"
		return longest <= 3
	}
	return true
}

// wordSpellings returns the other spellings of a single word, or nil if the argument
// consists of several words.
func wordSpellings(word string) []string {
	word = strings.TrimFunc(word, func(r rune) bool { return !isWordRune(r) && !unicode.IsMark(r) })
	if words := joinedParts(word); len(words) != 1 || strings.ContainsFunc(word, func(r rune) bool { return isSeparator(r) && !isJoiner(r) }) {
		return nil
	}
	return otherSpellings(word)
}

var umlauts = map[rune]string{'ä': "ae", 'ö': "oe", 'ü': "ue", 'ø': "oe", 'å': "aa"}

func withoutUmlauts(word string) string {
	if !strings.ContainsFunc(word, func(r rune) bool { return umlauts[unicode.ToLower(r)] != "" }) {
		return word
	}
	var b strings.Builder
	for _, r := range word {
		if letters := umlauts[unicode.ToLower(r)]; letters != "" {
			b.WriteString(letters)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
