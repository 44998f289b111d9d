package meeting_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
)

var spellings = []string{"INC0012345", "inc-0012345~2", "[INC 0012345]", "ＩＮＣ0012345", "#INC0012345~2", "1-23", "1#23", "67001-2", "1,234,567", "x~99999", "~2", "٣٣~3", "İNC1", "a\u0301-1", "\u202e1", "\x00", "ǅ1", "{ticket}"}

func addSpellings(f *testing.F) {
	for _, text := range spellings {
		f.Add(text)
	}
}

// FuzzTicketKey asserts that TicketKey is idempotent and that a key contains no spaces,
// control or invisible characters. AnotherExternalID must return a different ID with the
// same key.
func FuzzTicketKey(f *testing.F) {
	addSpellings(f)
	f.Fuzz(func(t *testing.T, text string) {
		key := meeting.TicketKey(text)
		if again := meeting.TicketKey(key); utf8.ValidString(text) && again != key {
			t.Errorf("%+q has the key %+q, and that %+q", text, key, again)
		}
		if strings.ContainsFunc(key, func(r rune) bool {
			return unicode.IsSpace(r) || meeting.IsControl(r) || meeting.IsInvisible(r)
		}) {
			t.Errorf("%+q has the key %+q", text, key)
		}
		if !meeting.Names(text, text) || !meeting.MayMean(text, text) {
			t.Errorf("%+q does not name itself", text)
		}
		another := meeting.AnotherExternalID(text, []string{text, text + "~2"})
		if text != "" && (another == text || another == text+"~2") || key != "" && (meeting.TicketKey(another) != key || meeting.Names(another, text)) {
			t.Errorf("%+q is followed by %+q with the key %+q", text, another, meeting.TicketKey(another))
		}
	})
}

func lettersAndDigits(text string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, meeting.PlainText(text)))
}

// FuzzTicketRule asserts that normalization is idempotent. A normalized number must match
// the pattern and keep the letters and digits of the input. A ticket's link must lead to
// the configured host.
func FuzzTicketRule(f *testing.F) {
	addSpellings(f)
	rules := []meeting.TicketRule{
		{Pattern: regexp.MustCompile(`^[A-Z]{2,5}-?\d{3,9}$`), URL: "https://t.example/x?number={ticket}"},
		{Pattern: regexp.MustCompile(`^\d{4,7}$`), URL: "https://t.example/{ticket}/view"},
		{URL: "https://t.example/{ticket}"},
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, rule := range rules {
			normal, ok := rule.Normal(text)
			if ok && rule.Pattern != nil && (!rule.Pattern.MatchString(meeting.TicketOf(normal)) || lettersAndDigits(normal) != lettersAndDigits(text)) {
				t.Errorf("%v: %+q becomes %+q", rule.Pattern, text, normal)
			}
			if again, stays := rule.Normal(normal); ok && (again != normal || !stays) {
				t.Errorf("%v: %+q becomes %+q, and then %+q, %v", rule.Pattern, text, normal, again, stays)
			}
			link := rule.Link(text)
			if link == "" {
				continue
			}
			u, err := url.Parse(link)
			if err != nil || u.Scheme != "https" || u.Host != "t.example" || u.Fragment != "" || len(u.Query()) > 1 || strings.ContainsAny(link, "\"'<> \\\n\r\t") {
				t.Errorf("%v: %+q has the link %q: %v", rule.Pattern, text, link, err)
			}
		}
	})
}

// FuzzTexts asserts that the functions that clean a string are idempotent. A shortened
// string must have at most n characters, and a single line must not contain control
// characters.
func FuzzTexts(f *testing.F) {
	for _, text := range spellings {
		f.Add(text, 5)
	}
	f.Add("a\u2028b\u202ec\x00\xff\r\n", 40)
	f.Fuzz(func(t *testing.T, text string, n int) {
		n = max(1, n%500)
		for name, clean := range map[string]func(string) string{
			"OneLine": meeting.OneLine, "PlainText": meeting.PlainText, "Trim": meeting.Trim, "TrimTicket": meeting.TrimTicket,
			"CutLine": func(s string) string { return meeting.CutLine(s, n) },
			"Shorten": func(s string) string { return meeting.Shorten(s, n) },
		} {
			cleaned := clean(text)
			if again := clean(cleaned); again != cleaned {
				t.Errorf("%s: %+q becomes %+q, and then %+q", name, text, cleaned, again)
			}
			isCut := name == "CutLine" || name == "Shorten"
			if isCut && utf8.RuneCountInString(cleaned) > n {
				t.Errorf("%s: %+q becomes %+q, more than %d characters", name, text, cleaned, n)
			}
			if (name == "CutLine" || name == "OneLine") && strings.ContainsFunc(cleaned, meeting.IsControl) || name == "CutLine" && !utf8.ValidString(cleaned) ||
				name == "Shorten" && strings.ContainsFunc(cleaned, unicode.IsControl) {
				t.Errorf("%s: %+q becomes %+q", name, text, cleaned)
			}
		}
	})
}

// FuzzInstants asserts that clocks in the zone show the given time at every moment that
// Instants returns, and that the moments are in order. LoadZone must not accept a name
// with ".." or return time.Local.
func FuzzInstants(f *testing.F) {
	for _, zone := range []string{"Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "Local", "", "../etc/passwd", "localtime", "right/UTC", "Etc/GMT+12", "Africa/Casablanca"} {
		f.Add(int64(1792893600), zone)
		f.Add(int64(1774747800), zone)
	}
	f.Fuzz(func(t *testing.T, seconds int64, name string) {
		zone, ok := meeting.LoadZone(name)
		if !ok {
			return
		}
		if zone.String() != name || strings.Contains(name, "..") || zone == time.Local {
			t.Errorf("%q loads %v", name, zone)
		}
		wall := time.Unix(seconds%(1<<33), 0).UTC()
		found := meeting.Instants(wall, zone)
		for _, at := range found {
			if got := at.In(zone).Format(time.DateTime); got != wall.Format(time.DateTime) {
				t.Errorf("%s: at %v clocks show %s instead of %v", name, at, got, wall)
			}
		}
		if len(found) > 2 || len(found) == 2 && !found[0].Before(found[1]) {
			t.Errorf("%s: %v happens at %v", name, wall, found)
		}
		at := wall.In(zone)
		if same := meeting.Instants(at, zone); !slices.ContainsFunc(same, at.Equal) {
			t.Errorf("%s: %v is not among the instants at which clocks show it: %v", name, at, same)
		}
	})
}

// FuzzPreset asserts that a subject made from a pattern is never too long. A ticket must
// begin with the prefix of the preset that it selects.
func FuzzPreset(f *testing.F) {
	f.Add("VPN", "INC", "VPN {ticket}", "inc0012345")
	f.Add("ＶＰＮ", " İ ", "{ticket}{ticket}{x}", "İnc")
	f.Add("a\u202e", "", strings.Repeat("{ticket}", 30), strings.Repeat("9", 256))
	f.Fuzz(func(t *testing.T, name, prefix, pattern, ticket string) {
		p := meeting.Preset{Name: name, Prefix: prefix, Subject: pattern}
		subject := meeting.SubjectFor(pattern, ticket)
		if utf8.RuneCountInString(subject) > meeting.MaxSubject && ticket != "" {
			t.Errorf("the subject has %d characters", utf8.RuneCountInString(subject))
		}
		if ticket != "" && !strings.Contains(ticket, "{") && strings.Contains(pattern, meeting.TicketPlace) && len(subject) < 200 && strings.Contains(subject, meeting.TicketPlace) && len(p.Validate()) == 0 {
			t.Errorf("%q still has a placeholder", subject)
		}
		found, ok := meeting.PresetForTicket([]meeting.Preset{{Prefix: "zzz"}, p}, ticket)
		if ok && !strings.HasPrefix(lettersAndDigits(meeting.TicketKey(ticket)), lettersAndDigits(meeting.TicketKey(found.Prefix))) {
			t.Errorf("%q selects the prefix %q", ticket, found.Prefix)
		}
		if key := meeting.PresetKey(name); meeting.PresetKey(key) != key && utf8.ValidString(name) {
			t.Errorf("%q has the key %q, and that %q", name, key, meeting.PresetKey(key))
		}
		if len(p.Validate()) == 0 && (!utf8.ValidString(name+prefix+pattern) || strings.ContainsFunc(name+prefix+pattern, meeting.IsControl)) {
			t.Errorf("no problem with %+q, %+q, %+q", name, prefix, pattern)
		}
	})
}

// FuzzNote asserts that a note is a single line of at most MaxNote characters and that
// NewNote is idempotent.
func FuzzNote(f *testing.F) {
	addSpellings(f)
	f.Fuzz(func(t *testing.T, text string) {
		n, problem := meeting.NewNote(meeting.Remark, text)
		if problem != "" {
			return
		}
		if again, _ := meeting.NewNote(meeting.Remark, n.Text); again.Text != n.Text || n.Text == "" || utf8.RuneCountInString(n.Text) > meeting.MaxNote || strings.ContainsFunc(n.Text, meeting.IsControl) || !utf8.ValidString(n.Text) {
			t.Errorf("%+q becomes %+q, and then %+q", text, n.Text, again.Text)
		}
	})
}
