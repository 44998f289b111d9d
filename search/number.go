package search

import (
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"meetdesk/meeting"
)

// The minimum and maximum numbers of digits in IDs. Teams' meeting IDs currently have
// 10 to 15 digits.
const (
	minMeeting, maxMeeting       = 9, 15
	minConference, maxConference = 5, 12

	minPlainMeeting      = 10 // for numbers without separators; shorter ones look like tickets
	minGroupedConference = 7  // for numbers in groups of three
	minOddMeeting        = 11 // for numbers in groups of other sizes; shorter ones look like phone numbers
)

// numbers finds meeting IDs, conference IDs and video IDs. It first looks for numbers that
// the surrounding text identifies as IDs, then for other numbers that are not part of a
// phone number or a link.
func (rec *recognizer) numbers(plain string) {
	plain = plainNumbers(spaces.ReplaceAllString(plainMarks.Replace(plain), "$1 $2"))
	if rec.onlyNumber(plain) {
		return
	}
	isTicket := looksLikeTicket(plain)
	plain = rec.extract(plain, dialString, &rec.ConferenceIDs, KindConferenceID)
	plain = rec.extract(plain, extension, &rec.ConferenceIDs, KindConferenceID)
	plain = rec.extract(plain, videoLabel, &rec.VideoIDs, KindVideoID)
	plain = rec.extract(plain, conferenceLabel, &rec.ConferenceIDs, KindConferenceID)
	plain = rec.extract(plain, meetingLabel, &rec.MeetingIDs, KindMeetingID)
	plain = anyLink.ReplaceAllString(plain, "\n")
	plain = rec.extract(plain, keyedIn, &rec.ConferenceIDs, KindConferenceID)
	plain = otherLabel.ReplaceAllString(phone.ReplaceAllString(plain, "\n"), "\n")
	kind := rec.Kind
	for _, m := range unlabelled.FindAllStringIndex(plain, maxMatches) {
		rec.proseNumber(plain, m)
	}
	if isTicket {
		rec.Kind = kind // the text remains a ticket, even if it may also be an ID
	}
}

// separators contains the characters that may separate the digits of a number.
const separators = " .,'_/:|-"

// onlyNumber handles text that consists of digits and separators. It returns false if the
// caller must still search the text for numbers. A number without separators, or in
// groups of three, may be a meeting ID or a conference ID.
func (rec *recognizer) onlyNumber(plain string) bool {
	text, hasHash := strings.CutSuffix(strings.Trim(idLabel.ReplaceAllString(plain, ""), " .,;:\n"), "#")
	if strings.Trim(text, "0123456789"+separators) != "" || strings.Contains(text, ",,") { // two commas are a pause when dialing
		return false
	}
	number := unlabelled.FindString(text)
	digits := onlyDigits(text)
	n := len(digits)
	switch {
	case hasHash && n >= minConference && n <= maxConference:
		addNew(&rec.ConferenceIDs, digits)
		rec.setKind(KindConferenceID)
	case hasHash && n > maxConference && strings.Contains(text, ","):
		return false // the text begins with a phone number
	case hasHash || isIPAddress(text):
	case number == text:
		rec.eitherID(text)
	case len(number) >= minPlainMeeting && strings.HasPrefix(text, number) && passcode.MatchString(text[len(number):]):
		rec.eitherID(number)
	case n >= minOddMeeting && n <= maxMeeting && hasOneSeparator(text):
		addNew(&rec.MeetingIDs, digits)
		rec.setKind(KindMeetingID)
	case n > maxMeeting:
		return false // the text contains several numbers
	}
	return true
}

// proseNumber handles a number in text that also contains words. The slice m contains
// the bounds of the number. The number is an ID if it has many digits or is in groups of
// three, unless it is part of a longer token.
func (rec *recognizer) proseNumber(plain string, m []int) {
	found := plain[m[0]:m[1]]
	digits := onlyDigits(found)
	isGrouped := found != digits
	before, after := neighbours(plain, m)
	if isGrouped && unicode.IsDigit(after) { // the last group is the start of another number
		found = found[:strings.LastIndexAny(found, " -/_.,'")]
		digits, after = onlyDigits(found), ' '
	}
	switch {
	case meeting.IsLetterOrDigit(before) || strings.ContainsRune("_%*/@~-+.=&", before) || before == '#' && isGrouped || isIPAddress(found):
	case unicode.IsDigit(after) || unicode.IsLetter(after) && !isGrouped || strings.ContainsRune("_%*@~", after) || isTruncated(plain[m[1]:]):
	case isGrouped && len(digits) >= minGroupedConference:
		number := shortTail.ReplaceAllString(found, "")
		if after != ':' { // a colon follows if the last group is the hour of a time
			rec.eitherID(found)
		}
		if number != found && (after == ':' || after == ' ') {
			rec.eitherID(number) // the last group may be the day of a date
		}
		if head := shortHead.FindStringSubmatch(plain[max(0, m[0]-4):m[0]]); head != nil {
			rec.eitherID(head[1] + " " + found)
		}
	case !isGrouped && len(digits) >= minPlainMeeting && len(digits) <= maxMeeting:
		addNew(&rec.MeetingIDs, digits)
		rec.setKind(KindMeetingID)
	}
}

// eitherID adds a number that may be a meeting ID or a conference ID. A short number does
// not change the kind, because it looks like a ticket. A short number with hyphens, dots,
// slashes or underscores is not even added, because the ticket "123-45" is not "12345".
func (rec *recognizer) eitherID(found string) {
	digits := onlyDigits(found)
	isGrouped, hasMarks, n := found != digits, strings.ContainsAny(found, "-./_"), len(digits)
	if n >= minMeeting && n <= maxMeeting {
		addNew(&rec.MeetingIDs, digits)
		if n >= minPlainMeeting {
			rec.setKind(KindMeetingID)
		}
	}
	if n >= minConference && n <= maxConference && (n >= minGroupedConference || !hasMarks) {
		addNew(&rec.ConferenceIDs, digits)
		if isGrouped && n >= minGroupedConference && n < minPlainMeeting {
			rec.setKind(KindConferenceID)
		}
	}
}

// hasOneSeparator reports whether the text has the same separator between all groups of
// digits.
func hasOneSeparator(text string) bool {
	marks := strings.FieldsFunc(text, unicode.IsDigit)
	return !slices.ContainsFunc(marks, func(m string) bool { return m != marks[0] })
}

func isIPAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}
