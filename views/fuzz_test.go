package views

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"meetdesk/locale"
	"meetdesk/meeting"
)

// FuzzInvitation checks that the mailto link and the links to calendar services are
// well-formed and short enough, and that the calendar file contains the subject and the
// join link.
func FuzzInvitation(f *testing.F) {
	f.Add("Printer", "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%7d", "tomas@contoso.example", "Priya Nair", int64(1795867200), int64(45))
	f.Add("a&b=c#d\r\nBcc: x@y.example", "https://teams.example/1", "a,b;c@d.example", `"O'Hara; \n`, int64(946684800), int64(0))
	f.Add(strings.Repeat("é", 255), "https://teams.example/"+strings.Repeat("x", 900), "\u202e@b.example", "\u2028", int64(7258118400), int64(1440))
	catalogue, err := locale.Load()
	if err != nil {
		f.Fatal(err)
	}
	page := Page{T: catalogue.Printer("en"), User: meeting.User{UPN: "priya@contoso.example"}}
	f.Fuzz(func(t *testing.T, subject, link, upn, name string, seconds, minutes int64) {
		u, err := url.Parse(link)
		if err != nil || u.Scheme != "https" || u.Host == "" || !utf8.ValidString(subject+link+upn+name) || len(link) > 8000 {
			return // the desk does not store such a link or text
		}
		for _, text := range []*string{&subject, &upn, &name} {
			*text = meeting.CutLine(*text, 255)
		}
		m := meeting.Meeting{ID: 7, State: meeting.Live, Organizer: meeting.User{Name: name, UPN: upn}}
		m.ExternalID, m.Subject, m.JoinURL, m.GraphID = "INC0012345", subject, link, "M1"
		m.Start = time.Unix(946_684_800+max(seconds, -(seconds+1))%(6*1e9), 0).UTC()
		m.End = m.Start.Add(time.Duration(minutes%1440) * time.Minute)
		m.Attendees = []meeting.Attendee{{UPN: upn}, {UPN: "dana@contoso.example"}}
		d := MeetingData{Meeting: m, Now: m.Start}
		l := d.letter(page)
		mail := l.mail
		to, query, _ := strings.Cut(strings.TrimPrefix(mail, "mailto:"), "?")
		values, err := url.ParseQuery(strings.ReplaceAll(query, "+", "%2B"))
		if err != nil || len(mail) > maxMailto || strings.ContainsFunc(mail, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>\"", r) }) || len(values) > 2 || values.Has("bcc") {
			t.Errorf("%q: %v", mail, err)
		}
		if addresses := strings.Split(to, ","); to != "" && len(addresses) != len(l.to) {
			t.Errorf("%q is to %d people, want %d", mail, len(addresses), len(l.to))
		}
		for service, link := range map[string]string{"outlook.office.com": d.outlookLink(l), "calendar.google.com": d.googleLink(l)} {
			u, err := url.Parse(link)
			if err != nil || u.Host != service || u.Scheme != "https" || u.Fragment != "" || len(link) > maxCalendarLink+len("&location=")+3*len(m.JoinURL) {
				t.Errorf("%q: %v", link, err)
			}
		}
		file, err := Calendar(page.T, m, time.UTC, m.Start)
		if err != nil {
			t.Fatal(err)
		}
		calendar, err := ics.ParseCalendar(bytes.NewReader(file))
		if err != nil || len(calendar.Events()) != 1 {
			t.Fatalf("%v in\n%s", err, file)
		}
		event := calendar.Events()[0]
		if got := event.GetProperty(ics.ComponentPropertyLocation).Value; got != meeting.OneLine(link) {
			t.Errorf("the place is %q, want %q", got, link)
		}
		if got := event.GetProperty(ics.ComponentPropertySummary).Value; !strings.Contains(got, strings.TrimSpace(meeting.OneLine(subject))) {
			t.Errorf("the title is %q, want %q", got, subject)
		}
		lines := strings.Split(strings.TrimSuffix(string(file), "\r\n"), "\r\n")
		if slices.ContainsFunc(lines, func(line string) bool {
			return len(line) > 75 || strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line)
		}) {
			t.Errorf("%q", lines)
		}
	})
}
