package meeting

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// TicketRule describes an organization's ticket numbers and the URL of a ticket. The zero
// value accepts any number and links to no tickets.
type TicketRule struct {
	Pattern *regexp.Regexp // nil accepts any number; a pattern without anchors may match anywhere in the number
	Hint    string         // describes a ticket number in the organization's words; may be empty
	URL     string         // the URL of a ticket, containing TicketPlace; may be empty
}

// TicketPlace is the placeholder for the ticket number in the URL of a TicketRule and in
// the subject of a Preset.
const TicketPlace = "{ticket}"

// Normal returns a spelling of the external ID that matches the pattern, or false if none
// does. It tries the input unchanged, in upper case, without separators, and with
// hyphens instead of spaces. If "67001" is a ticket, "67001-2" does not become "670012".
// A suffix such as "~2" is preserved, even if the pattern does not allow it.
func (t TicketRule) Normal(externalID string) (string, bool) {
	if t.Pattern == nil {
		return externalID, true
	}
	typed, _ := splitSuffix(Trim(externalID))
	if asTyped := Trim(typed); asTyped != "" && t.Pattern.MatchString(asTyped) {
		return asTyped + Trim(externalID)[len(typed):], true
	}
	base, n := splitTicket(externalID)
	suffix := ""
	if n > 1 {
		suffix = "~" + strconv.Itoa(n)
	}
	joined := joinTicket(base)
	if t.beginsWithTicket(base) {
		joined = ""
	}
	hyphened := strings.Join(strings.Fields(strings.TrimLeft(base, "#")), "-")
	for _, spelling := range []string{base, strings.ToUpper(base), joined, strings.ToUpper(joined), hyphened, strings.ToUpper(hyphened)} {
		if spelling != "" && t.Pattern.MatchString(spelling) {
			return spelling + suffix, true
		}
	}
	return externalID, false
}

func joinTicket(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '#' || IsTicketSeparator(r) || IsInvisible(r) {
			return -1
		}
		return r
	}, text)
}

// beginsWithTicket reports whether a prefix of the text that ends at a separator between
// two digits is itself a ticket number. Thousands separators do not count.
func (t TicketRule) beginsWithTicket(text string) bool {
	if len(text) > 4*MaxExternalID || IsGrouped(text) {
		return false
	}
	var last rune
	end := 0 // the position after the last letter or digit
	for i, r := range text {
		if !IsLetterOrDigit(r) {
			continue
		}
		if end > 0 && i > end && unicode.IsDigit(last) && unicode.IsDigit(r) {
			first := joinTicket(text[:end])
			if t.Pattern.MatchString(first) || t.Pattern.MatchString(strings.ToUpper(first)) {
				return true
			}
		}
		last, end = r, i+utf8.RuneLen(r)
	}
	return false
}

// Problem returns the problem to report if Normal found no spelling of the external ID.
func (t TicketRule) Problem(externalID string) Problem {
	problem := Problem{Field: FieldExternalID, Key: ReasonExternalIDPattern, Args: Args{"Value": Shorten(externalID, 40), "Hint": t.Hint}}
	if t.Hint == "" {
		problem.Key, problem.Args["Hint"] = ReasonExternalIDPatternBare, t.Pattern.String()
	}
	return problem
}

// Link returns the URL of the external ID's ticket in the ticket system. It returns "" if
// no URL is configured or the external ID is empty. The number is percent-encoded so that
// it can be part of a path or a query.
func (t TicketRule) Link(externalID string) string {
	base, _ := splitSuffix(Trim(externalID))
	if t.URL == "" || base == "" {
		return ""
	}
	base, _ = t.Normal(base)
	return strings.ReplaceAll(t.URL, TicketPlace, strings.ReplaceAll(url.QueryEscape(base), "+", "%20"))
}

var groupedNumber = regexp.MustCompile(`^[0-9]{1,3}(?:(?:,[0-9]{3})+|(?:\.[0-9]{3})+|(?:'[0-9]{3})+|(?: [0-9]{3})+)$`)

// IsGrouped reports whether the text is a single number with thousands separators, such
// as "1,234,567".
func IsGrouped(text string) bool { return groupedNumber.MatchString(text) }
