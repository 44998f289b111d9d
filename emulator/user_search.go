package emulator

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What $search and $filter are made of. A value holds no quote that is not
// escaped, so the parts can be told from what joins them.
var (
	searchClause = regexp.MustCompile(`^"([A-Za-z]+):((?:[^"\\]|\\.)*)"`)
	searchEscape = regexp.MustCompile(`\\(.)`)
	searchJoin   = regexp.MustCompile(`^\s+(OR|AND)\s+`)
	filterClause = regexp.MustCompile(`(?i)^(?:startswith\(\s*([a-z]+)\s*,\s*'((?:[^']|'')*)'\s*\)|([a-z]+)\s+eq\s+'((?:[^']|'')*)')`)
	filterJoin   = regexp.MustCompile(`(?i)^\s+(or|and)\s+`)
)

// property returns what a query calls by that name, or false.
func (p Person) property(name string) (string, bool) {
	given, family, _ := strings.Cut(p.Name, " ")
	value, ok := map[string]string{
		"id": p.ObjectID, "displayname": p.Name, "mail": p.Mail, "userprincipalname": p.UPN,
		"givenname": given, "surname": family,
	}[strings.ToLower(name)]
	return value, ok
}

// parseUserSearch reads clauses such as "displayName:priya", with OR and AND
// between them. A clause is met when each of its words begins a word of the
// property, without regard to case and accents.
func parseUserSearch(search string) (func(Person) bool, error) {
	return joined(strings.TrimSpace(search), searchClause, searchJoin, func(m []string) (func(Person) bool, bool) {
		value := searchEscape.ReplaceAllString(m[2], "$1")
		_, known := Person{}.property(m[1])
		return func(p Person) bool { return beginsWords(p, m[1], value) }, known && len(words(value)) > 0
	})
}

func beginsWords(p Person, property, value string) bool {
	text, _ := p.property(property)
	has := words(text)
	for _, word := range words(value) {
		if !slices.ContainsFunc(has, func(s string) bool { return strings.HasPrefix(s, word) }) {
			return false
		}
	}
	return true
}

// parseUserFilter reads startswith(property,'x') and property eq 'x', with or
// and and between them.
func parseUserFilter(filter string) (func(Person) bool, error) {
	return joined(strings.TrimSpace(filter), filterClause, filterJoin, func(m []string) (func(Person) bool, bool) {
		name, value, compare := m[1], m[2], strings.HasPrefix
		if name == "" {
			name, value, compare = m[3], m[4], func(s, whole string) bool { return s == whole }
		}
		value = strings.ToLower(strings.ReplaceAll(value, "''", "'"))
		_, known := Person{}.property(name)
		return func(p Person) bool { s, _ := p.property(name); return compare(strings.ToLower(s), value) }, known
	})
}

// joined reads clauses and what joins them. AND binds closer than OR.
func joined(text string, clause, join *regexp.Regexp, parse func([]string) (func(Person) bool, bool)) (func(Person) bool, error) {
	alternatives := [][]func(Person) bool{nil}
	for {
		m := clause.FindStringSubmatch(text)
		if m == nil {
			return nil, unsupportedQuery("not understood from here on: " + text)
		}
		match, ok := parse(m)
		if !ok {
			return nil, unsupportedQuery("not a property that can be searched: " + m[0])
		}
		last := len(alternatives) - 1
		alternatives[last] = append(alternatives[last], match)
		if text = text[len(m[0]):]; text == "" {
			break
		}
		between := join.FindStringSubmatch(text)
		if between == nil {
			return nil, unsupportedQuery("not understood from here on: " + text)
		}
		text = text[len(between[0]):]
		if strings.EqualFold(between[1], "or") {
			alternatives = append(alternatives, nil)
		}
	}
	return func(p Person) bool {
		return slices.ContainsFunc(alternatives, func(all []func(Person) bool) bool {
			return !slices.ContainsFunc(all, func(match func(Person) bool) bool { return !match(p) })
		})
	}, nil
}

// words returns the words of s without case and accents.
func words(s string) []string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
	return strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
