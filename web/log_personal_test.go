package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/testenv"
)

// The log contains no names, email addresses, tickets or subjects, even if Graph's error
// messages do. It identifies users by their object ID.
func TestLogHasNothingPersonal(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t, withScopes("User.ReadBasic.All"))
	people := map[string]*browser{priya: s.visitor(priya), dana: s.visitor(dana), alex: s.visitor(alex), sam: s.visitor(sam)}
	people[priya].post("/meetings", s.form()).want(303)
	people[dana].post("/meetings", s.form("external_id", "HR-1187")).want(303)
	walk := func() {
		for _, b := range people {
			for _, path := range []string{
				"/", "/history?q=Printer", "/history?q=" + url.QueryEscape(priya), "/history.csv?q=INC0012345", "/t/INC0012345", "/t/HR-1187", "//t/INC0012345", "/T/INC0012345", "/INC0012345", "/INC0012345/", "/HR-1187/edit", "/t/../INC0012345",
				"/t/" + url.PathEscape("Priya Nair"), "/meetings/1", "/meetings/" + url.PathEscape(tomas), "/meetings/1/edit", "/meetings/1/invitation.ics", "/meetings/1/qr.svg",
				"/meetings/new?external_id=INC0012345&subject=Printer+on+fire", "/meetings/new?attendees=" + url.QueryEscape(dana), "/" + url.PathEscape(priya), "/meetings/INC0012345",
				"/static/" + url.PathEscape("Priya Nair"), "/waiting/INC0012345", "/auth/login?return_to=%2Ft%2FINC0012345", "/auth/callback?code=INC0012345&state=" + url.QueryEscape(priya),
				"/auth/callback?error=access_denied&error_description=" + url.QueryEscape("User "+priya+" is not assigned"),
			} {
				b.get(path)
			}
			b.ask("/people?q=Whitfield")
			b.ask("/people?q=" + url.QueryEscape(dana))
			b.ask("/meetings/new/guard?external_id=INC0012345")
			b.post("/meetings", s.form("subject", "Printer on fire", "date", "Priya Nair"))
			b.post("/meetings", s.form("external_id", "INC777", "attendees", "Whitfield <dana@contoso.example>, nobody@contoso.example"))
			b.post("/meetings", s.form("organizer", "Priya Nair"))
			b.post("/meetings/1/update", s.form("subject", "Printer on fire again"))
			b.post("/meetings/1/note", url.Values{"note": {"Whitfield called"}})
			b.post("/meetings/1/hand-over", url.Values{"external_id": {"INC0012345"}})
			b.post("/meetings/adopt", url.Values{"join_url": {"https://teams.microsoft.com/l/meetup-join/Whitfield"}})
		}
	}
	walk()
	for _, failure := range []emulator.Failure{
		{Status: 400, Code: "BadRequest", Message: "User 'priya@contoso.example' (Priya Nair) may not create 'Printer on fire' with externalId INC0012345"},
		{Status: 403, Body: "<html>Blocked for Priya Nair, priya@contoso.example</html>"},
		{Status: 200, ContentType: "application/json", Body: `{"subject":"Printer on fire","externalId":"INC0012345","id":7,"startDateTime":"Priya Nair"}`},
		{Status: 302, Header: http.Header{"Location": {"https://filter.example/blocked?user=priya@contoso.example"}}, Body: "Priya"},
		{Status: 500},
	} {
		for _, route := range []string{createRoute, "GET /users", "PATCH /me/onlineMeetings/{id}", "GET /me/onlineMeetings/{id}", "GET /me/onlineMeetings"} {
			for range 3 {
				s.graph.FailNext(route, failure)
			}
		}
		walk()
	}
	log := s.Log.String()
	for _, personal := range []string{"Priya", "Nair", "Whitfield", "Dana", "contoso.example", "Printer", "INC0012345", "INC777", "HR-1187"} {
		if at := strings.Index(log, personal); at >= 0 {
			line := log[strings.LastIndex(log[:at], "\n")+1:]
			t.Errorf("the log has %q:\n%s", personal, strings.SplitN(line, "\n", 2)[0])
		}
	}
	if !regexp.MustCompile(`(?m)^.* msg=request id=\w{16} method=GET path=/meetings/1 route=/meetings/\{id\} status=200 took=\S+ client=127\.0\.0\.1 person=[0-9a-f-]{36}$`).MatchString(log) {
		t.Errorf("no line about the page of a meeting in:\n%s", log)
	}
}

// A valid request ID from a proxy is truncated to 64 characters and used in the log, the
// response header and the error page.
func TestRequestID(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.visitor(priya)
	for sent, want := range map[string]string{
		"": `^\w{16}$`, "4bf92f35-77b3.4da6:a+b/c=": `^4bf92f35-77b3\.4da6:a\+b/c=$`, strings.Repeat("a", 500): `^a{64}$`,
		"<script>": `^\w{16}$`, "a b": `^\w{16}$`, "ü": `^\w{16}$`, `a"b`: `^\w{16}$`, "a\tb": `^\w{16}$`,
	} {
		r, err := http.NewRequest(http.MethodGet, b.url+"/meetings/99", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Request-ID", sent)
		p := b.do(r).want(404)
		id := p.header.Get("X-Request-ID")
		if !regexp.MustCompile(want).MatchString(id) || !strings.Contains(s.Log.String(), " id="+id+" ") && !strings.Contains(s.Log.String(), ` id="`+id+`" `) || !strings.Contains(p.text(), id) {
			t.Errorf("%q: the response has the ID %q; the page:\n%s", sent, id, p.text())
		}
	}
}
