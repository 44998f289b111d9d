package store

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// IndexFold returns the text as the full-text index holds it: folded, followed by the
// other spellings of its words.
func IndexFold(text string) string {
	other := OtherSpellings(text)
	if len(other) == 0 {
		return SearchFold(text)
	}
	return SearchFold(text + " " + strings.Join(other, " "))
}

// OtherSpellings returns how else people type words of the text: without the
// apostrophes, hyphens and other marks in them ("osullivan", "wifi", "att", "usa"), and
// with a second letter for an umlaut ("mueller").
func OtherSpellings(text string) (list []string) {
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

// isJoiner reports whether people leave r out between the parts of a word.
func isJoiner(r rune) bool {
	return strings.ContainsRune("'’‘`´′ʼʻ·״׳&/+.", r) || unicode.Is(unicode.Pd, r)
}

// joinedParts divides letters, digits and joiners into words, and each word into its
// parts.
func joinedParts(run string) (words [][]string) {
	before, end := rune(0), 0 // the joiner before a part, and where the part before that ends
	for at := range partsOf(run) {
		part := run[at[0]:at[1]]
		if at[0]-end > 0 {
			var size int
			if before, size = utf8.DecodeRuneInString(run[end:]); size != at[0]-end {
				before = 0 // several
			}
		}
		if n := len(words); n > 0 && joins(last(words[n-1]), before, part) {
			words[n-1] = append(words[n-1], part)
		} else {
			words = append(words, []string{part})
		}
		end = at[1]
	}
	return words
}

func last(parts []string) string { return parts[len(parts)-1] }

// partsOf goes through the places of what is no joiner.
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

// joins reports whether people type the two parts as one word where the joiner stands
// between them. Two numbers stay two: "12-3" is not "1-23".
func joins(before string, joiner rune, after string) bool {
	l, _ := utf8.DecodeLastRuneInString(before)
	r, _ := utf8.DecodeRuneInString(after)
	if unicode.IsDigit(l) && unicode.IsDigit(r) {
		return false
	}
	longest := max(utf8.RuneCountInString(before), utf8.RuneCountInString(after))
	switch joiner {
	case 0:
		return false
	case '.': // of initials
		return longest == 1
	case '&', '/', '+': // "AT&T", "TCP/IP"
		return longest <= 3
	}
	return true
}

// umlauts are typed with a second letter where there is no key for them.
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
