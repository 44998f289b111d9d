package web

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
	"meetdesk/store/listing"
)

var (
	fuzzNow  = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	fuzzKeys = [][]byte{[]byte(strings.Repeat("a", 32)), []byte(strings.Repeat("b", 32))}
)

// FuzzReturnTo asserts that localPath returns a URL on this site that is valid in a
// header, and that localPath is idempotent.
func FuzzReturnTo(f *testing.F) {
	for _, to := range []string{"/history?q=a%26b", "//evil.example", "/\\evil.example", "https://evil.example", "/auth/login", "/x/../auth/callback", "/auth//../login", "/\t/evil.example", "/%2f/evil.example", "/%2fevil.example/ ", "javascript:alert(1)", "/é?q=\u202e", "/%zz", "/a#b", "/?\x00", strings.Repeat("/a", 2000)} {
		f.Add(to)
	}
	base, err := url.Parse("https://meet.example.org/meetings/7")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, to string) {
		local := localPath(to)
		if again := localPath(local); again != local {
			t.Errorf("%q becomes %q, and then %q", to, local, again)
		}
		if len(local) > maxReturnTo || !strings.HasPrefix(local, "/") || strings.ContainsFunc(local, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }) {
			t.Errorf("%q becomes %q", to, local)
		}
		// Browsers read a backslash as a slash and drop tabs and line breaks.
		seen := strings.NewReplacer("\\", "/", "\t", "", "\n", "", "\r", "").Replace(local)
		u, err := base.Parse(seen)
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || u.User != nil || strings.HasPrefix(u.Path, "/auth/") {
			t.Errorf("%q becomes %q, which leads to %v: %v", to, local, u, err)
		}
	})
}

// FuzzCursor asserts that formatting and parsing a cursor preserves it, and that a day
// begins at the first instant with its local date.
func FuzzCursor(f *testing.F) {
	f.Add("1764068400000.4711", "2026-12-01", "Europe/Berlin")
	f.Add("-1.5", "2018-11-04", "America/Sao_Paulo")
	f.Add("9223372036854775808", "0000-00-00", "Pacific/Apia")
	f.Add("1.2.3", "2011-12-30", "Pacific/Apia")
	f.Fuzz(func(t *testing.T, text, date, name string) {
		c := parseCursor(text)
		if c.ID < 0 || parseCursor(formatCursor(c)) != c {
			t.Errorf("%q is %+v, and that %+v", text, c, parseCursor(formatCursor(c)))
		}
		zone, ok := meeting.LoadZone(name)
		if !ok {
			return
		}
		at, err := day(date, zone, 0)
		if err != nil || date == "" {
			return
		}
		skipped := at.Format(time.DateOnly) > date // Samoa skipped 30 December 2011
		if !skipped && at.Format(time.DateOnly) != date || at.Add(-time.Nanosecond).Format(time.DateOnly) >= date && !skipped {
			t.Errorf("%s in %s begins at %v", date, name, at)
		}
	})
}

// FuzzClientAddress asserts that X-Forwarded-For is ignored unless a trusted proxy sent
// it, and that the client address is the peer's or one from the header.
func FuzzClientAddress(f *testing.F) {
	for _, forwarded := range []string{"203.0.113.7", "203.0.113.7, 10.0.0.1", "unknown", "2001:db8::1%eth0", "::ffff:10.0.0.9, 203.0.113.7", ",,", "[::1]:80", "10.0.0.1:443", strings.Repeat("10.0.0.1,", 500)} {
		f.Add("198.51.100.1:1234", forwarded, "")
		f.Add("10.0.0.2:1234", forwarded, forwarded)
		f.Add("[2001:db8::7]:1", forwarded, "")
	}
	s := &Server{Config: Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}}
	f.Fuzz(func(t *testing.T, peer, first, second string) {
		r := &http.Request{RemoteAddr: peer, Header: http.Header{}}
		alone := s.clientAddress(r)
		r.Header["X-Forwarded-For"] = []string{first, second}
		got := s.clientAddress(r)
		from, err := netip.ParseAddrPort(peer)
		if err != nil {
			if got.IsValid() {
				t.Errorf("from %q comes %v", peer, got)
			}
			return
		}
		if !s.trusts(from.Addr().Unmap().WithZone("")) && got != alone {
			t.Errorf("%v claims to be %v", alone, got)
		}
		known := []netip.Addr{alone}
		for _, text := range strings.Split(first+","+second, ",") {
			if address, err := netip.ParseAddr(strings.TrimSpace(text)); err == nil {
				known = append(known, address.Unmap().WithZone(""))
			}
		}
		counted := limitedAddress(got)
		if !slices.Contains(known, got) || got.Is4In6() || got.Zone() != "" || limitedAddress(counted) != counted || got.Is4() && counted != got {
			t.Errorf("%q through %q and %q is %v", peer, first, second, got)
		}
	})
}

// FuzzSignInState asserts that encoding and decoding the state of a sign-in preserves it,
// that the state is short enough, and that any other text is rejected. Only the browser that
// began the sign-in can finish it, and only once.
func FuzzSignInState(f *testing.F) {
	f.Add("/history?q=INC0012345", "AAAA", 0)
	f.Add(strings.Repeat("/é", 900), "", 30)
	f.Add("", "not base64!", 5)
	signIns, err := newSignIns(Config{Keys: fuzzKeys, URL: &url.URL{Scheme: "https", Host: "meet.example.org"}, Now: func() time.Time { return fuzzNow }})
	if err != nil {
		f.Fatal(err)
	}
	open := func(state string) (p pendingSignIn, err error) {
		err = signIns.open(state, maxState, &p)
		return p, err
	}
	f.Fuzz(func(t *testing.T, returnTo, text string, at int) {
		if _, err := open(text); err == nil {
			t.Errorf("%q is a sign-in", text)
		}
		r := httptest.NewRequest(http.MethodGet, "/auth/login", nil)
		flow, cookie, err := signIns.begin(r, returnTo)
		if err != nil || len(flow.State) > maxState || strings.Contains(flow.State, flow.Nonce) {
			t.Fatalf("%v, a state of %d bytes", err, len(flow.State))
		}
		p, err := open(flow.State)
		if want := strings.ToValidUTF8(returnTo, "\ufffd"); err != nil || p.ReturnTo != want && p.ReturnTo != "/" && utf8.ValidString(returnTo) || p.flow(flow.State) != flow {
			t.Errorf("%q comes back as %q, %v", returnTo, p.ReturnTo, err)
		}
		changed := []byte(flow.State)
		i := max(at, -(at+1)) % (len(changed) - 1) // the last character may have unused bits
		changed[i] = "AB"[btoi(changed[i] == 'A')]
		if _, err := open(string(changed)); err == nil {
			t.Error("a changed state is accepted")
		}
		back := httptest.NewRequest(http.MethodGet, "/auth/callback", nil)
		if _, ok := signIns.finish(back, flow.State); ok {
			t.Error("another browser finishes the sign-in")
		}
		back.AddCookie(cookie)
		if _, ok := signIns.finish(back, flow.State); !ok {
			t.Error("the browser cannot finish the sign-in")
		}
		if _, ok := signIns.finish(back, flow.State); ok {
			t.Error("a sign-in is finished twice")
		}
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// FuzzIdentity asserts that only signed values identify a person.
func FuzzIdentity(f *testing.F) {
	f.Add("7.AAAAAAAAAAAAAAAAAAAAAA", int64(7))
	f.Add("-1.", int64(-1))
	ours, err := newIdentities(fuzzKeys)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, value string, id int64) {
		signed := ours.valueFor(id)
		if got, ok := ours.userID(signed); got != id || !ok {
			t.Errorf("%d is %d, %v", id, got, ok)
		}
		if got, ok := ours.userID(value); ok && ours.valueFor(got) != value && (identities{ours.keys[1:]}).valueFor(got) != value {
			t.Errorf("%q names %d", value, got)
		}
	})
}

// FuzzDeepLink asserts that a link can neither set the form's ID nor put control characters
// other than tabs and line breaks into the form, and that the form preserves the instant of
// a start in RFC 3339 format.
func FuzzDeepLink(f *testing.F) {
	for _, query := range []string{
		"external_id=INC0012345&subject=Printer&start=2026-12-01T09:00:00Z&end=2026-12-01T10:00:00%2B01:00&time_zone=Europe/Berlin", "attendee=a@b.example&attendee=%00&attendees=c@d.example",
		"start=2026-12-01T09:00:00+02:00&time_zone=Mars/Olympus", "form_id=x&start=10:00&duration=45", "start=9999-12-31T23:59:59Z", "subject=%ff%fe&external_id=%E2%80%AE",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, text string) {
		query, _ := url.ParseQuery(text)
		filled := prefilled(query, meeting.User{TimeZone: "America/Sao_Paulo", Minutes: 45}, fuzzNow)
		if filled.FormID == query.Get("form_id") {
			t.Errorf("the form's ID is %q", filled.FormID)
		}
		filled.Map(func(value string) string {
			if !utf8.ValidString(value) || strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\r\n\t", r) }) {
				t.Errorf("%q fills in %+q", text, value)
			}
			return value
		})
		start, err := parseInstant(query.Get("start"))
		request, problems := filled.Request(fuzzNow)
		if err == nil && start.Second() == 0 && start.Nanosecond() == 0 && !request.Start.IsZero() && !problems.Has(meeting.ReasonTimeTwice) && !request.Start.Equal(start) {
			t.Errorf("%q fills in %v instead of %v", text, request.Start, start)
		}
	})
}

// FuzzTexts asserts that validText keeps every parameter, that trimQuery keeps at most
// maxQuery characters, and that both are idempotent.
func FuzzTexts(f *testing.F) {
	f.Add("q=+a%00b%0A&q=%ff")
	f.Add("a=" + strings.Repeat("é", 300))
	f.Fuzz(func(t *testing.T, text string) {
		query, _ := url.ParseQuery(text)
		clean := validText(query)
		if again := validText(clean); !reflect.DeepEqual(again, clean) || len(clean) != len(query) {
			t.Errorf("%q becomes %q, and then %q", query, clean, again)
		}
		if short := trimQuery(text); trimQuery(short) != short || utf8.RuneCountInString(short) > maxQuery {
			t.Errorf("%q becomes %q", text, short)
		}
	})
}

// FuzzCSV asserts that a CSV reader returns every cell unchanged, except for the
// apostrophes before formulas. No cell may begin like a formula, even if a program splits
// cells at other separators.
func FuzzCSV(f *testing.F) {
	for _, text := range []string{"INC0012345", "=1+1", "a\"b,c\r\nd", " x ", ";=1+1", "＝1", "\ufeff", "x;\"=2", "", "\r", "-5", "@sum", "a\n=b", "a\t=2", "a,=2", "a|\"=2"} {
		f.Add(text, "Printer")
	}
	f.Fuzz(func(t *testing.T, externalID, subject string) {
		var file bytes.Buffer
		table := &csvTable{csvWriter: csvWriter{out: bufio.NewWriter(&file), head: exportHead}}
		exported := &listing.Exported{}
		exported.ID, exported.ExternalID, exported.Subject, exported.Start = 7, externalID, subject, fuzzNow
		if err := table.add(exported); err != nil {
			t.Fatal(err)
		}
		if err := table.end(); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&file).ReadAll()
		if err != nil || len(rows) != 1 || len(rows[0]) != 9+len(exported.More) || rows[0][0] != "7" || rows[0][4] != "2026-11-28T12:00:00Z" {
			t.Fatalf("%q and %q: %v, %q", externalID, subject, err, rows)
		}
		for i, text := range []string{externalID, subject} {
			got := rows[0][1+i]
			// The reader changes CRLF within a cell to LF.
			if want := strings.ReplaceAll(text, "\r\n", "\n"); strings.ReplaceAll(got, "'", "") != strings.ReplaceAll(want, "'", "") {
				t.Errorf("%q is read as %q", want, got)
			}
			for i, part := range regexp.MustCompile(`[,;|\t\r\n]`).Split(got, -1) {
				if i > 0 {
					part = strings.TrimLeft(part, `"`) // a program that separates cells by semicolons may remove the quotes
				}
				if beginsWith(part, "=+-@＝＋－＠\t") {
					t.Errorf("%q has the part %q", got, part)
				}
			}
		}
	})
}
