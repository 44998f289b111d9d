package locale

import (
	"testing"
	"time"

	"meetdesk/meeting"
)

func TestTimes(t *testing.T) {
	p := english(t)
	lisbon, _ := meeting.LoadZone("Europe/Lisbon")
	kolkata, _ := meeting.LoadZone("Asia/Kolkata")
	newYork, _ := meeting.LoadZone("America/New_York")
	at := func(text string) time.Time {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	start := at("2027-03-03T10:00:00Z")
	for _, tt := range []struct{ name, got, want string }{
		{"date", p.Date(start, lisbon), "Wed 3 Mar 2027"},
		{"time", p.Time(start, kolkata), "15:30"},
		{"date and time", p.DateTime(at("2027-03-03T23:30:00Z"), kolkata), "Thu 4 Mar 2027, 05:00"},
		{"no zone means UTC", p.Time(start, nil), "10:00"},
		{"zero date", p.Date(time.Time{}, lisbon), ""},
		{"zero range", p.Range(time.Time{}, start, lisbon), ""},
		{"range", p.Range(start, at("2027-03-03T10:30:00Z"), lisbon), "Wed 3 Mar 2027, 10:00–10:30"},
		{"range past midnight", p.Range(at("2027-03-03T23:30:00Z"), at("2027-03-04T00:30:00Z"), lisbon), "Wed 3 Mar 2027, 23:30 – Thu 4 Mar 2027, 00:30"},
		{"past midnight in UTC, but not in the zone", p.Range(at("2027-03-03T23:30:00Z"), at("2027-03-04T00:30:00Z"), kolkata), "Thu 4 Mar 2027, 05:00–06:00"},
		{"past the end of the year", p.Range(at("2027-12-31T23:30:00Z"), at("2028-01-01T00:30:00Z"), time.UTC), "Fri 31 Dec 2027, 23:30 – Sat 1 Jan 2028, 00:30"},
		{"empty range", p.Range(start, start, lisbon), "Wed 3 Mar 2027, 10:00"},
		{"no end", p.Range(start, time.Time{}, lisbon), "Wed 3 Mar 2027, 10:00"},
		{"clocks go back during the range", p.Range(at("2027-10-31T00:30:00Z"), at("2027-10-31T01:15:00Z"), lisbon), "Sun 31 Oct 2027, 01:30 (UTC+01:00) – 01:15 (UTC+00:00)"},
		{"elsewhere, the same clock", p.Elsewhere(start, at("2027-03-03T10:30:00Z"), time.UTC, lisbon), ""},
		{"elsewhere, no zone means UTC", p.Elsewhere(start, at("2027-03-03T10:30:00Z"), lisbon, nil), ""},
		{"elsewhere, the same day", p.Elsewhere(start, at("2027-03-03T10:30:00Z"), lisbon, kolkata), "15:30–16:00 Asia/Kolkata"},
		{"elsewhere, in summer", p.Elsewhere(at("2027-07-03T10:00:00Z"), at("2027-07-03T10:30:00Z"), time.UTC, lisbon), "11:00–11:30 Europe/Lisbon"},
		{"elsewhere, another day", p.Elsewhere(at("2027-03-03T23:00:00Z"), at("2027-03-03T23:30:00Z"), lisbon, kolkata), "Thu 4 Mar 2027, 04:30–05:00 Asia/Kolkata"},
		{"elsewhere, past midnight there", p.Elsewhere(at("2027-03-03T18:00:00Z"), at("2027-03-03T19:00:00Z"), lisbon, kolkata), "Wed 3 Mar 2027, 23:30 – Thu 4 Mar 2027, 00:30 Asia/Kolkata"},
		{"elsewhere, the clocks part at the end", p.Elsewhere(at("2027-03-28T00:30:00Z"), at("2027-03-28T01:30:00Z"), time.UTC, lisbon), "00:30 (UTC+00:00) – 02:30 (UTC+01:00) Europe/Lisbon"},
		{"elsewhere, no end", p.Elsewhere(start, time.Time{}, lisbon, kolkata), "15:30 Asia/Kolkata"},
		{"elsewhere, no time", p.Elsewhere(time.Time{}, start, lisbon, kolkata), ""},
		{"zone in winter", p.Zone(start, lisbon), "Europe/Lisbon (UTC+00:00)"},
		{"zone in summer", p.Zone(at("2027-07-03T10:00:00Z"), lisbon), "Europe/Lisbon (UTC+01:00)"},
		{"zone with a half-hour offset", p.Zone(start, kolkata), "Asia/Kolkata (UTC+05:30)"},
		{"zone west of UTC", p.Zone(start, newYork), "America/New_York (UTC−05:00)"},
		{"UTC", p.Zone(start, time.UTC), "UTC"},
		{"seconds ago", p.Ago(59 * time.Second), "1 minute ago"},
		{"minutes ago", p.Ago(59*time.Minute + 59*time.Second), "59 minutes ago"},
		{"an hour ago", p.Ago(time.Hour), "1 hour ago"},
		{"hours ago", p.Ago(47 * time.Hour), "47 hours ago"},
		{"days ago", p.Ago(48 * time.Hour), "2 days ago"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestArguments(t *testing.T) {
	lisbon, _ := meeting.LoadZone("Europe/Lisbon")
	late := time.Date(2027, 7, 3, 0, 30, 5, 0, lisbon) // still 2 July in UTC
	for _, tt := range []struct {
		name     string
		key      string
		args     meeting.Args
		en, ptBR string
	}{
		{"day", string(meeting.ReasonStartMissing), meeting.Args{"Date": meeting.Day(late)}, "Enter the time at which the meeting on Sat 3 Jul 2027 starts, for example 10:00", "Informe a hora em que a reunião de sáb., 3 de jul. de 2027 começa, por exemplo 10:00"},
		{"time", "check.clock.ok", meeting.Args{"Here": late}, "It agrees with the provider’s: Fri 2 Jul 2027, 23:30:05 UTC", "Está de acordo com o do provedor: sex., 2 de jul. de 2027, 23:30:05 UTC"},
		{"length", "check.backup.old", meeting.Args{"Age": 27 * time.Hour, "At": late}, "The last one is 27 hours old, from Fri 2 Jul 2027, 23:30:05 UTC.", "O último tem 27 horas, de sex., 2 de jul. de 2027, 23:30:05 UTC."},
		{"length in days", "check.backup.old", meeting.Args{"Age": 75 * time.Hour, "At": late}, "The last one is 3 days old, from Fri 2 Jul 2027, 23:30:05 UTC.", "O último tem 3 dias, de sex., 2 de jul. de 2027, 23:30:05 UTC."},
		{"sizes", "overview.size", meeting.Args{"Size": meeting.Bytes(2_450_000_000), "Free": meeting.Bytes(1_099_512_000_000)}, "2.4 GB, 1,099 GB free on the disk", "2,4 GB, 1.099 GB livres no disco"},
		{"small sizes", "overview.size", meeting.Args{"Size": meeting.Bytes(1), "Free": meeting.Bytes(999_999_999)}, "1 MB, 1,000 MB free on the disk", "1 MB, 1.000 MB livres no disco"},
	} {
		if got := english(t).T(tt.key, tt.args); got != tt.en {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.en)
		}
		if got := english(t).t.catalogue.Printer("pt-BR").T(tt.key, tt.args); got != tt.ptBR {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.ptBR)
		}
	}
}
