package store

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"meetdesk/meeting"
)

// A Date header is read back exactly as Graph wrote it. A date in the usual format is
// stored in fewer bytes.
func TestStoredDate(t *testing.T) {
	begun := time.Date(2023, 11, 29, 21, 54, 8, 900e6, time.UTC)
	for header, want := range map[string]string{
		"Wed, 29 Nov 2023 21:54:09 GMT": "+1", "Wed, 29 Nov 2023 21:54:08 GMT": "+0", "Wed, 29 Nov 2023 20:54:08 GMT": "+-3600", "": "", "Mon, 01 Jan 0001 00:00:00 GMT": "+-63836891648",
		"Thu, 29 Nov 2023 21:54:09 GMT": "Thu, 29 Nov 2023 21:54:09 GMT", "Wed, 29 Nov 2023 21:54:09 +0000": "Wed, 29 Nov 2023 21:54:09 +0000",
		"@soon": "=@soon", "+5": "=+5", "=": "==", "@1701294849": "=@1701294849",
	} {
		value, err := storedDate{&header, &begun}.Value()
		var read string
		if scanned := (storedDate{&read, &begun}).Scan(value); err != nil || scanned != nil || value != want || read != header {
			t.Errorf("%q was stored as %q (%v), want %q, and read as %q (%v)", header, value, err, want, read, scanned)
		}
	}
	for stored, want := range map[string]string{"@1701294849": "Wed, 29 Nov 2023 21:54:09 GMT", "@soon": "@soon", "+": "+"} { // older versions may have stored these values
		var read string
		if err := (storedDate{&read, &begun}).Scan(stored); err != nil || read != want {
			t.Errorf("%q was read as %q (%v), want %q", stored, read, err, want)
		}
	}
}

// Attempts for the same people are read correctly, even if a subject contains the JSON of
// their list. A change to the attendees of one attempt does not affect the others.
func TestKnownPeopleAreReadLikeOthers(t *testing.T) {
	two := []meeting.Attendee{{UPN: "dana@contoso.example", Name: `Dana "D" <Whitfield>`}, {UPN: "tomas@contoso.example", Role: meeting.RolePresenter}}
	text, err := json.Marshal(two)
	if err != nil {
		t.Fatal(err)
	}
	var known knownPeople
	var read []meeting.Asked
	asked := []meeting.Asked{
		{Subject: "first", Attendees: two}, {Subject: "second", Attendees: two, KeepPeople: true}, {Subject: `"attendees":` + string(text), Attendees: two[:1]},
		{Subject: `"attendees":` + string(text), Attendees: two}, {Subject: "none"}, {Subject: "empty", Attendees: []meeting.Attendee{}}, {Subject: "again", Attendees: two},
	}
	for _, want := range asked {
		stored, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var a meeting.Asked
		if err := (storedAsked{&a, &known}).Scan(string(stored)); err != nil {
			t.Fatal(err)
		}
		read = append(read, a)
	}
	read[0].Attendees[0].Name = "changed"
	for i, a := range read[1:] {
		if want := asked[i+1]; !reflect.DeepEqual(a, want) {
			t.Errorf("got  %+v\nwant %+v", a, want)
		}
	}
}
