package web_test

import (
	"fmt"
	"image"
	"image/color"
	"mime"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/text/encoding/unicode"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

// calendarOf parses a calendar file with an independent parser and returns its properties
// by name. It also checks the line endings and line lengths (RFC 5545, 3.1).
func calendarOf(t *testing.T, p *page) map[string]string {
	t.Helper()
	p.want(200)
	if strings.Count(p.body, "\n") != strings.Count(p.body, "\r\n") || strings.Count(p.body, "\r") != strings.Count(p.body, "\r\n") || !strings.HasSuffix(p.body, "\r\n") {
		t.Error("not every line ends in CRLF")
	}
	for _, line := range strings.Split(p.body, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Errorf("line of %d bytes, valid UTF-8 is %v: %q", len(line), utf8.ValidString(line), line)
		}
	}
	calendar, err := ics.ParseCalendar(strings.NewReader(p.body))
	if err != nil || len(calendar.Events()) != 1 || len(calendar.Components) != 1 {
		t.Fatalf("%v; want one event in\n%s", err, p.body)
	}
	found := make(map[string]string)
	for _, property := range calendar.CalendarProperties {
		found[property.IANAToken] = property.Value
	}
	if got := p.header.Get("Content-Type"); got != "text/calendar; charset=utf-8; method="+found["METHOD"] {
		t.Errorf("Content-Type %q, METHOD %q", got, found["METHOD"])
	}
	for _, property := range calendar.Events()[0].Properties {
		if _, twice := found[property.IANAToken]; twice {
			t.Errorf("%s occurs twice in\n%s", property.IANAToken, p.body)
		}
		found[property.IANAToken] = property.Value
		if name := property.ICalParameters["CN"]; name != nil {
			found["CN"] = name[0]
		}
	}
	return found
}

func TestCalendarFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form("external_id", "INC 0012345~2", "date", "2027-07-05", "subject", `Printer; on fire, again \ please`)).want(200).url.Path
	p := b.get(where + "/invitation.ics")
	first, m := calendarOf(t, p), newest(t, s, "INC 0012345~2")
	for name, want := range map[string]string{
		"VERSION": "2.0", "METHOD": "PUBLISH", "STATUS": "CONFIRMED", "DTSTART": "20270705T090000Z", "DTEND": "20270705T093000Z",
		"SUMMARY": `INC 0012345~2: Printer; on fire, again \ please`, "LOCATION": m.JoinURL, "URL": m.JoinURL, "ORGANIZER": "mailto:" + priya, "CN": "Priya Nair",
	} {
		if first[name] != want {
			t.Errorf("%s is %q, want %q", name, first[name], want)
		}
	}
	for _, want := range []string{"\nWhen: Mon 5 Jul 2027, 10:00–10:30 Europe/Lisbon (UTC+01:00)\n", "\nJoin: " + m.JoinURL + "\n", "\nPasscode: " + m.Passcode + "\n"} {
		if !strings.Contains(first["DESCRIPTION"], want) {
			t.Errorf("the description lacks %q: %q", want, first["DESCRIPTION"])
		}
	}
	if got := p.header.Get("Content-Disposition"); got != `attachment; filename="meeting-INC-0012345-2.ics"` {
		t.Errorf("unexpected Content-Disposition %q", got)
	}
	if strings.Contains(p.body, "ATTENDEE") {
		t.Error("the published event has attendees (RFC 5546, 3.2.1)")
	}
	stamp, err := time.Parse("20060102T150405Z", first["DTSTAMP"])
	if err != nil || s.now().Sub(stamp).Abs() > time.Minute {
		t.Errorf("DTSTAMP %q: %v", first["DTSTAMP"], err)
	}

	t.Run("update and removal", func(t *testing.T) {
		form := fields(b.get(where + "/edit").want(200))
		form.Set("start", "11:00")
		form.Set("end", "11:45")
		b.post(where+"/update", form).want(200, "Changed")
		second := calendarOf(t, b.get(where+"/invitation.ics"))
		if second["DTSTART"] != "20270705T100000Z" || second["DTEND"] != "20270705T104500Z" {
			t.Errorf("the updated file has the times %s–%s", second["DTSTART"], second["DTEND"])
		}
		wantLater(t, first, second)
		repeated := calendarOf(t, b.get(where+"/invitation.ics"))
		if repeated["SEQUENCE"] != second["SEQUENCE"] || repeated["UID"] != second["UID"] {
			t.Error("a second download has another UID or sequence")
		}

		removed := b.post(where+"/remove", nil).want(200, "Removed")
		if removed.doc.Find(`a[href="`+where+`/invitation.ics"]`).Length() != 1 || removed.doc.Find(".qr, #invitation, #note").Length() != 0 {
			t.Error("the page of a removed meeting must offer the file that cancels it, and no kit")
		}
		third := calendarOf(t, b.get(where+"/invitation.ics"))
		wantLater(t, second, third)
		if third["STATUS"] != "CANCELLED" || third["METHOD"] != "CANCEL" || third["DTSTART"] != second["DTSTART"] || !strings.HasPrefix(third["SUMMARY"], "Cancelled: INC 0012345~2: Printer;") || !strings.Contains(third["DESCRIPTION"], "even if it still opens") {
			t.Errorf("the file does not cancel the event: %v", third)
		}
		if third["LOCATION"] != "" || third["URL"] != "" || strings.Contains(third["DESCRIPTION"], "https://") {
			t.Errorf("the file contains the join link: %v", third)
		}
		b.get(where+"/qr.svg").want(409, "removed or replaced")
	})
}

// TestCalendarFileOfReplacedMeeting checks that the calendar file of a replaced meeting
// cancels it, and that the new meeting is a separate event.
func TestCalendarFileOfReplacedMeeting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	first := calendarOf(t, b.get(where+"/invitation.ics"))
	s.graph.RemoveMeeting(newest(t, s, "INC0012345").GraphID)
	next := b.post("/meetings", s.form("anyway", "1")).want(200, "Created").url.Path
	p := b.get(where).want(200, "Replaced")
	second := calendarOf(t, b.get(p.doc.Find(`a[href$=".ics"]`).AttrOr("href", "")))
	wantLater(t, first, second)
	if second["METHOD"] != "CANCEL" || second["STATUS"] != "CANCELLED" || !strings.Contains(second["DESCRIPTION"], "Another meeting has replaced this one") || second["URL"] != "" {
		t.Errorf("the file does not cancel the event: %v", second)
	}
	if other := calendarOf(t, b.get(next+"/invitation.ics")); other["UID"] == first["UID"] || other["METHOD"] != "PUBLISH" {
		t.Errorf("the new meeting's file is %v, want another UID and PUBLISH", other)
	}
}

// wantLater checks that both calendar files describe the same event, and that the second one
// describes a newer version.
func wantLater(t *testing.T, before, after map[string]string) {
	t.Helper()
	previous, err := strconv.Atoi(before["SEQUENCE"])
	sequence, err2 := strconv.Atoi(after["SEQUENCE"])
	if err != nil || err2 != nil || sequence <= previous || after["UID"] != before["UID"] || after["UID"] == "" {
		t.Errorf("UID %q and sequence %q after %q and %q; want the same UID and a higher sequence", after["UID"], after["SEQUENCE"], before["UID"], before["SEQUENCE"])
	}
}

// TestCalendarFileEscaping checks that user input cannot add properties to the file.
func TestCalendarFileEscaping(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	for name, subject := range map[string]string{
		"line breaks":                   "Printer\r\nATTENDEE:mailto:evil@evil.example\r\nEND:VEVENT\nBEGIN:VALARM\rX:1",
		"other line breaks":             "Printer\u2028ATTENDEE:mailto:evil@evil.example\u0085\u000b\u000cEND:VEVENT\u0000",
		"special characters":            `a;b,c\d:e"f\n\;` + "\tg",
		"255 characters of four bytes":  strings.Repeat("📅", 255),
		"255 characters of three bytes": strings.Repeat("€", 255),
		"combined characters":           strings.Repeat("n\u0303👩🏽\u200d🚒", 30),
		"255 plain characters":          strings.Repeat("x", 255),
		"255 escaped characters":        strings.Repeat(`\;,`, 85),
		"empty":                         "",
	} {
		t.Run(name, func(t *testing.T) {
			s.graph.ChangeMeeting(newest(t, s, "INC0012345").GraphID, func(m map[string]any) { m["subject"] = subject })
			b.post(where+"/refresh", nil).want(200)
			got := calendarOf(t, b.get(where+"/invitation.ics"))
			line, want := meeting.OneLine(subject), "INC0012345"
			if line != "" {
				want += ": " + line
			}
			if got["SUMMARY"] != want {
				t.Errorf("SUMMARY %q, want %q", got["SUMMARY"], want)
			}
			if subject != "" && !strings.Contains(got["DESCRIPTION"], "\nSubject: "+line+"\n") {
				t.Errorf("DESCRIPTION %q has no line with the subject", got["DESCRIPTION"])
			}
			if len(got) != 16 {
				t.Errorf("%d properties, want 16: %v", len(got), got)
			}
		})
	}
	t.Run("organizer's name", func(t *testing.T) {
		inDatabase(t, s, `UPDATE users SET name = $1 WHERE upn = $2`, "Nair; \"Priya\", \r\nATTENDEE:mailto:x@evil.example", priya)
		got := calendarOf(t, b.get(where+"/invitation.ics"))
		if got["CN"] != `Nair; 'Priya',   ATTENDEE:mailto:x@evil.example` || got["ORGANIZER"] != "mailto:"+priya || len(got) != 16 {
			t.Errorf("CN %q of %v", got["CN"], got)
		}
	})
	t.Run("many people", func(t *testing.T) {
		var people strings.Builder
		for i := range meeting.MaxAttendees {
			fmt.Fprintf(&people, "Person %d <person%d@contoso.example>\n", i, i)
		}
		where := b.post("/meetings", s.form("external_id", "CROWD-500", "attendees", people.String())).want(200).url.Path
		if p := b.get(where + "/invitation.ics"); len(p.body) > 4000 || strings.Contains(p.body, "person1@") {
			t.Errorf("the file has %d bytes, want at most 4000; it names others: %v", len(p.body), strings.Contains(p.body, "person1@"))
		}
	})
	for externalID, want := range map[string]string{
		`"/../..\CON; x="`:        `"meeting-CON-x.ics"`,
		"Ärende № 7":              `"meeting-rende-7.ics"; filename*=UTF-8''meeting-%C3%84rende-7.ics`,
		"チケット12":                  `"meeting-12.ics"; filename*=UTF-8''meeting-%E3%83%81%E3%82%B1%E3%83%83%E3%83%8812.ics`,
		"تذكرة/٤٢":                `"meeting-[0-9]+.ics"; filename*=UTF-8''meeting-%D8%AA%D8%B0%D9%83%D8%B1%D8%A9-%D9%A4%D9%A2.ics`,
		"☎☎☎":                     `"meeting-[0-9]+.ics"`,
		"a\";filename=x.exe":      `"meeting-a-filename-x-exe.ics"`,
		"%2e%2e%2f''":             `"meeting-2e-2e-2f.ics"`,
		strings.Repeat("A1", 128): `"meeting-` + strings.Repeat("A1", 30) + `.ics"`,
	} {
		t.Run("file name of "+externalID, func(t *testing.T) {
			where := b.post("/meetings", s.form("external_id", externalID)).want(200).url.Path
			got := b.get(where + "/invitation.ics").want(200).header.Get("Content-Disposition")
			if !regexp.MustCompile(`^attachment; filename=` + strings.ReplaceAll(strings.ReplaceAll(want, ".", `\.`), "*", `\*`) + `$`).MatchString(got) {
				t.Errorf("Content-Disposition %q, want %q", got, want)
			}
			if kind, params, err := mime.ParseMediaType(got); kind != "attachment" || len(params) != 1 || err != nil {
				t.Errorf("%q is parsed as %s, %v: %v", got, kind, params, err)
			}
			picture := b.get(where + "/qr.svg").want(200).header.Get("Content-Disposition")
			if picture != strings.ReplaceAll(strings.Replace(got, "attachment", "inline", 1), ".ics", ".svg") {
				t.Errorf("Content-Disposition of the QR code %q, want the same name", picture)
			}
		})
	}
}

func TestIncompleteKit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	for _, tt := range []struct {
		name, statement string
		calendar, qr    string // the expected error, or ""
	}{
		{"no times", `UPDATE meetings SET start_at = NULL, end_at = NULL`, "no calendar file", ""},
		{"no end", `UPDATE meetings SET start_at = created_at`, "", ""},
		{"end equal to start", `UPDATE meetings SET end_at = start_at`, "", ""},
		{"link too long for a QR code", `UPDATE meetings SET join_url = 'https://teams.microsoft.com/` + strings.Repeat("0", 4000) + `'`, "", "too long"},
		{"no link", `UPDATE meetings SET join_url = ''`, "nothing to share yet", "nothing to share yet"},
		{"replaced", `UPDATE meetings SET state = 'replaced', join_url = 'https://teams.microsoft.com/x'`, "", "removed or replaced"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inDatabase(t, s, tt.statement)
			for part, want := range map[string]string{"/invitation.ics": tt.calendar, "/qr.svg": tt.qr} {
				if p := b.get(where + part); want == "" {
					p.want(200)
				} else {
					wantErrorPage(t, p.want(409, want))
				}
			}
		})
	}
	if p := b.get(where).want(200, "Replaced"); p.doc.Find(`a[href$=".ics"]`).Length() != 1 || p.doc.Find(`.qr, #invitation`).Length() != 0 {
		t.Error("the page of a replaced meeting must offer the file that cancels it, and no kit")
	}
}

// TestKitOfHandedOverMeeting checks that users with handed-over access get the whole kit,
// without the names of other participants.
func TestKitOfHandedOverMeeting(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	where := s.signIn(priya).post("/meetings", s.form()).want(200).url.Path
	b := s.signIn(tomas)
	b.get(where + "/invitation.ics").want(404)
	p := b.post(where+"/hand-over", url.Values{"external_id": {"INC0012345"}}).want(200, "This is a meeting of Priya Nair")
	if n := p.doc.Find(`#join-url, #invitation, #note, .spelling, .qr img, a[href^="mailto:?"], a[href$="/invitation.ics"]`).Length(); n != 7 {
		t.Errorf("the page has %d parts of the kit, want 7", n)
	}
	file := calendarOf(t, b.get(where+"/invitation.ics"))
	b.get(where + "/qr.svg").want(200)
	for _, text := range []string{file["DESCRIPTION"], p.text()} {
		if strings.Contains(text, "dana@") {
			t.Errorf("the kit names another participant: %s", text)
		}
	}
}

func TestQRCode(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	if p := b.get(where).want(200); p.doc.Find(`img[src="`+where+`/qr.svg"]`).AttrOr("alt", "") != "QR code of the join link" {
		t.Error("the page has no QR code with an alternative text")
	}
	for _, link := range []string{newest(t, s, "INC0012345").JoinURL, "https://teams.example/ü?" + strings.Repeat("x", 1200)} {
		inDatabase(t, s, `UPDATE meetings SET join_url = $1`, link)
		p := b.get(where + "/qr.svg").want(200)
		if got := p.header.Get("Content-Type"); got != "image/svg+xml; charset=utf-8" {
			t.Errorf("Content-Type %q", got)
		}
		if got := decodeQR(t, p.body); got != link {
			t.Errorf("the QR code contains %q, want %q", got, link)
		}
	}
}

var (
	viewBox = regexp.MustCompile(`viewBox="0 0 (\d+) (\d+)"`)
	run     = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)
)

// decodeQR renders the QR code at four pixels per module and decodes it. It also checks
// the quiet zone.
func decodeQR(t *testing.T, svg string) string {
	t.Helper()
	const scale = 4
	box := viewBox.FindStringSubmatch(svg)
	if box == nil || box[1] != box[2] {
		t.Fatalf("the picture is not square: %.200s", svg)
	}
	number := func(text string) int { n, _ := strconv.Atoi(text); return n }
	size := number(box[1])
	picture := image.NewGray(image.Rect(0, 0, size*scale, size*scale))
	for i := range picture.Pix {
		picture.Pix[i] = 255
	}
	for _, r := range run.FindAllStringSubmatch(svg, -1) {
		x, y, length := number(r[1]), number(r[2]), number(r[3])
		if r[3] != r[4] || min(x, y) < 4 || max(x+length, y+1) > size-4 {
			t.Fatalf("%q is in the quiet zone, or is not a rectangle", r[0])
		}
		for px := x * scale; px < (x+length)*scale; px++ {
			for py := y * scale; py < (y+1)*scale; py++ {
				picture.SetGray(px, py, color.Gray{})
			}
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_CHARACTER_SET: unicode.UTF8, gozxing.DecodeHintType_PURE_BARCODE: true}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		t.Fatalf("the QR code cannot be decoded: %v", err)
	}
	if level := result.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL]; level != "M" {
		t.Errorf("error correction %v, want M", level)
	}
	return result.GetText()
}
