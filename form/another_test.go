package form_test

import (
	"testing"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
)

func TestAnotherDay(t *testing.T) {
	lisbon, _ := meeting.LoadZone("Europe/Lisbon")
	apia, _ := meeting.LoadZone("Pacific/Apia") // 13 hours ahead of UTC
	moment := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, tt := range []struct {
		name            string
		start, end, now string
		zone            *time.Location
		want            form.Form
	}{
		{"the day after", "2027-03-03T10:00:00Z", "2027-03-03T10:30:00Z", "2027-03-01T09:00:00Z", lisbon, form.Form{Date: "2027-03-04", Start: "10:00", End: "10:30"}},
		{"after a weekend", "2027-03-05T10:00:00Z", "2027-03-05T10:30:00Z", "2027-03-01T09:00:00Z", lisbon, form.Form{Date: "2027-03-08", Start: "10:00", End: "10:30"}},
		{"not before tomorrow", "2027-03-03T10:00:00Z", "2027-03-03T10:30:00Z", "2027-03-16T09:00:00Z", lisbon, form.Form{Date: "2027-03-17", Start: "10:00", End: "10:30"}},
		{"tomorrow is a Saturday", "2027-03-03T10:00:00Z", "2027-03-03T10:30:00Z", "2027-03-19T09:00:00Z", lisbon, form.Form{Date: "2027-03-22", Start: "10:00", End: "10:30"}},
		{"a meeting on a Saturday", "2027-03-06T10:00:00Z", "2027-03-06T10:30:00Z", "2027-03-01T09:00:00Z", lisbon, form.Form{Date: "2027-03-08", Start: "10:00", End: "10:30"}},
		{"past midnight", "2027-03-03T23:30:00Z", "2027-03-04T00:15:00Z", "2027-03-01T09:00:00Z", lisbon, form.Form{Date: "2027-03-04", Start: "23:30", End: "00:15", EndDate: "2027-03-05"}},
		{"the same local time after clocks change", "2027-03-26T10:00:00Z", "2027-03-26T11:00:00Z", "2027-03-01T09:00:00Z", lisbon, form.Form{Date: "2027-03-29", Start: "10:00", End: "11:00"}},
		{"the day in the zone", "2027-03-03T20:00:00Z", "2027-03-03T20:30:00Z", "2027-03-01T09:00:00Z", apia, form.Form{Date: "2027-03-05", Start: "09:00", End: "09:30"}},
		{"tomorrow in the zone", "2027-03-01T20:00:00Z", "2027-03-01T20:30:00Z", "2027-03-03T12:00:00Z", apia, form.Form{Date: "2027-03-05", Start: "09:00", End: "09:30"}},
		{"no length", "2027-03-03T10:00:00Z", "2027-03-03T10:00:00Z", "2027-03-01T09:00:00Z", lisbon, form.Form{Date: "2027-03-04", Start: "10:00", End: "10:00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := meeting.Meeting{Details: meeting.Details{Start: moment(tt.start), End: moment(tt.end)}}
			if got := form.AnotherDay(m, tt.zone, moment(tt.now)); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
	if got := form.AnotherDay(meeting.Meeting{}, lisbon, moment("2027-03-01T09:00:00Z")); got != (form.Form{}) {
		t.Errorf("without times, got %+v", got)
	}
}
