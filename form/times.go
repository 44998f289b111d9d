package form

import (
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
)

// The values of Form.Fold, which selects the first or second occurrence of a local time
// that occurs twice because clocks go back.
const (
	FoldFirst  = "first"
	FoldSecond = "second"
)

// StartingNow returns a copy of the form in which the meeting starts now and keeps its
// length. If the form has no valid length, the meeting lasts the given number of minutes.
// Malformed times are reported as problems.
func (f Form) StartingNow(minutes int) (now Form, unread meeting.Problems) {
	parseDay(meeting.FieldDate, f.Date, &unread)
	parseClock(meeting.FieldStart, f.Start, &unread)
	parseClock(meeting.FieldEnd, f.End, &unread)
	parseDay(meeting.FieldEndDate, f.EndDate, &unread)
	parseDuration(f.Duration, &unread)
	if length := f.length(); length > 0 && length <= meeting.MaxDuration {
		minutes = int(length / time.Minute)
	}
	f.Date, f.Start, f.End, f.EndDate, f.Fold = "", "", "", "", ""
	f.Duration = strconv.Itoa(minutes)
	return f, unread
}

// SetStart fills in the date and the start. If the local time occurs twice, because clocks
// go back, it also fills in Fold.
func (f *Form) SetStart(start time.Time) {
	f.Date, f.Start = start.Format(time.DateOnly), start.Format("15:04")
	if same := meeting.Instants(start, start.Location()); len(same) == 2 {
		f.Fold = FoldFirst
		if !start.Before(same[1]) {
			f.Fold = FoldSecond
		}
	}
}

// SetEnd fills in the end, and also the end date if that differs from the start date.
// Form.Fold applies to both the start and the end. If the two need different values of Fold,
// SetEnd fills in the length instead of the end.
func (f *Form) SetEnd(start, end time.Time) {
	var asStart Form
	asStart.SetStart(end)
	if asStart.Fold != "" && asStart.Fold != f.Fold {
		f.End, f.Duration = "", strconv.Itoa(int(end.Sub(start)/time.Minute))
		return
	}
	f.End = asStart.Start
	if asStart.Date != f.Date {
		f.EndDate = asStart.Date
	}
}

// times sets the start, the end and the duration in r from the form. If there is a
// problem, the start and the end remain zero.
func (f Form) times(now time.Time, r *meeting.Request) (problems meeting.Problems) {
	defer func() {
		if problems.Any() {
			r.Start, r.End = time.Time{}, time.Time{}
		}
	}()
	zone, ok := meeting.LoadZone(r.TimeZone)
	switch {
	case r.TimeZone == "":
		problems.Add(meeting.FieldTimeZone, meeting.ReasonZoneBlank, nil)
	case !ok:
		problems.Add(meeting.FieldTimeZone, meeting.ReasonZoneUnknown, meeting.Args{"Zone": meeting.Shorten(r.TimeZone, 80)})
	}
	date, dateOK := parseDay(meeting.FieldDate, f.Date, &problems)
	endDate, endDateOK := parseDay(meeting.FieldEndDate, f.EndDate, &problems)
	start, startOK := parseClock(meeting.FieldStart, f.Start, &problems)
	end, endOK := parseClock(meeting.FieldEnd, f.End, &problems)
	r.Duration = parseDuration(f.Duration, &problems)
	if f.Fold != "" && f.Fold != FoldFirst && f.Fold != FoldSecond {
		problems.Add(meeting.FieldFold, meeting.ReasonFoldUnknown, nil)
	}
	if problems.Any() {
		return problems
	}
	switch {
	case startOK && !dateOK:
		problems.Add(meeting.FieldDate, meeting.ReasonDateMissing, nil)
	case endOK && !startOK:
		problems.Add(meeting.FieldEnd, meeting.ReasonEndAlone, nil)
	case endDateOK && !endOK && r.Duration == 0:
		problems.Add(meeting.FieldEnd, meeting.ReasonEndBlank, nil)
	case !startOK && dateOK && date != dayOf(now.In(zone)):
		problems.Add(meeting.FieldStart, meeting.ReasonStartMissing, meeting.Args{"Date": meeting.Day(date)})
	}
	if problems.Any() || !startOK {
		return problems
	}
	if !endDateOK {
		endDate = date
	}
	r.Start = f.instant(meeting.FieldStart, on(date, start), zone, &problems)
	if endOK {
		r.End = f.instant(meeting.FieldEnd, on(endDate, end), zone, &problems)
		if r.End.Before(r.Start) {
			r.End = laterFold(r.End, r.Start, zone)
		}
	}
	return problems
}

// instant converts a local time to UTC. If the local time occurs twice, f.Fold selects one
// of the two instants. If clocks skip the local time, or Fold is needed but empty, instant
// adds a problem and returns the zero time.
func (f Form) instant(field string, wall time.Time, zone *time.Location, problems *meeting.Problems) time.Time {
	args := meeting.Args{"Time": wall.Format("15:04"), "Date": meeting.Day(wall), "Zone": zone.String()}
	switch found := meeting.Instants(wall, zone); {
	case len(found) == 0:
		problems.Add(field, meeting.ReasonTimeMissing, args)
		return time.Time{}
	case len(found) == 1 || f.Fold == FoldFirst:
		return found[0]
	case f.Fold == FoldSecond:
		return found[1]
	default:
		problems.Add(field, meeting.ReasonTimeTwice, args)
		return time.Time{}
	}
}

func parseDay(field, text string, problems *meeting.Problems) (day time.Time, ok bool) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, false
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 2000 || day.Year() > 2199 {
		problems.Add(field, meeting.ReasonDateUnreadable, meeting.Args{"Value": meeting.Shorten(text, 40)})
		return time.Time{}, false
	}
	return day, true
}

func parseClock(field, text string, problems *meeting.Problems) (clock time.Time, ok bool) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, false
	}
	for _, layout := range []string{"15:04", "15:04:05"} { // browsers send seconds if the input's step allows them
		if clock, err := time.Parse(layout, text); err == nil {
			return clock, true
		}
	}
	problems.Add(field, meeting.ReasonTimeUnreadable, meeting.Args{"Value": meeting.Shorten(text, 40)})
	return time.Time{}, false
}

func parseDuration(text string, problems *meeting.Problems) time.Duration {
	if text = strings.TrimSpace(text); text == "" {
		return 0
	}
	minutes, ok := minutesIn(text)
	if !ok || minutes < 1 || minutes > int(meeting.MaxDuration/time.Minute) {
		reason := meeting.ReasonDurationUnreadable
		if decimal.MatchString(text) {
			reason = meeting.ReasonDurationDecimal
		}
		problems.Add(meeting.FieldDuration, reason, meeting.Args{"Value": meeting.Shorten(text, 40)})
		return 0
	}
	return time.Duration(minutes) * time.Minute
}

// laterFold returns the second instant at which clocks show the local time of the end. If
// there is only one such instant, or the second is before the start, it returns the end
// unchanged.
func laterFold(end, start time.Time, zone *time.Location) time.Time {
	if found := meeting.Instants(end.In(zone), zone); len(found) == 2 && !found[1].Before(start) {
		return found[1]
	}
	return end
}

func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func on(day, clock time.Time) time.Time {
	return day.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute + time.Duration(clock.Second())*time.Second)
}
