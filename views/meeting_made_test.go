package views_test

import (
	"testing"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views"
)

func TestMade(t *testing.T) {
	reader := priya
	reader.TimeZone = "UTC"
	for _, tt := range []struct {
		name   string
		form   form.Form
		change bool
		want   string
	}{
		{"the usual", form.Form{Date: "2027-03-03", Start: "10:00", End: "10:30", TimeZone: "Europe/Lisbon"}, false,
			"Wed 3 Mar 2027, 10:00–10:30 Europe/Lisbon, organizer: you"},
		{"for another", form.Form{Date: "2027-07-03", Start: "10:00", Duration: "45", TimeZone: "Europe/Lisbon", Organizer: tomas.ObjectID}, false,
			"Sat 3 Jul 2027, 10:00–10:45 Europe/Lisbon · 09:00–09:45 UTC, organizer: Tomás Oliveira"},
		{"a change", form.Form{Date: "2027-03-03", Start: "10:00", End: "10:30", TimeZone: "UTC"}, true, "Wed 3 Mar 2027, 10:00–10:30 UTC"},
		{"another day in UTC", form.Form{Date: "2027-03-03", Start: "08:00", End: "08:30", TimeZone: "Asia/Tokyo"}, false,
			"Wed 3 Mar 2027, 08:00–08:30 Asia/Tokyo · Tue 2 Mar 2027, 23:00–23:30 UTC, organizer: you"},
		{"past midnight", form.Form{Date: "2027-03-03", Start: "23:30", End: "00:30", EndDate: "2027-03-04", TimeZone: "America/New_York"}, false,
			"Wed 3 Mar 2027, 23:30 – Thu 4 Mar 2027, 00:30 America/New_York · Thu 4 Mar 2027, 04:30–05:30 UTC, organizer: you"},
		{"past midnight in UTC alone", form.Form{Date: "2027-03-03", Start: "18:30", End: "19:30", TimeZone: "America/New_York"}, false,
			"Wed 3 Mar 2027, 18:30–19:30 America/New_York · Wed 3 Mar 2027, 23:30 – Thu 4 Mar 2027, 00:30 UTC, organizer: you"},
		{"now", form.Form{TimeZone: "Europe/Lisbon"}, false, "Starts now, for 60 minutes, organizer: you"},
		{"now, for so long", form.Form{Duration: "15", TimeZone: "Europe/Lisbon"}, false, "Starts now, for 15 minutes, organizer: you"},
		{"in the past", form.Form{Date: "2027-03-02", Start: "13:00", End: "14:00", TimeZone: "UTC"}, false,
			"Tue 2 Mar 2027, 13:00–14:00 UTC, organizer: you. The start was 2 hours ago."},
		{"never", form.Form{Date: "2027-03-28", Start: "01:30", End: "02:30", TimeZone: "Europe/Lisbon"}, false,
			"There is no 01:30 on Sun 28 Mar 2027 in Europe/Lisbon: the clocks go forward over it. Choose a time before or after the change"},
		{"twice", form.Form{Date: "2027-10-31", Start: "01:15", End: "02:15", TimeZone: "Europe/Lisbon"}, false,
			"There are two times 01:15 on Sun 31 Oct 2027 in Europe/Lisbon: the clocks go back. Choose which one you mean, the first or the second"},
		{"twice, and answered", form.Form{Date: "2027-10-31", Start: "01:15", End: "01:45", TimeZone: "Europe/Lisbon", Fold: "second"}, false,
			"Sun 31 Oct 2027, 01:15–01:45 Europe/Lisbon (UTC+00:00), organizer: you"},
		{"for too long", form.Form{Date: "2027-03-03", Start: "23:30", End: "23:45", EndDate: "2027-03-04", TimeZone: "UTC"}, false,
			"The meeting must not be longer than 24 hours. Enter an earlier end"},
		{"no zone", form.Form{Date: "2027-03-03", Start: "10:00"}, false, "Enter a date, a start and an end to see when the meeting is."},
		{"an end before the start", form.Form{Date: "2027-03-03", Start: "10:00", End: "09:00", TimeZone: "UTC"}, false,
			"The end must not be before the start. If the meeting goes past midnight, enter the day on which it ends"},
		{"an unknown zone", form.Form{Date: "2027-03-03", Start: "10:00", Duration: "30", TimeZone: "Mars"}, false,
			"“Mars” is not a valid time zone. Choose one from the list, for example Europe/Lisbon"},
		{"no end", form.Form{Start: "10:00", End: "11:00", TimeZone: "UTC"}, false, "Enter a date, a start and an end to see when the meeting is."},
	} {
		request, problems := tt.form.Request(now)
		d := views.FormData{Form: tt.form, Request: request, Unclear: problems.OfFields(form.TimeInputs()...), Now: now, Organizers: []meeting.User{tomas}}
		if tt.change {
			d.Meeting = &meeting.Meeting{Details: meeting.Details{Start: now.Add(time.Hour)}}
		}
		if got := views.Made(page(t, reader, "", ""), d); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}
