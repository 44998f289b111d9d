package meeting_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"meetdesk/meeting"
)

func TestInstants(t *testing.T) {
	for _, tt := range []struct {
		zone, wall string
		want       []string // UTC
	}{
		{"Europe/Lisbon", "2027-03-28 00:59", []string{"2027-03-28 00:59"}},
		{"Europe/Lisbon", "2027-03-28 01:00", nil},
		{"Europe/Lisbon", "2027-03-28 01:59", nil},
		{"Europe/Lisbon", "2027-03-28 02:00", []string{"2027-03-28 01:00"}},
		{"Europe/Lisbon", "2027-10-31 01:30", []string{"2027-10-31 00:30", "2027-10-31 01:30"}},
		{"Europe/Lisbon", "2027-10-31 02:00", []string{"2027-10-31 02:00"}},
		{"America/Sao_Paulo", "2018-11-04 00:30", nil}, // clocks skipped midnight
		{"America/Sao_Paulo", "2018-02-17 23:30", []string{"2018-02-18 01:30", "2018-02-18 02:30"}},
		{"America/New_York", "2027-03-14 02:30", nil},
		{"America/New_York", "2027-11-07 01:30", []string{"2027-11-07 05:30", "2027-11-07 06:30"}},
		{"Australia/Lord_Howe", "2027-10-03 02:15", nil}, // clocks skip half an hour
		{"Australia/Lord_Howe", "2027-04-04 01:45", []string{"2027-04-03 14:45", "2027-04-03 15:15"}},
		{"Pacific/Apia", "2011-12-30 12:00", nil}, // the calendar skipped a day
		{"UTC", "2027-03-28 01:30", []string{"2027-03-28 01:30"}},
	} {
		zone, ok := meeting.LoadZone(tt.zone)
		if !ok {
			t.Fatalf("unknown zone %s", tt.zone)
		}
		var got []string
		for _, at := range meeting.Instants(parse(t, tt.wall), zone) {
			got = append(got, at.Format("2006-01-02 15:04"))
		}
		if len(got) != len(tt.want) || len(got) > 0 && got[0] != tt.want[0] || len(got) > 1 && got[1] != tt.want[1] {
			t.Errorf("%s in %s has the instants %v, want %v", tt.wall, tt.zone, got, tt.want)
		}
	}
}

func parse(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestInstantsProperties derives a local time from an instant. Clocks must show that time
// at each moment that Instants returns, and one of the moments must be the original
// instant.
func TestInstantsProperties(t *testing.T) {
	names := meeting.Zones()
	rapid.Check(t, func(t *rapid.T) {
		zone, ok := meeting.LoadZone(rapid.SampledFrom(names).Draw(t, "zone"))
		if !ok {
			t.Fatal("a zone that is offered cannot be loaded")
		}
		at := time.Unix(rapid.Int64Range(1_000_000_000, 2_500_000_000).Draw(t, "moment"), 0).UTC()
		found := meeting.Instants(at.In(zone), zone)
		has := false
		for _, f := range found {
			has = has || f.Equal(at)
			if f.In(zone).Format(time.DateTime) != at.In(zone).Format(time.DateTime) {
				t.Errorf("%s is %s in the zone, want %s", f, f.In(zone), at.In(zone))
			}
		}
		if !has {
			t.Errorf("%s is not in %v", at, found)
		}
	})
}

func TestEveryOfferedZoneLoads(t *testing.T) {
	if len(meeting.Zones()) < 400 {
		t.Fatalf("only %d zones", len(meeting.Zones()))
	}
	for _, name := range meeting.Zones() {
		if _, ok := meeting.LoadZone(name); !ok {
			t.Errorf("LoadZone(%q) fails", name)
		}
	}
}

func TestLoadZone(t *testing.T) {
	for _, name := range []string{"Europe/Lisbon", "Asia/Calcutta", "Asia/Kolkata", "US/Pacific", "Europe/Kiev", "Europe/Kyiv", "Portugal", "EST5EDT", "Etc/GMT+12", "Etc/UTC", "UTC", "NZ-CHAT"} {
		if zone, ok := meeting.LoadZone(name); !ok || zone.String() != name {
			t.Errorf("LoadZone(%q) = %v, %v", name, zone, ok)
		}
	}
	for _, name := range []string{
		"", "Local", "Etc/Unknown", "undefined", "null", "Mars/Olympus", "+05:30", "UTC+1", "europe/lisbon", "Europe", "Europe/", "/etc/localtime", "../Lisbon",
		"localtime", "posixrules", "posix/Europe/Lisbon", "right/Europe/Lisbon", "Factory", "zone.tab", "tzdata.zi", "Europe/Lisbon\x00", " Europe/Lisbon",
	} {
		if zone, ok := meeting.LoadZone(name); ok {
			t.Errorf("LoadZone(%q) = %v, want no zone", name, zone)
		}
	}
}
