package meeting

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// How many digits there are. Teams' meeting IDs have 10 to 15 today.
const (
	minMeeting, maxMeeting       = 9, 15
	minConference, maxConference = 5, 12
	plainMeeting                 = 10 // from here on, digits alone look like a meeting ID rather than a ticket
	groupedConference            = 7  // from here on, groups of three look like a conference ID
	oddMeeting                   = 11 // from here on, other groups do not look like a phone number
)

// threes is how Teams writes its numbers: "234 567 890 123 4".
const threes = `[0-9]{3}(?:(?: [0-9]{3})+(?: [0-9]{1,2})?|(?:-[0-9]{3})+(?:-[0-9]{1,2})?|(?:\.[0-9]{3})+(?:\.[0-9]{1,2})?)`

var (
	// dialString finds what a phone keys in: ",,123456789#" behind its number.
	dialString = regexp.MustCompile(`[0-9] ?(?:,,+ ?(` + threes + `|[0-9]{5,12})(?: ?#|%23)?|[,;] ?(` + threes + `|[0-9]{5,12})(?: ?#|%23))`)
	// The labels are those of Microsoft's invitations and the desk's own, and the
	// names of Graph's properties; a line break may be lost before them.
	conferenceLabel = regexp.MustCompile(`(?i)(video ?(?:tele)?)?(?:conf(?:erence)?\.?(?: call)? ?(?:id|number|no|code)|konferenz-?id|id d[ae] conf[eé]r[^\s:0-9]+(?: telef[^\s:0-9]+)?)` +
		`(?: is)?[\s:.#*="'(-]{0,8}([0-9](?:[ .-]?[0-9]){4,30}(?::[0-9]{2})?)(?: ?#)?`)
	meetingLabel = regexp.MustCompile(`(?i)(?:meeting[ -]?(?:id|number|no|code)|(?:id|n[uú]mero|c[oó]digo) d[ae] reuni[^\s:0-9]+)` +
		`(?: is)?[\s:.#*="'(-]{0,8}([0-9](?:[ .-]?[0-9]){8,30}(?::[0-9]{2})?)`)
	keyedIn    = regexp.MustCompile(`(?:^|[^0-9+])(` + threes + `|[0-9]{5,12}) ?#`)
	unlabelled = regexp.MustCompile(threes + `|[0-9]+`)
	shortTail  = regexp.MustCompile(`[ .-][0-9]{1,2}$`)

	// These hold digits that are something else.
	phone      = regexp.MustCompile(`\+ ?[0-9][0-9 ().-]{5,}|\([0-9]{2,5}\)[0-9 .-]+`)
	otherLabel = regexp.MustCompile(`(?i)(?:video ?(?:conference ?)?id|pass ?code|password|senha|c[oó]digo de acesso|phone|telefone|\btel|\bfax|\bpin)[\s:.*="']{1,6}[0-9][0-9 ().-]*`)
)

// itsLabel is what people read out before a number that stands alone.
var itsLabel = regexp.MustCompile(`(?i)^id[\s:.#=]+`)

// blanks are more than one between two groups of digits.
var blanks = regexp.MustCompile(`([0-9]) {2,3}([0-9])`)

// numbers finds meeting IDs and conference IDs: first those that something
// around them tells apart, then other digits outside of phone numbers and links.
func (f *finder) numbers(plain string) {
	plain = blanks.ReplaceAllString(plain, "$1 $2")
	if f.bare(plain) {
		return
	}
	isTicket := looksLikeTicket(plain)
	plain = f.take(plain, dialString, &f.ConferenceIDs, ScrapConferenceID)
	plain = f.take(plain, conferenceLabel, &f.ConferenceIDs, ScrapConferenceID)
	plain = f.take(plain, meetingLabel, &f.MeetingIDs, ScrapMeetingID)
	plain = anyLink.ReplaceAllString(plain, "\n")
	plain = f.take(plain, keyedIn, &f.ConferenceIDs, ScrapConferenceID)
	plain = otherLabel.ReplaceAllString(phone.ReplaceAllString(plain, "\n"), "\n")
	kind := f.Kind
	for _, m := range unlabelled.FindAllStringIndex(plain, manyHits) {
		f.among(plain, m)
	}
	if isTicket {
		f.Kind = kind // looked up as another number too, and a ticket all the same
	}
}

// among takes digits among words for an ID when they are in groups of three
// or many. Beside some characters they are a part of something else.
func (f *finder) among(plain string, m []int) {
	found := plain[m[0]:m[1]]
	digits := onlyDigits(found)
	grouped := found != digits
	before, after := around(plain, m)
	switch {
	case isLetterOrDigit(before) || strings.ContainsRune("_%*/@~-+.=&#", before):
	case unicode.IsDigit(after) || unicode.IsLetter(after) && !grouped || strings.ContainsRune("_%*/@~", after):
	case grouped && len(digits) >= groupedConference:
		number := shortTail.ReplaceAllString(found, "")
		if after != ':' { // of a time
			f.either(found)
		}
		if number != found && (after == ':' || after == ' ') {
			f.either(number) // a day may stand behind
		}
	case !grouped && len(digits) >= plainMeeting && len(digits) <= maxMeeting:
		keep(&f.MeetingIDs, digits)
		f.saw(ScrapMeetingID)
	}
}

// bare is numbers for a text of digits only, in groups or not, and reports
// whether it is one. In one piece or in threes they can be either ID; in other
// groups, a phone number or a date too.
func (f *finder) bare(plain string) bool {
	text, keyed := strings.CutSuffix(strings.TrimRight(itsLabel.ReplaceAllString(plain, ""), " .,;"), "#")
	if strings.Trim(text, "0123456789 .-") != "" {
		return false
	}
	digits := onlyDigits(text)
	n := len(digits)
	switch {
	case keyed && n >= minConference && n <= maxConference:
		keep(&f.ConferenceIDs, digits)
		f.saw(ScrapConferenceID)
	case keyed:
	case unlabelled.FindString(text) == text:
		f.either(text)
	case n >= oddMeeting && n <= maxMeeting && oneSeparator(text):
		keep(&f.MeetingIDs, digits)
		f.saw(ScrapMeetingID)
	}
	return true
}

// either keeps digits that can be a meeting ID or a conference ID. A short number
// is looked up too, and still looks like a ticket. Short ones with dashes are not:
// the ticket "123-45" is no "12345".
func (f *finder) either(found string) {
	digits := onlyDigits(found)
	grouped, dashed, n := found != digits, strings.ContainsAny(found, "-."), len(digits)
	if n >= minMeeting && n <= maxMeeting {
		keep(&f.MeetingIDs, digits)
		if n >= plainMeeting {
			f.saw(ScrapMeetingID)
		}
	}
	if n >= minConference && n <= maxConference && (n >= groupedConference || !dashed) {
		keep(&f.ConferenceIDs, digits)
		if grouped && n >= groupedConference && n < plainMeeting {
			f.saw(ScrapConferenceID)
		}
	}
}

// take keeps what the pattern's groups find, and returns the text without it.
// The number of a video conference, of which the first group tells, is neither.
func (f *finder) take(text string, pattern *regexp.Regexp, list *[]string, kind ScrapKind) string {
	shortest, longest := minConference, maxConference
	if kind == ScrapMeetingID {
		shortest, longest = minMeeting, maxMeeting
	}
	return pattern.ReplaceAllStringFunc(text, func(found string) string {
		groups := pattern.FindStringSubmatch(found)[1:]
		if strings.HasPrefix(strings.ToLower(groups[0]), "video") {
			return "\n"
		}
		digits := firstNumber(strings.Join(groups, ""))
		if len(digits) < shortest || len(digits) > longest {
			return found
		}
		keep(list, digits)
		f.saw(kind)
		return "\n"
	})
}

// firstNumber returns the digits of the first number in digits and separators: a
// long one, groups of three with a shorter one behind, or else all. A time, a date
// or a phone number may follow in the same line.
func firstNumber(text string) string {
	if before, _, isTime := strings.Cut(text, ":"); isTime {
		text = before[:max(0, strings.LastIndexAny(before, " .-"))] // without the hour
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

// oneSeparator reports whether the text has the same character between all digits.
func oneSeparator(text string) bool {
	marks := strings.FieldsFunc(text, unicode.IsDigit)
	return !slices.ContainsFunc(marks, func(m string) bool { return m != marks[0] })
}
