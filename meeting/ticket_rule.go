package meeting

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// TicketRule is how an organization writes its ticket numbers, and where they
// lead. The zero rule takes any, and leads nowhere.
type TicketRule struct {
	Pattern *regexp.Regexp // nil for any; anchored only as it is given
	Hint    string         // what a ticket number looks like, in the organization's words; or ""
	URL     string         // of a ticket, with TicketPlace in it; or ""
}

// TicketPlace stands for the ticket number in a TicketRule's URL.
const TicketPlace = "{ticket}"

// Normal returns the external ID as the pattern wants it, and whether it can be
// had: as it is typed, or in capitals, or without separators, or with hyphens for
// spaces, whichever matches first. Separators between digits stay where what is
// before one is a ticket by itself: "67001-2" is not "670012". The "~2" of a second
// meeting is the desk's own: it stays, and is not matched.
func (t TicketRule) Normal(externalID string) (string, bool) {
	if t.Pattern == nil {
		return externalID, true
	}
	typed, _ := splitSuffix(Trim(externalID))
	if asTyped := Trim(typed); asTyped != "" && t.Pattern.MatchString(asTyped) {
		return asTyped + Trim(externalID)[len(typed):], true
	}
	plain := plainTicket(externalID)
	base, _ := splitSuffix(plain)
	suffix := plain[len(base):]
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

// beginsWithTicket reports whether the text is a ticket up to a separator between
// two digits. Spaces between thousands separate nothing.
func (t TicketRule) beginsWithTicket(text string) bool {
	if len(text) > 4*MaxExternalID || IsGrouped(text) {
		return false
	}
	var last rune
	end := 0 // of the last letter or digit
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

// Problem returns what is wrong with an external ID that does not match; see
// Normal.
func (t TicketRule) Problem(externalID string) Problem {
	problem := Problem{Field: FieldExternalID, Key: ReasonExternalIDPattern, Args: Args{"Value": Shorten(externalID, 40), "Hint": t.Hint}}
	if t.Hint == "" {
		problem.Key, problem.Args["Hint"] = ReasonExternalIDPatternBare, t.Pattern.String()
	}
	return problem
}

// Link returns where the ticket of an external ID is, in the ticket system, or ""
// where that is not known. Meetings for one ticket lead to one place. What is put
// in is all percent-encoded: it may stand in a path or in a query.
func (t TicketRule) Link(externalID string) string {
	base, _ := splitSuffix(Trim(externalID))
	if t.URL == "" || base == "" {
		return ""
	}
	base, _ = t.Normal(base)
	return strings.ReplaceAll(t.URL, TicketPlace, strings.ReplaceAll(url.QueryEscape(base), "+", "%20"))
}

var groupedNumber = regexp.MustCompile(`^[0-9]{1,3}(?:(?:,[0-9]{3})+|(?:\.[0-9]{3})+|(?:'[0-9]{3})+|(?: [0-9]{3})+)$`)

// IsGrouped reports whether the text is one number with a separator between
// thousands, such as "1,234,567".
func IsGrouped(text string) bool { return groupedNumber.MatchString(text) }
