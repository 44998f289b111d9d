package form

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// DateOrder is the order of day and month in a date such as 3/4/2027.
type DateOrder string

// The possible orders. The zero value means that the order is unknown.
const (
	DayFirst   DateOrder = "dmy"
	MonthFirst DateOrder = "mdy"
)

var (
	slashDate = regexp.MustCompile(`^(\d{1,2})([/.\-])(\d{1,2})([/.\-])(\d{4}|\d{2})$`)
	isoDate   = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$`)
	wordDate  = regexp.MustCompile(`^(\d{1,2})(?:[-\s.]|\s+de\s+)+(\pL+)\.?,?(?:[-\s.]|\s+de\s+)+(\d{4}|\d{2})$`)
	clockText = regexp.MustCompile(`(?i)^(\d{1,2})(?:[:h.](\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*(h|a\.?m\.?|p\.?m\.?)?$`)
)

// months contains, for each month, the first three letters of its English and Portuguese
// names.
var months = [...][]string{{"jan"}, {"feb", "fev"}, {"mar"}, {"apr", "abr"}, {"may", "mai"}, {"jun"}, {"jul"}, {"aug", "ago"}, {"sep", "set"}, {"oct", "out"}, {"nov"}, {"dec", "dez"}}

// OrderOf returns the order of day and month in the dates of a table. Dates with a day
// above 12 determine the order if they all agree. Without such dates, the language's
// usual date order applies. If the order remains unknown, OrderOf returns ""
// and an example of an ambiguous date, if there is one.
func OrderOf(rows []TableRow, language DateOrder) (order DateOrder, unclear string) {
	seen := make(map[DateOrder]bool)
	for i := range rows {
		for _, text := range rows[i].Form.dates() {
			first, second, _, ok := splitDate(*text)
			switch {
			case !ok || first == second:
			case first > 12:
				seen[DayFirst] = true
			case second > 12:
				seen[MonthFirst] = true
			case unclear == "":
				unclear = *text
			}
		}
	}
	switch {
	case seen[DayFirst] && seen[MonthFirst]:
		return "", unclear
	case seen[DayFirst]:
		return DayFirst, ""
	case seen[MonthFirst]:
		return MonthFirst, ""
	case language != "":
		return language, ""
	}
	return "", unclear
}

func (f *Form) dates() []*string { return []*string{&f.Date, &f.EndDate} }

// ReadDates rewrites the form's dates as 2006-01-02 and its times as 15:04. It leaves
// unreadable values unchanged. If order is "", it also leaves ambiguous dates unchanged.
func (f *Form) ReadDates(order DateOrder) {
	f.readMoments(false)
	for _, text := range f.dates() {
		if day, ok := readDate(*text, order); ok {
			*text = day
		}
	}
}

// UnclearDate returns an ambiguous date from the form, or "" if there is none.
func (f *Form) UnclearDate() string {
	for _, text := range f.dates() {
		if first, second, _, ok := splitDate(*text); ok && first != second && first <= 12 && second <= 12 {
			return *text
		}
	}
	return ""
}

func splitDate(text string) (first, second, year int, ok bool) {
	m := slashDate.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil || m[2] != m[4] {
		return 0, 0, 0, false
	}
	first, _ = strconv.Atoi(m[1])
	second, _ = strconv.Atoi(m[3])
	return first, second, fullYear(m[5]), true
}

func fullYear(text string) int {
	year, _ := strconv.Atoi(text)
	if len(text) == 2 {
		year += 2000
	}
	return year
}

func readDate(text string, order DateOrder) (day string, ok bool) {
	text = strings.TrimSpace(text)
	if m := isoDate.FindStringSubmatch(text); m != nil {
		month, _ := strconv.Atoi(m[2])
		first, _ := strconv.Atoi(m[3])
		return validDay(fullYear(m[1]), month, first)
	}
	if m := wordDate.FindStringSubmatch(text); m != nil {
		first, _ := strconv.Atoi(m[1])
		return validDay(fullYear(m[3]), monthNamed(m[2]), first)
	}
	first, second, year, ok := splitDate(text)
	switch {
	case !ok:
		return "", false
	case first > 12 || first == second || order == DayFirst && second <= 12:
		return validDay(year, second, first)
	case second > 12 || order == MonthFirst:
		return validDay(year, first, second)
	}
	return "", false
}

func monthNamed(name string) int {
	name = Fold(name)
	for i, beginnings := range months {
		for _, begin := range beginnings {
			if strings.HasPrefix(name, begin) {
				return i + 1
			}
		}
	}
	return 0
}

func validDay(year, month, day int) (string, bool) {
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if at.Month() != time.Month(month) || at.Day() != day {
		return "", false
	}
	return at.Format(time.DateOnly), true
}

// splitMoment splits text such as "31/03/2027 10:00" or "2027-03-31T10:00:00" into date and
// time. Both results are "" if the text has a different form.
func splitMoment(text string) (day, clock string) {
	at := strings.IndexAny(text, "T ")
	if at < 0 || strings.Trim(text[:at], "0123456789-/.") != "" || strings.Trim(text[:at], "0123456789") == "" {
		return "", ""
	}
	clock = plainClock(strings.TrimSpace(text[at+1:]))
	if _, err := time.Parse("15:04", clock); err != nil {
		return "", ""
	}
	return text[:at], clock
}

// plainClock rewrites a time of day such as "10h30", "2 PM" or "10:00:00" as 15:04. It
// returns other text unchanged.
func plainClock(text string) string {
	m := clockText.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil || m[2] == "" && m[4] == "" || strings.HasPrefix(text, "0.") { // 0.50 may be half a day
		return text
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	switch half := strings.ToLower(strings.ReplaceAll(m[4], ".", "")); {
	case half == "am" && hour == 12:
		hour = 0
	case half == "pm" && hour < 12:
		hour += 12
	case (half == "am" || half == "pm") && (hour > 12 || hour == 0 && half == "pm"):
		return text
	}
	if hour > 23 || minute > 59 {
		return text
	}
	return fmt.Sprintf("%02d:%02d", hour, minute)
}
