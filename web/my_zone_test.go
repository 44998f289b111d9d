package web_test

import (
	"strings"
	"testing"

	"meetdesk/testenv"
)

// TestZoneOfOneMeeting checks that creating a meeting in another time zone changes the
// person's own zone only on request.
func TestZoneOfOneMeeting(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	if n := b.get("/meetings/new").want(200).doc.Find("[name=my_zone]").Length(); n != 0 {
		t.Error("a person without a zone is asked whether to keep one")
	}
	home := func(zone string) {
		t.Helper()
		if text := b.get("/").want(200).text(); !strings.Contains(text, "Times in "+zone) {
			t.Errorf("the home page shows other times than those in %s:\n%s", zone, text)
		}
	}
	b.post("/meetings", s.form("time_zone", "Europe/Lisbon")).want(200, "Created")
	home("Europe/Lisbon")
	b.post("/meetings", s.form("external_id", "INC2", "time_zone", "Asia/Kolkata", "end", "11:00")).want(200, "Created") // also changes the usual length
	home("Europe/Lisbon")
	if zone := fields(b.get("/meetings/new")).Get("time_zone"); zone != "Europe/Lisbon" {
		t.Errorf("the next form proposes %s", zone)
	}
	b.post("/meetings/2/update", s.form("subject", "Renamed", "time_zone", "Asia/Tokyo")).want(200)
	home("Europe/Lisbon")

	sent := s.form("external_id", "INC3", "time_zone", "Asia/Kolkata", "my_zone", "1", "start", "25:00")
	again := b.post("/meetings", sent).want(422)
	if again.doc.Find("[name=my_zone][checked]").Length() != 1 {
		t.Error("the choice is lost after an error")
	}
	sent.Set("start", "10:00")
	b.post("/meetings", sent).want(200, "Created")
	home("Asia/Kolkata")
}

func TestFocusWithoutScript(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for query, want := range map[string]string{
		"": "external_id", "?external_id=INC1": "subject", "?external_id=INC1&subject=A": "attendees",
	} {
		focused := b.get("/meetings/new" + query).want(200).doc.Find("main [autofocus]")
		if name := focused.AttrOr("name", ""); focused.Length() != 1 || name != want {
			t.Errorf("/meetings/new%s: the focus is in %q, want %q", query, name, want)
		}
	}
}
