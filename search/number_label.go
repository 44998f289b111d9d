package search

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// groupsOfThree matches a number in groups of three, such as "234 567 890 123 4". If the
// separator is a comma, a dot or an apostrophe, the first group may be shorter.
const groupsOfThree = `(?:[0-9]{3}(?: [0-9]{3})+(?: [0-9]{1,2})?|[0-9]{3}(?:-[0-9]{3})+(?:-[0-9]{1,2})?|[0-9]{3}(?:/[0-9]{3})+(?:/[0-9]{1,2})?|[0-9]{3}(?:_[0-9]{3})+(?:_[0-9]{1,2})?|` +
	`[0-9]{1,3}(?:\.[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]{1,3}(?:,[0-9]{3})+(?:,[0-9]{1,2})?|[0-9]{1,3}(?:'[0-9]{3})+(?:'[0-9]{1,2})?)`

// digitSeparator matches an optional separator between two digits of a labelled number.
const digitSeparator = `[ .,'/_-]?`

var (
	// dialString matches a post-dial string, such as ",,123456789#".
	// extension matches an extension after a phone number.
	dialString = regexp.MustCompile(`(?i)(?:[0-9)] ?|^|\s)(?:(?:(?:,|%2c) ?){2,}\*?(` + groupsOfThree + `|[0-9]{5,12})(?: ?#|%23)?|(?:,|%2c|;) ?(` + groupsOfThree + `|[0-9]{5,12})(?: ?#|%23))`)
	extension  = regexp.MustCompile(`(?i)[0-9][0-9 ().-]{5,18}[0-9](?: ?[,;]* ?(?:x|ext(?:ension|ens[aã]o)?|ramal|durchwahl|poste) ?[.:=]? ?| ?[pw]+ ?|[ ,*]*\*,*)(` + groupsOfThree + `|[0-9]{5,12})(?: ?#|%23)?`)
	// The labels are those in Microsoft's and the desk's invitations, and the names of
	// Graph's properties. No word boundary is required before a label, because a lost
	// line break may have joined the label to another word.
	conferenceLabel = regexp.MustCompile(`(?i)(?:conf(?:erence)?\.?(?: call)? ?(?:id|number|no|code)|konferenz-?id|id d[ae] conf[eé]r[^\s:0-9]+(?: telef[^\s:0-9]+)?)` + labelled(4) + `(?: ?#)?`)
	meetingLabel    = regexp.MustCompile(`(?i)(?:meeting[ -]?(?:id|number|no|code)|(?:id|n[uú]mero|c[oó]digo) d[ae] reuni[^\s:0-9]+)` + labelled(8))
	videoLabel      = regexp.MustCompile(`(?i)(?:(?:video|vtc) ?-?(?:tele)?(?:conf(?:erence)?)?\.? ?-?id|id d[eo] v[ií]deo[^\s:0-9]*)` + labelled(6))
	keyedIn         = regexp.MustCompile(`(?:^|[^0-9+])(` + groupsOfThree + `|[0-9]{5,12}) ?#`)
	unlabelled      = regexp.MustCompile(groupsOfThree + `|[0-9]+`)
	shortTail       = regexp.MustCompile(`[ .-][0-9]{1,2}$`)
	shortHead       = regexp.MustCompile(`(?:^|[^0-9])([0-9]{1,2}) $`)
	// passcode matches the passcode after a meeting ID, as in "234 567 890 123 4 123456".
	passcode = regexp.MustCompile(`^(?: ?[/,;:|#-] ?| )[0-9]{4,8}$`)

	// phone and otherLabel match numbers that are not IDs.
	phone      = regexp.MustCompile(`\+ ?[0-9][0-9 ().-]{5,}|\([0-9]{2,5}\)[0-9 .-]+`)
	otherLabel = regexp.MustCompile(`(?i)(?:pass ?code|password|senha|kennwort|kenncode|passwort|mot de passe|c[oó]digo de acesso|phone|telefone|\btel|\bfax|\bpin)[\s:.*="']{1,6}[0-9][0-9 ().-]*`)
)

// idLabel matches the label "ID" at the start of text that is otherwise just a number.
var idLabel = regexp.MustCompile(`(?i)^id[\s:.#=]+`)

// labelled returns a pattern that matches the number after a label. The number must have
// more than the given number of digits. If a time follows the number, the match includes it.
func labelled(digits int) string {
	return `(?: is)?[\s:.#*="'(-]{0,8}([0-9](?:` + digitSeparator + `[0-9]){` + strconv.Itoa(digits) + `,30}(?::[0-9]{2})?)`
}

var (
	// spaces matches two or three spaces between groups of digits.
	spaces = regexp.MustCompile(`([0-9]) {2,3}([0-9])`)
	// plainMarks replaces separators between groups of digits with an ASCII apostrophe,
	// space or comma.
	plainMarks = strings.NewReplacer("’", "'", "ʼ", "'", "´", "'", "`", "'", "‘", "'", "·", " ", "•", " ", "∙", " ", "٬", ",", "،", ",")
)

// extract appends the number in each match of the pattern to the list, unless the number
// is too short or too long for the kind. It returns the text without the matches whose
// numbers it appended.
func (rec *recognizer) extract(text string, pattern *regexp.Regexp, list *[]string, kind Kind) string {
	shortest, longest := minConference, maxConference
	if kind == KindMeetingID {
		shortest, longest = minMeeting, maxMeeting
	}
	return pattern.ReplaceAllStringFunc(text, func(found string) string {
		groups := pattern.FindStringSubmatch(found)[1:]
		digits := firstNumber(strings.Join(groups, ""))
		if len(digits) < shortest || len(digits) > longest {
			return found
		}
		addNew(list, digits)
		rec.setKind(kind)
		return "\n"
	})
}

// firstNumber returns the digits of the first number in text that consists of digits and
// separators. A time, a date or a phone number may follow the number.
func firstNumber(text string) string {
	if before, _, isTime := strings.Cut(text, ":"); isTime {
		text = before[:max(0, strings.LastIndexAny(before, " .-"))]
	}
	groups := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) })
	n := 0
	for n < len(groups) && len(groups[n]) == 3 {
		n++
	}
	switch {
	case len(groups) > 0 && len(groups[0]) >= minMeeting:
		n = 1
	case n < 2:
		n = len(groups)
	case n < len(groups) && len(groups[n]) < 3:
		n++
	}
	return strings.Join(groups[:n], "")
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
