package search

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"meetdesk/meeting"
)

// How many digits there are. Teams' meeting IDs have 10 to 15 today.
const (
	minMeeting, maxMeeting       = 9, 15
	minConference, maxConference = 5, 12
	plainMeeting                 = 10 // from here on, digits alone look like a meeting ID rather than a ticket
	groupedConference            = 7  // from here on, groups of three look like a conference ID
	oddMeeting                   = 11 // from here on, other groups do not look like a phone number
)

// threes is how Teams writes its numbers, "234 567 890 123 4", and how people and
// spreadsheets do. With a comma or a dot the first group may be a shorter one.
const threes = `(?:[0-9]{3}(?: [0-9]{3})+(?: [0-9]{1,2})?|[0-9]{3}(?:-[0-9]{3})+(?:-[0-9]{1,2})?|[0-9]{3}(?:/[0-9]{3})+(?:/[0-9]{1,2})?|[0-9]{3}(?:_[0-9]{3})+(?:_[0-9]{1,2})?|` +
	`[0-9]{1,3}(?:\.[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]{1,3}(?:,[0-9]{3})+(?:,[0-9]{1,2})?|[0-9]{1,3}(?:'[0-9]{3})+(?:'[0-9]{1,2})?)`

// between is what stands between the digits of one number that has a label.
const between = `[ .,'/_-]?`

var (
	// dialString finds what a phone keys in: ",,123456789#" behind its number, or an
	// extension.
	dialString = regexp.MustCompile(`(?i)(?:[0-9)] ?|^|\s)(?:(?:(?:,|%2c) ?){2,}\*?(` + threes + `|[0-9]{5,12})(?: ?#|%23)?|(?:,|%2c|;) ?(` + threes + `|[0-9]{5,12})(?: ?#|%23))`)
	extension  = regexp.MustCompile(`(?i)[0-9][0-9 ().-]{5,18}[0-9](?: ?[,;]* ?(?:x|ext(?:ension|ens[aã]o)?|ramal|durchwahl|poste) ?[.:=]? ?| ?[pw]+ ?|[ ,*]*\*,*)(` + threes + `|[0-9]{5,12})(?: ?#|%23)?`)
	// The labels are those of Microsoft's invitations and the desk's own, and the
	// names of Graph's properties; a line break may be lost before them.
	conferenceLabel = regexp.MustCompile(`(?i)(?:conf(?:erence)?\.?(?: call)? ?(?:id|number|no|code)|konferenz-?id|id d[ae] conf[eé]r[^\s:0-9]+(?: telef[^\s:0-9]+)?)` + labelled(4) + `(?: ?#)?`)
	meetingLabel    = regexp.MustCompile(`(?i)(?:meeting[ -]?(?:id|number|no|code)|(?:id|n[uú]mero|c[oó]digo) d[ae] reuni[^\s:0-9]+)` + labelled(8))
	videoLabel      = regexp.MustCompile(`(?i)(?:(?:video|vtc) ?-?(?:tele)?(?:conf(?:erence)?)?\.? ?-?id|id d[eo] v[ií]deo[^\s:0-9]*)` + labelled(6))
	keyedIn         = regexp.MustCompile(`(?:^|[^0-9+])(` + threes + `|[0-9]{5,12}) ?#`)
	unlabelled      = regexp.MustCompile(threes + `|[0-9]+`)
	shortTail       = regexp.MustCompile(`[ .-][0-9]{1,2}$`)
	shortHead       = regexp.MustCompile(`(?:^|[^0-9])([0-9]{1,2}) $`)
	// passcode is what stands behind a number in groups of three: "234 567 890 123 4 123456".
	passcode = regexp.MustCompile(`^(?: ?[/,;:|#-] ?| )[0-9]{4,8}$`)

	// These hold digits that are something else.
	phone      = regexp.MustCompile(`\+ ?[0-9][0-9 ().-]{5,}|\([0-9]{2,5}\)[0-9 .-]+`)
	otherLabel = regexp.MustCompile(`(?i)(?:pass ?code|password|senha|kennwort|kenncode|passwort|mot de passe|c[oó]digo de acesso|phone|telefone|\btel|\bfax|\bpin)[\s:.*="']{1,6}[0-9][0-9 ().-]*`)
)

// itsLabel is what people read out before a number that stands alone.
var itsLabel = regexp.MustCompile(`(?i)^id[\s:.#=]+`)

// labelled is the rest of a pattern for a number with a label: so many digits and
// more behind the first, and a time that may follow.
func labelled(digits int) string {
	return `(?: is)?[\s:.#*="'(-]{0,8}([0-9](?:` + between + `[0-9]){` + strconv.Itoa(digits) + `,30}(?::[0-9]{2})?)`
}

// spaces are more than one between two groups of digits, or other marks that mean one.
var (
	spaces = regexp.MustCompile(`([0-9]) {2,3}([0-9])`)
	dots   = strings.NewReplacer("’", "'", "ʼ", "'", "´", "'", "`", "'", "‘", "'", "·", " ", "•", " ", "∙", " ", "٬", ",", "،", ",")
)

// numbers finds meeting IDs and conference IDs: first those that something
// around them tells apart, then other digits outside of phone numbers and links.
func (f *finder) numbers(plain string) {
	plain = plainNumbers(spaces.ReplaceAllString(dots.Replace(plain), "$1 $2"))
	if f.bare(plain) {
		return
	}
	isTicket := looksLikeTicket(plain)
	plain = f.take(plain, dialString, &f.ConferenceIDs, KindConferenceID)
	plain = f.take(plain, extension, &f.ConferenceIDs, KindConferenceID)
	plain = f.take(plain, videoLabel, &f.VideoIDs, KindVideoID)
	plain = f.take(plain, conferenceLabel, &f.ConferenceIDs, KindConferenceID)
	plain = f.take(plain, meetingLabel, &f.MeetingIDs, KindMeetingID)
	plain = anyLink.ReplaceAllString(plain, "\n")
	plain = f.take(plain, keyedIn, &f.ConferenceIDs, KindConferenceID)
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
	if grouped && unicode.IsDigit(after) { // of the next number
		found = found[:strings.LastIndexAny(found, " -/_.,'")]
		digits, after = onlyDigits(found), ' '
	}
	switch {
	case meeting.IsLetterOrDigit(before) || strings.ContainsRune("_%*/@~-+.=&", before) || before == '#' && grouped || isIPAddress(found):
	case unicode.IsDigit(after) || unicode.IsLetter(after) && !grouped || strings.ContainsRune("_%*@~", after) || isCut(plain[m[1]:]):
	case grouped && len(digits) >= groupedConference:
		number := shortTail.ReplaceAllString(found, "")
		if after != ':' { // of a time
			f.either(found)
		}
		if number != found && (after == ':' || after == ' ') {
			f.either(number) // a day may stand behind
		}
		if head := shortHead.FindStringSubmatch(plain[max(0, m[0]-4):m[0]]); head != nil {
			f.either(head[1] + " " + found)
		}
	case !grouped && len(digits) >= plainMeeting && len(digits) <= maxMeeting:
		keep(&f.MeetingIDs, digits)
		f.saw(KindMeetingID)
	}
}

// separators are what people put between the digits of one number.
const separators = " .,'_/:|-"

// bare is numbers for a text of digits only, in groups or not, and reports
// whether it is one. In one piece or in threes they can be either ID; in other
// groups, a phone number or a date too.
func (f *finder) bare(plain string) bool {
	text, keyed := strings.CutSuffix(strings.Trim(itsLabel.ReplaceAllString(plain, ""), " .,;:\n"), "#")
	if strings.Trim(text, "0123456789"+separators) != "" || strings.Contains(text, ",,") { // two commas are a pause
		return false
	}
	number := unlabelled.FindString(text)
	digits := onlyDigits(text)
	n := len(digits)
	switch {
	case keyed && n >= minConference && n <= maxConference:
		keep(&f.ConferenceIDs, digits)
		f.saw(KindConferenceID)
	case keyed && n > maxConference && strings.Contains(text, ","):
		return false // with the number to dial in front
	case keyed || isIPAddress(text):
	case number == text:
		f.either(text)
	case len(number) >= plainMeeting && strings.HasPrefix(text, number) && passcode.MatchString(text[len(number):]):
		f.either(number)
	case n >= oddMeeting && n <= maxMeeting && oneSeparator(text):
		keep(&f.MeetingIDs, digits)
		f.saw(KindMeetingID)
	case n > maxMeeting:
		return false // several numbers
	}
	return true
}

// either keeps digits that can be a meeting ID or a conference ID. A short number
// is looked up too, and still looks like a ticket. Short ones with dashes are not:
// the ticket "123-45" is no "12345".
func (f *finder) either(found string) {
	digits := onlyDigits(found)
	grouped, dashed, n := found != digits, strings.ContainsAny(found, "-./_"), len(digits)
	if n >= minMeeting && n <= maxMeeting {
		keep(&f.MeetingIDs, digits)
		if n >= plainMeeting {
			f.saw(KindMeetingID)
		}
	}
	if n >= minConference && n <= maxConference && (n >= groupedConference || !dashed) {
		keep(&f.ConferenceIDs, digits)
		if grouped && n >= groupedConference && n < plainMeeting {
			f.saw(KindConferenceID)
		}
	}
}

// take keeps what the pattern's groups find, and returns the text without it.
func (f *finder) take(text string, pattern *regexp.Regexp, list *[]string, kind Kind) string {
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
		keep(list, digits)
		f.saw(kind)
		return "\n"
	})
}
