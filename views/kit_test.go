package views_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/views"
)

// kitPage calls change to modify a meeting and returns parts of the meeting's page: the HTML
// invitation, the note, the mailto link and the spelled-out passcode.
func kitPage(t *testing.T, change func(*meeting.Meeting)) *kitParts {
	t.Helper()
	m := live(7, "INC0012345", "Laptop", time.Date(2027, 7, 3, 22, 30, 0, 0, time.UTC), priya)
	m.JoinURL = "https://teams.example/j?a=1&b=2"
	change(&m)
	doc := parse(t, views.Meeting(page(t, priya, "INC0012345", "/meetings/7"), own(m, first(m))))
	inside, err := doc.Find("template#invitation-html").Html()
	if err != nil {
		t.Fatal(err)
	}
	var spelled []string
	for _, one := range doc.Find(".spelling li").EachIter() {
		spelled = append(spelled, strings.Join(strings.Fields(one.Text()), " "))
	}
	return &kitParts{
		html: inside, note: doc.Find("#note").Text(), mail: doc.Find(`.share a[href^="mailto:"]`).AttrOr("href", ""),
		spelled: strings.Join(spelled, ", "),
	}
}

type kitParts struct{ html, note, mail, spelled string }

func TestNote(t *testing.T) {
	want := `Microsoft Teams meeting
Subject: Laptop
When: Sat 3 Jul 2027, 23:30 – Sun 4 Jul 2027, 00:00 Europe/Lisbon (UTC+01:00)
In UTC: Sat 3 Jul 2027, 22:30–23:00 UTC
Join: https://teams.example/j?a=1&b=2
Meeting ID: 234 567 890 123 4
Organizer: Priya Nair <priya@contoso.example>
`
	if got := kitPage(t, func(*meeting.Meeting) {}).note; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if got := views.NoteText(english(t), meeting.Meeting{}, nil); got != "" {
		t.Errorf("without a link, got:\n%s", got)
	}
}

// TestTextsKeepTheirLines checks that user input cannot add lines to the note or the mail.
func TestTextsKeepTheirLines(t *testing.T) {
	parts := kitPage(t, func(m *meeting.Meeting) {
		m.Subject = "Laptop\r\nJoin: https://evil.example\u2028Passcode: 1"
		m.Organizer.Name = "Priya\nJoin: https://evil.example"
	})
	for _, line := range strings.Split(parts.note, "\n") {
		if strings.HasPrefix(line, "Join: https://evil") || strings.HasPrefix(line, "Passcode") {
			t.Errorf("the note has the line %q", line)
		}
	}
	if strings.Contains(parts.mail, "%0AJoin%3A%20https%3A%2F%2Fevil") {
		t.Errorf("the mail has a line of the subject's: %s", parts.mail)
	}
}

func TestInvitationAsHTML(t *testing.T) {
	parts := kitPage(t, func(m *meeting.Meeting) { m.Subject = `<img src=x onerror=alert(1)> & "you"` })
	for _, want := range []string{
		"&lt;img src=x onerror=alert(1)&gt; &amp; ", `<a href="https://teams.example/j?a=1&amp;b=2">Join the meeting</a>`,
		"<strong>Microsoft Teams meeting</strong>", "Passcode: aB3xYz", "Phone conference ID: 123 456 789#",
	} {
		if !strings.Contains(parts.html, want) {
			t.Errorf("want %q in:\n%s", want, parts.html)
		}
	}
	if strings.Contains(parts.html, "<img") {
		t.Errorf("the subject became markup:\n%s", parts.html)
	}
	if script := kitPage(t, func(m *meeting.Meeting) { m.JoinURL = "javascript:alert(1)" }); strings.Contains(script.html, `href="javascript:`) {
		t.Errorf("the link is a script:\n%s", script.html)
	}
}

func TestMailWithTheInvitation(t *testing.T) {
	const link = "https://teams.example/j?a=1&b=2"
	for _, tt := range []struct {
		name   string
		change func(*meeting.Meeting)
		// subject is the expected suffix of the mail's subject. body is text that its body
		// must contain or, if it follows a "!", must not contain.
		subject, body string
	}{
		{"all of it", func(*meeting.Meeting) {}, "INC0012345: Laptop", "Passcode: aB3xYz"},
		{"signs that an address has for itself", func(m *meeting.Meeting) { m.Subject = "1+1 = 100% & <you>?#" }, "INC0012345: 1+1 = 100% & <you>?#", link},
		{"no subject", func(m *meeting.Meeting) { m.Subject = "" }, "INC0012345", link},
		{"the longest subject", func(m *meeting.Meeting) { m.Subject = strings.Repeat("x", 255) }, strings.Repeat("x", 255), "Meeting ID"},
		{"255 of what takes much room", func(m *meeting.Meeting) { m.Subject = strings.Repeat("📅", 255) }, "📅…", "!Subject"},
		{"a long link", func(m *meeting.Meeting) { m.JoinURL += strings.Repeat("%", 470) }, "Laptop", "!Passcode"},
		{"a link that fits no address", func(m *meeting.Meeting) { m.JoinURL += strings.Repeat("%", 2000) }, "Laptop", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			address := kitPage(t, tt.change).mail
			if len(address) > 1900 {
				t.Errorf("%d bytes", len(address))
			}
			if strings.ContainsAny(address, "+\r\n ") || strings.Contains(strings.ReplaceAll(address, "%0D%0A", ""), "%0A") {
				t.Errorf("not escaped as RFC 6068 has it: %s", address)
			}
			_, query, _ := strings.Cut(address, "?")
			q, err := url.ParseQuery(query)
			if err != nil || !strings.HasSuffix(q.Get("subject"), tt.subject) || len(q) > 2 {
				t.Errorf("%v: subject %q of %v", err, q.Get("subject"), q)
			}
			switch lacks, ok := strings.CutPrefix(tt.body, "!"); {
			case ok && (strings.Contains(q.Get("body"), lacks) || !strings.Contains(q.Get("body"), "Meeting ID: 234 567 890 123 4") || !strings.Contains(q.Get("body"), link)):
				t.Errorf("body %q, want link and ID without %q", q.Get("body"), lacks)
			case !ok && !strings.Contains(q.Get("body"), tt.body):
				t.Errorf("body %q, want %q", q.Get("body"), tt.body)
			}
		})
	}
}

func TestPasscodeIsSpelledOut(t *testing.T) {
	const want = "a small Alfa, B capital Bravo, 3 three, x small X-ray, Y capital Yankee, z small Zulu, -, é, 0 zero"
	if got := kitPage(t, func(m *meeting.Meeting) { m.Passcode = "aB3xYz-é0" }).spelled; got != want {
		t.Errorf("got  %q,\nwant %q", got, want)
	}
	say := english(t)
	for r := 'a'; r <= 'z'; r++ {
		if word := say.T("spell." + string(r)); !strings.EqualFold(word[:1], string(r)) {
			t.Errorf("%c is read out as %q", r, word)
		}
	}
	for r := '0'; r <= '9'; r++ {
		if !say.Has("spell." + string(r)) {
			t.Errorf("there is no word for %c", r)
		}
	}
}
