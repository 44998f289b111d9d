package store

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"meetdesk/search"
)

// scrubber replaces the names, addresses and IDs of one person in text. It ignores case and
// accents.
type scrubber struct {
	subject eraseSubject
	needles []needle
	parts   []string // the words of names and of the local parts of addresses, as returned by search.Plain
	name    string   // the replacement for names and other texts
	id      string   // the replacement for addresses, IDs and escaped forms of any text
	packer  *ReplyPacker
}

type needle struct {
	plain string
	whole bool // whether to replace only whole words
	with  string
}

func (s *Store) newScrubber(subject eraseSubject, name, id string) *scrubber {
	scrub := &scrubber{subject: subject, name: name, id: id, packer: &s.packer}
	for _, text := range append(slices.Clone(subject.Names), subject.Texts...) {
		scrub.add(text, name)
	}
	for _, text := range append(slices.Clone(subject.UPNs), subject.ObjectIDs...) {
		scrub.add(text, id)
	}
	for _, text := range append(slices.Clone(subject.Names), subject.UPNs...) {
		text, _, _ = strings.Cut(text, "@")
		scrub.parts = append(scrub.parts, strings.FieldsFunc(search.Plain(text), isNoLetter)...)
	}
	return scrub
}

func isNoLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// add adds needles for the text itself and for its URL-escaped and HTML-escaped forms. For
// a name with several words, it also adds needles with the last name first.
func (s *scrubber) add(text, with string) {
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	isWord := !strings.ContainsAny(text, "@") && !slices.Contains(s.subject.ObjectIDs, text)
	s.needles = append(s.needles, needle{search.Plain(text), isWord, with})
	if words := strings.Fields(text); isWord && len(words) > 1 {
		last, rest := words[len(words)-1], strings.Join(words[:len(words)-1], " ")
		s.needles = append(s.needles, needle{search.Plain(last + ", " + rest), true, with}, needle{search.Plain(last + " " + rest), true, with})
	}
	for _, form := range []string{url.QueryEscape(text), url.PathEscape(text), html.EscapeString(text)} {
		if form != text {
			s.needles = append(s.needles, needle{search.Plain(form), false, s.id})
		}
	}
}

func (s *scrubber) text(text string) string {
	plain := search.Plain(text)
	if !s.isIn(plain) {
		return text
	}
	// source[i] is the position in text of the character that yields the byte plain[i].
	source, at := make([]int, 0, len(plain)+1), 0
	for i, r := range text {
		for range len(search.PlainRune(r)) {
			source = append(source, i)
		}
	}
	source = append(source, len(text))
	var b strings.Builder
	for i := 0; i < len(plain); {
		n := s.at(plain, i)
		if n == nil {
			i++
			continue
		}
		b.WriteString(text[at:source[i]])
		b.WriteString(n.with)
		i += len(n.plain)
		at = source[i]
	}
	b.WriteString(text[at:])
	return b.String()
}

func (s *scrubber) isIn(plain string) bool {
	return slices.ContainsFunc(s.needles, func(n needle) bool { return strings.Contains(plain, n.plain) })
}

// at returns the longest needle that occurs at position i of the plain text, or nil if no
// needle occurs there.
func (s *scrubber) at(plain string, i int) (longest *needle) {
	for k := range s.needles {
		n := &s.needles[k]
		if !strings.HasPrefix(plain[i:], n.plain) || longest != nil && len(longest.plain) >= len(n.plain) {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(plain[:i])
		after, _ := utf8.DecodeRuneInString(plain[i+len(n.plain):])
		if n.whole && (i > 0 && !isNoLetter(before) || i+len(n.plain) < len(plain) && !isNoLetter(after)) {
			continue
		}
		longest = n
	}
	return longest
}

// searched replaces all mentions of the person in a search query. It also replaces words of
// three or more characters that are a prefix of a word in the person's name or in the local
// part of their address, because users often enter only a prefix.
func (s *scrubber) searched(text, with string) string {
	text = s.text(text)
	return anyWord.ReplaceAllStringFunc(text, func(word string) string {
		plain := search.Plain(word)
		if utf8.RuneCountInString(plain) >= 3 && slices.ContainsFunc(s.parts, func(part string) bool { return strings.HasPrefix(part, plain) }) {
			return with
		}
		return word
	})
}

var anyWord = regexp.MustCompile(`[\pL\pN\pM]+`)

// document replaces all mentions of the person in a JSON document and leaves the rest
// unchanged. An object with the person's ID or address may also contain a former name, so the
// names in the object are replaced throughout the document. Invalid JSON is treated as
// plain text.
func (s *scrubber) document(doc string) string {
	if !s.mayBeIn(doc) {
		return doc
	}
	var parsed any
	if json.Unmarshal([]byte(doc), &parsed) != nil {
		return s.text(doc)
	}
	with := *s
	if names := s.namesIn(parsed, false); len(names) > 0 {
		with.needles = slices.Clone(s.needles)
		for _, name := range names {
			with.add(name, s.name)
		}
	}
	return jsonString.ReplaceAllStringFunc(doc, func(literal string) string {
		var text string
		if json.Unmarshal([]byte(literal), &text) != nil {
			return literal
		}
		clean := with.text(text)
		if clean == text && with.hidesID(text) {
			clean = "erased"
		}
		if clean == text {
			return literal
		}
		encoded, err := json.Marshal(clean)
		if err != nil {
			return `""`
		}
		return string(encoded)
	})
}

// mayBeIn reports whether a JSON document may mention the person. Almost no documents do, and
// searching a document as a whole is ten times as fast as searching each of its strings.
func (s *scrubber) mayBeIn(doc string) bool {
	if strings.Contains(doc, `\`) { // may be part of an escaped name or ID
		return true
	}
	if s.isIn(search.Plain(doc)) {
		return true
	}
	for part := range strings.SplitSeq(doc, `"`) {
		if s.hidesID(part) {
			return true
		}
	}
	return false
}

var jsonString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// namesIn returns the names from all JSON objects that describe the person.
func (s *scrubber) namesIn(value any, isTheirs bool) (names []string) {
	switch value := value.(type) {
	case map[string]any:
		for _, v := range value {
			if text, ok := v.(string); ok && s.identifies(text) {
				isTheirs = true
			}
		}
		for key, v := range value {
			text, ok := v.(string)
			if ok && isTheirs && (strings.EqualFold(key, "displayName") || strings.EqualFold(key, "name")) && text != "" {
				names = append(names, text)
			}
			names = append(names, s.namesIn(v, isTheirs)...)
		}
	case []any:
		for _, v := range value {
			names = append(names, s.namesIn(v, false)...)
		}
	}
	return names
}

func (s *scrubber) identifies(text string) bool {
	is := func(of string) bool { return of != "" && strings.EqualFold(of, text) }
	return slices.ContainsFunc(s.subject.UPNs, is) || slices.ContainsFunc(s.subject.ObjectIDs, is)
}

// hidesID reports whether the text is base64 that decodes to text with the person's ID.
// Graph's meeting IDs contain the organizer's ID in this form.
func (s *scrubber) hidesID(text string) bool {
	fits := func(id string) bool { return len(text) >= base64.RawStdEncoding.EncodedLen(len(id)) }
	if !slices.ContainsFunc(s.subject.ObjectIDs, fits) {
		return false
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		decoded, err := encoding.DecodeString(text)
		if err == nil && len(decoded) > 0 {
			plain := string(decoded)
			return slices.ContainsFunc(s.subject.ObjectIDs, func(id string) bool {
				return id != "" && strings.Contains(strings.ToLower(plain), strings.ToLower(id))
			})
		}
	}
	return false
}
