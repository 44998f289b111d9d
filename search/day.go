package search

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Day is a day named in text. Date and Other are at midnight UTC.
type Day struct {
	Date  time.Time
	Other time.Time // another day that the same words may mean, such as last Monday; zero if there is none
	Words string    // the text without the words that name the day or a time of day
}

// maxDayWords is the maximum number of words in a text that FindDay reads. Longer text,
// such as a pasted email, may name many days.
const maxDayWords = 10

// FindDay returns a day that the text names: a date, a weekday, or a word such as
// "yesterday", in any language that day_words.go covers. If the text names several days, the
// order of dayForms determines which one is returned. ok is false if the text names no day
// or has more than maxDayWords words.
//
// The parameter today is a date in the user's time zone. If monthFirst is true, "11/12"
// means 12 November. A date without a year means the occurrence nearest to today. A weekday
// means its next occurrence, which may be today, unless a word such as "last" changes that.
func FindDay(text string, today time.Time, monthFirst bool) (d Day, ok bool) {
	fields := strings.Fields(text)
	if len(fields) == 0 || len(fields) > maxDayWords {
		return d, false
	}
	today = dateOf(today.Date())
	plain := make([]string, len(fields))
	for i, field := range fields {
		plain[i] = plainWord(field)
	}
	joined := strings.Join(plain, " ")
	for _, form := range dayForms {
		at := form.pattern.FindStringSubmatchIndex(joined)
		if at == nil {
			continue
		}
		r := dayReader{today: today, monthFirst: monthFirst, named: submatches(form.pattern, joined, at)}
		if d = form.read(r); d.Date.IsZero() {
			continue
		}
		from := strings.Count(joined[:at[0]], " ") + strings.Count(joined[at[0]:at[0]+1], " ")
		to := from + strings.Count(strings.Trim(joined[at[0]:at[1]], " "), " ") + 1
		rest := slices.Concat(fields[:from], fields[to:])
		d.Words = strings.Join(slices.DeleteFunc(rest, isTime.MatchString), " ")
		return d, true
	}
	return Day{}, false
}

// dayForms lists the ways of writing a day, in the order in which FindDay tries them. The
// patterns match words that plainWord has normalized.
var dayForms = []struct {
	pattern *regexp.Regexp
	read    func(dayReader) Day
}{
	{afterWeekday(`(?P<year>20\d\d|21\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:t\d{1,2}[:h]?\d\d\S*)?`), dayReader.date},
	{regexp.MustCompile(`^(?P<year>20\d\d|21\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?:t\d{4}\S*)?$`), dayReader.date},
	{afterWeekday(`(?P<first>\d{1,2})(?:/(?P<second>\d{1,2})/|\.(?P<second2>\d{1,2})\.|-(?P<second3>\d{1,2})-)(?P<year>(?:20|21)?\d\d)`), dayReader.digits},
	{afterWeekday(`(?P<first>\d{1,2})(?:/(?P<second>\d{1,2})|\.(?P<second2>\d{1,2})\.)`), dayReader.digits},
	{afterWeekday(`(?P<day>\d{1,2})(?:st|nd|rd|th|\.|o|a)?[ /-]?(?:(?:of|de|del) )?(?P<name>` + namesOf(monthNumbers) + `)\.?(?:,?[ /-](?:(?:de|del) )?(?P<year>(?:20|21)\d\d)|[/-](?P<year2>\d\d))?`), dayReader.date},
	{afterWeekday(`(?P<name>` + namesOf(monthNumbers) + `)\.? ?(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,? (?P<year>(?:20|21)\d\d))?`), dayReader.date},
	{wholeWords(`(?:` + agoBefore + `) ` + countOfDays), dayReader.ago},
	{wholeWords(countOfDays + ` (?:` + agoAfter + `)`), dayReader.ago},
	{wholeWords(`(?:` + aheadBefore + `) ` + countOfDays), dayReader.ahead},
	{wholeWords(countOfDays + ` (?:` + aheadAfter + `)`), dayReader.ahead},
	{wholeWords(`(?P<away>` + namesOf(daysAway) + `)`), dayReader.away},
	{wholeWords(`(?:(?P<which>` + namesOf(whichWeek) + `) )?(?P<weekday>` + namesOf(weekdays) + `)(?:[- ]feira)?(?: (?P<which2>` + namesOf(whichWeek) + `))?`), dayReader.weekday},
	{regexp.MustCompile(`^(?:(?P<which>` + namesOf(whichWeek) + `) )?(?P<weekday>` + namesOf(shortWeekdays) + `)\.?$`), dayReader.weekday},
}

// wholeWords returns a pattern that matches the form as whole words, together with up to
// three preceding words such as "on".
func wholeWords(form string) *regexp.Regexp {
	return regexp.MustCompile(`(?:^| )(?:(?:` + beforeDay + `) ){0,3}` + form + `(?:$| )`)
}

// afterWeekday is like wholeWords, but also allows a weekday before the form, as in
// "Thu 3 Dec".
func afterWeekday(form string) *regexp.Regexp {
	return wholeWords(`(?:(?:` + namesOf(weekdays) + `|` + namesOf(shortWeekdays) + `)(?:-feira)?\.? )?(?:(?:` + beforeDay + `) ){0,2}` + form)
}

// isTime matches a time of day or a range of times, which FindDay omits from Day.Words.
var isTime = regexp.MustCompile(`^\d{1,2}(?::\d\d|h(?:\d\d)?)(?:[-–]\d{1,2}(?::\d\d|h(?:\d\d)?))?$`)

// submatches returns the text that each named group matched. A 2 or 3 at the end of a
// group's name marks an alternative for the same part and is removed.
func submatches(pattern *regexp.Regexp, text string, at []int) map[string]string {
	named := make(map[string]string)
	for i, name := range pattern.SubexpNames() {
		if name != "" && at[2*i] >= 0 {
			named[strings.TrimRight(name, "23")] = text[at[2*i]:at[2*i+1]]
		}
	}
	return named
}

// plainWord returns the word in lower case, without accents or surrounding punctuation.
// It keeps full stops, as in "26." and "nov.".
func plainWord(word string) string {
	word = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(strings.ToLower(word)))
	return strings.Trim(word, `,;:!?"'“”‘’«»()[]`)
}

type dayReader struct {
	today      time.Time
	monthFirst bool
	named      map[string]string // the text that each named group matched
}

func (r dayReader) number(name string) int {
	n, _ := strconv.Atoi(r.named[name])
	return n
}

// date returns the day for a date whose month is unambiguous.
func (r dayReader) date() Day {
	month := r.number("month")
	if name := r.named["name"]; name != "" {
		month = monthNumbers[name]
	}
	return Day{Date: r.dateIn(r.year(), month, r.number("day"))}
}

func (r dayReader) year() int {
	year := r.number("year")
	if r.named["year"] != "" && year < 100 {
		year += 2000
	}
	return year
}

// digits returns the day for a date that begins with two numbers, either of which may be
// the month.
func (r dayReader) digits() Day {
	year, month, day := r.year(), r.number("second"), r.number("first")
	d := Day{Date: r.dateIn(year, month, day), Other: r.dateIn(year, day, month)}
	if d.Date.IsZero() || r.monthFirst && !d.Other.IsZero() {
		d.Date, d.Other = d.Other, d.Date
	}
	if d.Other.Equal(d.Date) {
		d.Other = time.Time{}
	}
	return d
}

// dateIn returns the date, or the zero time if there is no such day. If year is 0, it
// chooses the date nearest to today.
func (r dayReader) dateIn(year, month, day int) (nearest time.Time) {
	if year != 0 {
		return validDate(year, month, day)
	}
	for year := r.today.Year() - 4; year <= r.today.Year()+4; year++ { // the nearest 29 February may be four years away
		date := validDate(year, month, day)
		if !date.IsZero() && (nearest.IsZero() || date.Sub(r.today).Abs() <= nearest.Sub(r.today).Abs()) {
			nearest = date
		}
	}
	return nearest
}

func validDate(year, month, day int) time.Time {
	date := dateOf(year, time.Month(month), day)
	if month < 1 || month > 12 || date.Day() != day || day < 1 {
		return time.Time{}
	}
	return date
}

func dateOf(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func (r dayReader) away() Day {
	return Day{Date: r.today.AddDate(0, 0, daysAway[r.named["away"]])}
}

func (r dayReader) ago() Day { return Day{Date: r.today.AddDate(0, 0, -r.days())} }

func (r dayReader) ahead() Day { return Day{Date: r.today.AddDate(0, 0, r.days())} }

// days returns the number of days in a period such as "2 days" or "a week".
func (r dayReader) days() int {
	n := r.number("count")
	if word, ok := counts[r.named["count"]]; ok {
		n = word
	}
	return n * daysIn[r.named["unit"]]
}

// weekday returns the next occurrence of the named weekday, which may be today. "last"
// means the most recent occurrence before today, and "next" the first one after today.
func (r dayReader) weekday() Day {
	name := r.named["weekday"]
	weekday, ok := weekdays[name]
	if !ok {
		weekday = shortWeekdays[name]
	}
	days := (weekday - int(r.today.Weekday()) + 7) % 7
	date := r.today.AddDate(0, 0, days)
	switch which := r.named["which"]; {
	case which == "":
		return Day{Date: date, Other: date.AddDate(0, 0, -7)}
	case whichWeek[which] < 0:
		return Day{Date: date.AddDate(0, 0, -7)}
	case whichWeek[which] > 0 && days == 0:
		return Day{Date: date.AddDate(0, 0, 7)}
	}
	return Day{Date: date}
}
