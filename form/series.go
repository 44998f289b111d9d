package form

import (
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
)

// The values of Form.Repeat.
const (
	EveryDay      = "day"
	EveryWorkday  = "workday" // Monday to Friday
	EveryWeek     = "week"
	EveryTwoWeeks = "two_weeks"
	EveryMonth    = "month"
)

// Repeats returns the values of Form.Repeat.
func Repeats() []string {
	return []string{EveryDay, EveryWorkday, EveryWeek, EveryTwoWeeks, EveryMonth}
}

// The limits on the number of meetings in a series. MaxSeries allows a year of weekly
// meetings.
const (
	MinSeries = 2
	MaxSeries = 52
)

// Series returns a form for each meeting of the series, or nil if the form describes a
// single meeting. All meetings start at the same local time. If the date is invalid, Series
// returns nil, and Check reports the problem. The first form keeps Repeat, Times and the
// preset, so that the series can be changed later.
func (f Form) Series(now time.Time) (list []Form, problems meeting.Problems) {
	repeat, count := strings.TrimSpace(f.Repeat), strings.TrimSpace(f.Times)
	if repeat == "" && count == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(count)
	if err != nil || n < MinSeries || n > MaxSeries {
		problems.Add(meeting.FieldTimes, meeting.ReasonTimesUnreadable, meeting.Args{"Min": MinSeries, "Max": MaxSeries})
	}
	if _, ok := occurrence(time.Time{}, repeat, 0); !ok {
		problems.Add(meeting.FieldRepeat, meeting.ReasonRepeatUnknown, nil)
	}
	zone, known := meeting.LoadZone(strings.TrimSpace(f.TimeZone))
	if strings.TrimSpace(f.Date) == "" && known {
		f.SetStart(now.In(zone)) // without a date, the series starts now
	}
	first, err := time.Parse(time.DateOnly, strings.TrimSpace(f.Date))
	if err != nil || problems.Any() {
		return nil, problems
	}
	if strings.TrimSpace(f.End) != "" {
		f.Duration = "" // ignored if there is an end
	}
	f.FormID, f.Draft, f.Proposed, f.Now = "", "", "", false
	end, err := time.Parse(time.DateOnly, strings.TrimSpace(f.EndDate))
	endsLater, days := err == nil, end.Sub(first)
	for i := range n {
		day, _ := occurrence(first, repeat, i)
		f.Date = day.Format(time.DateOnly)
		if endsLater {
			f.EndDate = day.Add(days).Format(time.DateOnly)
		}
		list = append(list, f)
		f.Repeat, f.Times, f.Preset, f.Filled = "", "", "", ""
	}
	return list, nil
}

// occurrence returns the day of the meeting with the given index. In a month that has
// too few days, the meeting is on the last day. ok is false if repeat is unknown.
func occurrence(first time.Time, repeat string, index int) (day time.Time, ok bool) {
	switch repeat {
	case EveryDay:
		return first.AddDate(0, 0, index), true
	case EveryWeek:
		return first.AddDate(0, 0, 7*index), true
	case EveryTwoWeeks:
		return first.AddDate(0, 0, 14*index), true
	case EveryMonth:
		day = first.AddDate(0, index, 0)
		if day.Day() != first.Day() {
			day = day.AddDate(0, 0, -day.Day())
		}
		return day, true
	case EveryWorkday:
		for day = first; index > 0; index-- {
			for day = day.AddDate(0, 0, 1); isWeekend(day); day = day.AddDate(0, 0, 1) {
			}
		}
		return day, true
	}
	return first, false
}
