package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"meetdesk/meeting"
)

// dateStyle describes how a language writes dates and times, according to the catalogue.
type dateStyle struct {
	weekdays [7]string  // the words in the date.weekdays message, Sunday first
	months   [12]string // the words in the date.months message, January first
	pattern  []string   // the date.pattern message, split into text and the names weekday, day, month and year
	clock    string     // the time.layout message, which is a layout for package time
}

func newDateStyle(plain map[string]string) (dateStyle, error) {
	style := dateStyle{clock: plain["time.layout"]}
	weekdays, months := strings.Fields(plain["date.weekdays"]), strings.Fields(plain["date.months"])
	if len(weekdays) != len(style.weekdays) {
		return style, fmt.Errorf("date.weekdays has %d names; write 7, separated by spaces, beginning with Sunday", len(weekdays))
	}
	if len(months) != len(style.months) {
		return style, fmt.Errorf("date.months has %d names; write 12, separated by spaces", len(months))
	}
	copy(style.weekdays[:], weekdays)
	copy(style.months[:], months)
	rest := plain["date.pattern"]
	for _, name := range []string{"[weekday]", "[day]", "[month]", "[year]"} {
		if strings.Count(plain["date.pattern"], name) != 1 {
			return style, fmt.Errorf("date.pattern %q must contain %s once", plain["date.pattern"], name)
		}
		rest = strings.Replace(rest, name, "", 1)
	}
	if strings.ContainsAny(rest, "[]") {
		return style, fmt.Errorf("date.pattern %q may contain only [weekday] [day] [month] [year] in brackets", plain["date.pattern"])
	}
	style.pattern = strings.FieldsFunc(plain["date.pattern"], func(r rune) bool { return r == '[' || r == ']' })
	return style, checkClock(style.clock)
}

// checkClock rejects a layout without hours and minutes, such as "HH:mm", which package
// time would print unchanged. It also rejects "3:04", which does not distinguish morning
// from evening.
func checkClock(layout string) error {
	for _, want := range []time.Time{time.Date(0, 1, 1, 9, 5, 0, 0, time.UTC), time.Date(0, 1, 1, 21, 30, 0, 0, time.UTC)} {
		if got, err := time.Parse(layout, want.Format(layout)); err != nil || !got.Equal(want) {
			return fmt.Errorf("time.layout %q does not show the time; write 15:04 for 24 hours or 3:04 PM for 12", layout)
		}
	}
	return nil
}

// Date returns the date of t in the zone, such as "Wed 3 Mar 2027". It returns ""
// for the zero time. In all methods, a nil zone means UTC.
func (p Printer) Date(t time.Time, zone *time.Location) string {
	if t.IsZero() || p.t == nil {
		return ""
	}
	return p.date(in(t, zone))
}

// Time returns the time of day of t in the zone, such as "10:00". It returns "" for
// the zero time.
func (p Printer) Time(t time.Time, zone *time.Location) string {
	if t.IsZero() || p.t == nil {
		return ""
	}
	return in(t, zone).Format(p.t.dates.clock)
}

// DateTime returns the date and time of t in the zone, such as "Wed 3 Mar 2027, 10:00".
// It returns "" for the zero time.
func (p Printer) DateTime(t time.Time, zone *time.Location) string {
	if t.IsZero() || p.t == nil {
		return ""
	}
	return p.date(in(t, zone)) + ", " + p.Time(t, zone)
}

// MonthFirst reports whether "11/12" means 12 November. It returns true only if p prints
// English and the first English tag in the Accept-Language header names the US.
func (p Printer) MonthFirst(acceptLanguage string) bool {
	if p.Lang() != "en" || len(acceptLanguage) > 500 {
		return false
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return false
	}
	for _, tag := range wanted {
		if base, _ := tag.Base(); base.String() == "en" {
			region, sure := tag.Region()
			return sure == language.Exact && region.String() == "US"
		}
	}
	return false
}

// NotBefore formats t, the earliest time at which something can be done, rounded up to the
// minute. It includes the date unless t is today. If the zone is UTC, it appends "UTC",
// because UTC is also used for people whose zone is unknown.
func (p Printer) NotBefore(t, now time.Time, zone *time.Location) string {
	if t.IsZero() || p.t == nil {
		return ""
	}
	t = in(t.Add(time.Minute-time.Nanosecond).Truncate(time.Minute), zone)
	text := p.Time(t, zone)
	if dayNumber(t) != dayNumber(in(now, zone)) {
		text = p.DateTime(t, zone)
	}
	if t.Location() == time.UTC {
		text += " UTC"
	}
	return text
}

// Range formats a start and an end in the zone, such as "Wed 3 Mar 2027, 10:00–10:30". It
// adds the end's date if the dates differ. If the UTC offset changes in between, it adds
// both offsets, because 01:30 may then come before 01:15. If the end is not after the
// start, it returns only the start.
func (p Printer) Range(start, end time.Time, zone *time.Location) string {
	if !end.After(start) || start.IsZero() || p.t == nil {
		return p.DateTime(start, zone)
	}
	start, end = in(start, zone), in(end, zone)
	clock := p.t.dates.clock
	from, to := start.Format(clock), end.Format(clock)
	_, offset := start.Zone()
	_, offsetThen := end.Zone()
	if offset != offsetThen {
		from += " (" + utcOffset(offset) + ")"
		to += " (" + utcOffset(offsetThen) + ")"
	}
	switch {
	case dayNumber(start) != dayNumber(end):
		return p.date(start) + ", " + from + " – " + p.date(end) + ", " + to
	case offset != offsetThen:
		return p.date(start) + ", " + from + " – " + to
	default:
		return p.date(start) + ", " + from + "–" + to
	}
}

// Elsewhere returns a meeting's times in zone, such as "15:30–16:00 Asia/Kolkata". The
// parameter shown is the zone that the page uses. The dates are omitted if the whole
// meeting is on the same date in both zones. Elsewhere returns "" if the clocks in both
// zones show the same times, or if there is no start.
func (p Printer) Elsewhere(start, end time.Time, shown, zone *time.Location) string {
	if start.IsZero() || p.t == nil || sameClock(start, shown, zone) && (!end.After(start) || sameClock(end, shown, zone)) {
		return ""
	}
	text := p.Range(start, end, zone)
	last := start
	if end.After(start) {
		last = end
	}
	if day := p.Date(start, zone); day == p.Date(start, shown) && day == p.Date(last, shown) && day == p.Date(last, zone) {
		text = strings.TrimPrefix(text, day+", ")
	}
	return text + " " + in(start, zone).Location().String()
}

func sameClock(t time.Time, a, b *time.Location) bool {
	_, offset := in(t, a).Zone()
	_, other := in(t, b).Zone()
	return offset == other
}

// Times is like Range, but omits the date of the start: "10:00–10:30".
func (p Printer) Times(start, end time.Time, zone *time.Location) string {
	if start.IsZero() || p.t == nil {
		return ""
	}
	return strings.TrimPrefix(p.Range(start, end, zone), p.Date(start, zone)+", ")
}

// Ago formats the time since an event in whole minutes, hours or days, such as "2 hours
// ago". It returns "1 minute ago" for less than a minute.
func (p Printer) Ago(d time.Duration) string {
	switch {
	case d < time.Hour:
		return p.N("ago.minutes", max(1, int(d/time.Minute)))
	case d < 48*time.Hour:
		return p.N("ago.hours", int(d/time.Hour))
	default:
		return p.N("ago.days", int(d/(24*time.Hour)))
	}
}

// Skew returns a message that says how far the server's clock is ahead of or behind
// Microsoft's. skew is positive if Microsoft's clock is ahead.
func (p Printer) Skew(skew time.Duration) string {
	key, by := "clock.behind", skew
	if skew < 0 {
		key, by = "clock.ahead", -skew
	}
	return p.T(key, meeting.Args{"By": by})
}

func (p Printer) length(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return p.N("clock.seconds", int(d/time.Second))
	case d < 2*time.Hour:
		return p.N("clock.minutes", int(d/time.Minute))
	case d < 72*time.Hour:
		return p.N("clock.hours", int(d/time.Hour))
	}
	return p.N("clock.days", int(d/(24*time.Hour)))
}

// inUTC returns the date and time in UTC, with seconds, such as "Wed 3 Mar 2027,
// 10:00:05 UTC".
func (p Printer) inUTC(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.Date(t, time.UTC) + ", " + t.UTC().Format("15:04:05") + " UTC"
}

// Zone returns the zone's name and its UTC offset at t, such as "Europe/Lisbon
// (UTC+00:00)". For UTC it returns "UTC".
func (p Printer) Zone(t time.Time, zone *time.Location) string {
	if zone == nil || zone == time.UTC || zone.String() == "UTC" {
		return "UTC"
	}
	_, offset := t.In(zone).Zone()
	return zone.String() + " (" + utcOffset(offset) + ")"
}

func (p Printer) date(t time.Time) string {
	var b strings.Builder
	year, month, day := t.Date()
	for _, piece := range p.t.dates.pattern {
		switch piece {
		case "weekday":
			b.WriteString(p.t.dates.weekdays[t.Weekday()])
		case "day":
			b.WriteString(strconv.Itoa(day))
		case "month":
			b.WriteString(p.t.dates.months[month-1])
		case "year":
			b.WriteString(strconv.Itoa(year))
		default:
			b.WriteString(piece)
		}
	}
	return b.String()
}

func in(t time.Time, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone)
}

func dayNumber(t time.Time) int { return t.Year()*1000 + t.YearDay() }

// utcOffset formats seconds east of UTC as "UTC+05:30". It uses a minus sign, because
// browsers may break a line after a hyphen.
func utcOffset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '−', -seconds
	}
	return fmt.Sprintf("UTC%c%02d:%02d", sign, seconds/3600, seconds/60%60)
}
