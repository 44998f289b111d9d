package compact

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"meetdesk/meeting"
)

const (
	tenant    = "6f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10"
	organizer = "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01"
)

func thread(guid string) string {
	return "19:meeting_" + base64.StdEncoding.EncodeToString([]byte(guid)) + "@thread.v2"
}

func graphID(organizer, thread string) string {
	return base64.StdEncoding.EncodeToString([]byte("1*" + organizer + "*0**" + thread))
}

// Links and IDs in Microsoft's usual forms are shortened, and others are stored in full.
// All are read back unchanged.
func TestLinks(t *testing.T) {
	o := meeting.User{TenantID: tenant, ObjectID: organizer}
	th := thread("1a7306bf-a026-43a1-87ed-be2b8fdd6e13")
	const encoded = "19%3ameeting_MWE3MzA2YmYtYTAyNi00M2ExLTg3ZWQtYmUyYjhmZGQ2ZTEz%40thread.v2"
	for _, tt := range []struct {
		name  string
		d     meeting.Details
		short bool
	}{
		{"as Teams writes them", meeting.Details{
			GraphID: graphID(organizer, th), ThreadID: th, JoinMeetingID: "2140955407923", ConferenceID: "892662389",
			JoinURL:    "https://teams.microsoft.com/l/meetup-join/" + encoded + "/0?context=%7b%22Tid%22%3a%22" + tenant + "%22%2c%22Oid%22%3a%22" + organizer + "%22%7d",
			OptionsURL: "https://teams.microsoft.com/meetingOptions/?organizerId=" + organizer + "&tenantId=" + tenant + "&threadId=19_meeting_MWE3MzA2YmYtYTAyNi00M2ExLTg3ZWQtYmUyYjhmZGQ2ZTEz@thread.v2&messageId=0&language=en-US",
			DialInURL:  "https://dialin.teams.microsoft.com/" + tenant + "?id=892662389",
		}, true},
		{"short links", meeting.Details{
			GraphID: graphID(organizer, th), ThreadID: th, JoinMeetingID: "2140955407923", JoinURL: "https://teams.microsoft.com/meet/2140955407923?p=aBcDeF",
			OptionsURL: "https://teams.microsoft.com/meetingOptions/?language=pt-BR&organizerId=" + strings.ToUpper(organizer), DialInURL: "https://dialin.teams.microsoft.com/?id=1",
		}, true},
		{"another organizer's", meeting.Details{GraphID: graphID(tenant, th), ThreadID: th, JoinURL: "https://example.com/join"}, false},
		{"none", meeting.Details{}, false},
		{"texts with braces", meeting.Details{GraphID: "{g}AAAAAAAAAAAAAAAAAAAAAA", JoinURL: "{0}{h}", OptionsURL: "{{", DialInURL: "https://dialin.teams.microsoft.com/{t}{", ThreadID: "{"}, false},
		{"in the braces of another", meeting.Details{GraphID: "{=}x", JoinURL: "{", OptionsURL: "https://teams.microsoft.com/l/meetup-join/{0", ThreadID: "}0{aaaaaaa"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := tt.d
			Shorten(o, &d)
			stored := d
			Lengthen(o, &d)
			if d.GraphID != tt.d.GraphID || d.JoinURL != tt.d.JoinURL || d.OptionsURL != tt.d.OptionsURL || d.DialInURL != tt.d.DialInURL {
				t.Errorf("%+v\nwas stored as\n%+v\nand read as\n%+v", tt.d, stored, d)
			}
			if length := len(stored.GraphID + stored.JoinURL + stored.OptionsURL + stored.DialInURL); tt.short && length > 100 {
				t.Errorf("%d bytes are stored: %+v", length, stored)
			}
			if short := ShortGraphID(tt.d.GraphID); tt.short && short != stored.GraphID {
				t.Errorf("the ID is stored as %q and looked for as %q", stored.GraphID, short)
			}
		})
	}
}

func TestAnyLink(t *testing.T) {
	piece := rapid.SampledFrom([]string{"{", "}", "{{", "{0}", "{h}", "{=}", "{g}", "{*", "*0", constants[0], constants[2], constants[15], tenant, organizer, "19:meeting_x@thread.v2", "19%3ameeting_x%40thread.v2", "123456", "%", "é", ""})
	text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "pieces"), "") })
	rapid.Check(t, func(t *rapid.T) {
		row := Row{tenant, organizer, text.Draw(t, "thread"), text.Draw(t, "number"), text.Draw(t, "conference")}
		link := text.Draw(t, "link")
		if stored := row.Link(link); row.FullLink(stored) != link {
			t.Fatalf("%q was stored as %q and read as %q", link, stored, row.FullLink(stored))
		}
		if stored := row.GraphID(link); row.FullGraphID(stored) != link {
			t.Fatalf("the ID %q was stored as %q and read as %q", link, stored, row.FullGraphID(stored))
		}
	})
}

// FuzzIDs checks that PutBack undoes TakeIDs and that malformed data does not crash the
// decoder.
func FuzzIDs(f *testing.F) {
	th := thread("1a7306bf-a026-43a1-87ed-be2b8fdd6e13")
	for _, seed := range []string{"", organizer + organizer, th, graphID(organizer, th), "%" + organizer, "%22" + organizer, "1234567890", "x1234567890123456789", "0123456789", "999999999%3d999999999", "MS" + strings.Repeat("A", 200), "\x01\x00", th + graphID(organizer, th) + tenant + "123456789"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if ids, rest, err := DecodeIDs(text); err == nil {
			_, _ = ids.PutBack(rest)
		}
		ids, marked, ok := TakeIDs(text)
		if !ok {
			return
		}
		read, rest, err := DecodeIDs(append(ids.Encode(), marked...))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := read.PutBack(rest); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%q came back as %q, %v", text, got, err)
		}
	})
}

func BenchmarkTakeIDs(b *testing.B) {
	th := thread("1a7306bf-a026-43a1-87ed-be2b8fdd6e13")
	text := []byte(strings.Repeat(`"subject":"Printer on fire","threadId":"`+th+`","id":"`+organizer+`","joinMeetingId":"2140955407923",`, 20))
	for b.Loop() {
		TakeIDs(text)
	}
}
