package msgraph

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"meetdesk/emulator/tenant"
)

// Patterns for the parts of $search and $filter. Quotes inside a value are escaped.
var (
	searchClause = regexp.MustCompile(`^"([A-Za-z]+):((?:[^"\\]|\\.)*)"`)
	searchEscape = regexp.MustCompile(`\\(.)`)
	searchJoin   = regexp.MustCompile(`^\s+(OR|AND)\s+`)
	filterClause = regexp.MustCompile(`(?i)^(?:startswith\(\s*([a-z]+)\s*,\s*'((?:[^']|'')*)'\s*\)|([a-z]+)\s+eq\s+'((?:[^']|'')*)')`)
	filterJoin   = regexp.MustCompile(`(?i)^\s+(or|and)\s+`)
)

// userProperty returns the value of the named property in p. It returns false if the
// property cannot be searched.
func userProperty(p tenant.Person, name string) (string, bool) {
	given, family, _ := strings.Cut(p.Name, " ")
	value, ok := map[string]string{
		"id": p.ObjectID, "displayname": p.Name, "mail": p.Mail, "userprincipalname": p.UPN,
		"givenname": given, "surname": family,
	}[strings.ToLower(name)]
	return value, ok
}

// parseUserSearch parses clauses such as "displayName:priya", joined by OR and AND. A
// clause matches if each of its words is a prefix of a word in the property, ignoring case
// and accents.
func parseUserSearch(search string) (func(tenant.Person) bool, error) {
	return parseClauses(strings.TrimSpace(search), searchClause, searchJoin, func(m []string) (func(tenant.Person) bool, bool) {
		value := searchEscape.ReplaceAllString(m[2], "$1")
		_, known := userProperty(tenant.Person{}, m[1])
		return func(p tenant.Person) bool { return matchesPrefixes(p, m[1], value) }, known && len(searchWords(value)) > 0
	})
}

func matchesPrefixes(p tenant.Person, property, value string) bool {
	text, _ := userProperty(p, property)
	present := searchWords(text)
	for _, word := range searchWords(value) {
		if !slices.ContainsFunc(present, func(s string) bool { return strings.HasPrefix(s, word) }) {
			return false
		}
	}
	return true
}

// parseUserFilter parses conditions joined by "or" and "and". Each has the form
// startswith(property,'x') or property eq 'x'.
func parseUserFilter(filter string) (func(tenant.Person) bool, error) {
	return parseClauses(strings.TrimSpace(filter), filterClause, filterJoin, func(m []string) (func(tenant.Person) bool, bool) {
		name, value, compare := m[1], m[2], strings.HasPrefix
		if name == "" {
			name, value, compare = m[3], m[4], func(s, whole string) bool { return s == whole }
		}
		value = strings.ToLower(strings.ReplaceAll(value, "''", "'"))
		_, known := userProperty(tenant.Person{}, name)
		return func(p tenant.Person) bool { s, _ := userProperty(p, name); return compare(strings.ToLower(s), value) }, known
	})
}

// parseClauses parses clauses that are joined by AND and OR. AND binds more tightly than
// OR.
func parseClauses(text string, clause, join *regexp.Regexp, parse func([]string) (func(tenant.Person) bool, bool)) (func(tenant.Person) bool, error) {
	alternatives := [][]func(tenant.Person) bool{nil}
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
	return func(p tenant.Person) bool {
		return slices.ContainsFunc(alternatives, func(all []func(tenant.Person) bool) bool {
			return !slices.ContainsFunc(all, func(match func(tenant.Person) bool) bool { return !match(p) })
		})
	}, nil
}

// searchWords returns the words of s in lower case and without accents.
func searchWords(s string) []string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
	return strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
