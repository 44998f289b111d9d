package form

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
)

// readMoments separates the days from the times of day, because a cell may contain both. If
// two cells contradict each other, it leaves both parts in one of the fields, and Check
// reports that field as unreadable.
func (f *Form) readMoments(date1904 bool) {
	f.Date, f.Start = readMoment(f.Date, f.Start, date1904)
	f.EndDate, f.End = readMoment(f.EndDate, f.End, date1904)
}

// readMoment combines a cell for a day with a cell for a time of day. Either cell may
// contain both.
func readMoment(dayCell, clockCell string, date1904 bool) (day, clock string) {
	day, early := splitCell(dayCell, date1904)
	other, clock := splitCell(clockCell, date1904)
	if clock == "" {
		if _, _, ok := fromSerial(clockCell, date1904); ok {
			clock = "00:00"
		} else {
			other, clock = "", plainClock(clockCell)
		}
	}
	switch {
	case dayCell == "":
		day = other
	case otherDay(day, other):
		return day, other + " " + clock
	}
	switch {
	case clockCell == "":
		clock = early
	case early != "" && early != "00:00" && early != clock:
		day += " " + early
	}
	return day, clock
}

// splitCell returns the day and the time of day in a cell. If the cell does not contain
// both, day is the whole cell and clock is "".
func splitCell(cell string, date1904 bool) (day, clock string) {
	if day, clock, ok := fromSerial(cell, date1904); ok {
		return day, clock
	}
	if day, clock := splitMoment(cell); clock != "" {
		return day, clock
	}
	return cell, ""
}

// otherDay reports whether two dates are certainly different.
func otherDay(a, b string) bool {
	first, firstOK := readDate(a, "")
	second, secondOK := readDate(b, "")
	return firstOK && secondOK && first != second
}

// The serial numbers of 1 January 2000 and 31 December 2199. Numbers outside this range
// are not treated as dates.
const (
	firstSerial = 36526
	lastSerial  = 109574
	days1904    = 1462 // the difference between serial numbers counted from 1899 and from 1904
)

// fromSerial converts a spreadsheet's date: the number of days since 30 December 1899, or
// since 1 January 1904 if date1904 is true, with the time of day as a fraction. clock is ""
// if there is no fraction.
func fromSerial(cell string, date1904 bool) (day, clock string, ok bool) {
	n, err := strconv.ParseFloat(cell, 64)
	if date1904 {
		n += days1904
	}
	if err != nil || !(n >= firstSerial && n < lastSerial+1) { // also true for NaN
		return "", "", false
	}
	whole := int(n)
	minutes := int((n-float64(whole))*24*60 + 0.5)
	at := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, whole).Add(time.Duration(minutes) * time.Minute)
	if minutes > 0 {
		clock = at.Format("15:04")
	}
	return at.Format(time.DateOnly), clock, true
}

// longClock matches a length in hours and minutes. Unlike a time of day, it may have
// more than 23 hours, as in "24:00".
var longClock = regexp.MustCompile(`^(\d{1,4}):([0-5]\d)(?::00)?$`)

// decimal matches a number with a fraction. As a length, it is ambiguous: it could be a
// number of hours, a fraction of a day, or hours and minutes.
var decimal = regexp.MustCompile(`^\d*[.,]\d+$`)

// minutesIn converts a length to minutes. The length is a number of minutes such as "30"
// or "30 min", or hours and minutes such as "1:30". ok is false for other text.
func minutesIn(text string) (minutes int, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if decimal.MatchString(text) {
		return 0, false
	}
	if clock, err := time.Parse("15:04", plainClock(text)); err == nil { // some programs write 1:30 as "01:30:00 AM"
		return clock.Hour()*60 + clock.Minute(), true
	}
	if m := longClock.FindStringSubmatch(text); m != nil {
		hours, _ := strconv.Atoi(m[1])
		minutes, _ := strconv.Atoi(m[2])
		return hours*60 + minutes, true
	}
	for _, unit := range []string{"minutes", "minutos", "min.", "min", "m"} {
		if number := strings.TrimSpace(strings.TrimSuffix(text, unit)); number != text {
			text = number
			break
		}
	}
	minutes, err := strconv.Atoi(text)
	return minutes, err == nil
}

// CheckRow is like Check, but for a row of a table. It also reports a length that
// contradicts the end or the end date, because Check ignores one of the two.
func (f *Form) CheckRow(rules Rules, now time.Time) (meeting.Request, meeting.Problems) {
	r, problems := f.Check(rules, now)
	if problems.Any() || r.Duration == 0 || r.Start.IsZero() {
		return r, problems
	}
	if span := r.End.Sub(r.Start); !r.End.IsZero() && span != r.Duration {
		problems.Add(meeting.FieldDuration, meeting.ReasonDurationDiffers, meeting.Args{"Length": int(r.Duration / time.Minute), "Span": int(span / time.Minute)})
	}
	if zone, ok := meeting.LoadZone(r.TimeZone); ok && r.End.IsZero() && f.EndDate != "" {
		if end := r.Start.Add(r.Duration).In(zone); end.Format(time.DateOnly) != f.EndDate {
			problems.Add(meeting.FieldEndDate, meeting.ReasonEndDateDiffers, meeting.Args{"Date": meeting.Day(end)})
		}
	}
	return r, problems
}
