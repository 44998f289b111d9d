package form_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
)

func TestSeries(t *testing.T) {
	now := time.Date(2027, 3, 1, 9, 20, 0, 0, time.UTC)
	for _, tt := range []struct{ query, want string }{
		{"date=2027-03-16&repeat=week&times=6", "03-16 03-23 03-30 04-06 04-13 04-20"},
		{"date=2027-03-16&repeat=two_weeks&times=3", "03-16 03-30 04-13"},
		{"date=2027-03-27&repeat=day&times=3", "03-27 03-28 03-29"},
		{"date=2027-03-25&repeat=workday&times=4", "03-25 03-26 03-29 03-30"},
		{"date=2027-03-27&repeat=workday&times=2", "03-27 03-29"}, // the first meeting may be on a weekend
		{"date=2027-10-31&repeat=month&times=5", "10-31 11-30 12-31 01-31 02-29"},
		{"date=&start=&repeat=week&times=2", "03-01 03-08"},
		{"date=2027-03-16&times=&repeat=", ""},
		{"date=16%20March&repeat=week&times=2", ""}, // Check reports the problem
	} {
		values, _ := url.ParseQuery(tt.query + "&external_id=INC1&start=10:00&time_zone=Europe%2FLisbon")
		list, problems := form.FromValues(values).Series(now)
		if problems.Any() {
			t.Errorf("%s has the problems %v", tt.query, problems)
		}
		var days []string
		for i, f := range list {
			days = append(days, f.Date[5:])
			r, problems := f.Request(now)
			lisbon, _ := meeting.LoadZone("Europe/Lisbon")
			if clock := r.Start.In(lisbon).Format("15:04"); problems.Any() || clock != "10:00" && clock != "09:20" {
				t.Errorf("%s: the meeting on %s starts at %s, %v", tt.query, f.Date, clock, problems)
			}
			if first := i == 0; (f.Repeat != "" && f.Times != "") != first {
				t.Errorf("%s: the meeting on %s has the series %q %q", tt.query, f.Date, f.Repeat, f.Times)
			}
		}
		if got := strings.Join(days, " "); got != tt.want {
			t.Errorf("%s has the days %q, want %q", tt.query, got, tt.want)
		}
	}
}

func TestSeriesPastMidnight(t *testing.T) {
	list, _ := form.Form{Date: "2027-02-28", Start: "23:30", End: "00:30", EndDate: "2027-03-01", TimeZone: "UTC", Repeat: form.EveryMonth, Times: "2"}.Series(time.Now())
	if len(list) != 2 || list[1].Date != "2027-03-28" || list[1].EndDate != "2027-03-29" {
		t.Errorf("the series is %+v", list)
	}
}

func TestSeriesProblems(t *testing.T) {
	for query, want := range map[string]meeting.Reason{
		"repeat=week":            meeting.ReasonTimesUnreadable,
		"repeat=week&times=1":    meeting.ReasonTimesUnreadable,
		"repeat=week&times=53":   meeting.ReasonTimesUnreadable,
		"repeat=week&times=six":  meeting.ReasonTimesUnreadable,
		"repeat=week&times=1e1":  meeting.ReasonTimesUnreadable,
		"times=6":                meeting.ReasonRepeatUnknown,
		"times=6&repeat=century": meeting.ReasonRepeatUnknown,
	} {
		values, _ := url.ParseQuery("date=2027-03-16&start=10:00&time_zone=UTC&" + query)
		list, problems := form.FromValues(values).Series(time.Now())
		if len(list) != 0 || !problems.Has(want) {
			t.Errorf("%s has %d meetings and the problems %v, want %s", query, len(list), problems, want)
		}
	}
}
