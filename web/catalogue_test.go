package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// failureCase describes a failure that occurs when a person signs in or creates a meeting,
// and the expected result.
type failureCase struct {
	name    string
	who     string       // UPN of the person who sends the form; "" means Priya
	options []siteOption // for newSite
	prepare func(*site)  // runs before the form is sent
	form    []string     // changes to the default form, as alternating names and values
	route   string       // the route that fails; "" means createOrGet
	fail    emulator.Failure
	times   int // number of failures

	refused string // text on the page that refuses the sign-in; if set, no form is sent
	state   meeting.AttemptState
	reason  meeting.Reason
	page    string // additional text that the page must contain
	calls   int
	signIn  bool   // whether the person has to sign in before the page is shown
	ends    string // text on the page after Retry or Finish; "" if pressing the button changes nothing
}

var (
	fromGraph   = http.Header{"Request-Id": {"6f1d4c1e-0c5b-4c0e-9b61-000000000001"}} // marks a response as Graph's, because every Graph response has a request ID
	afterMinute = http.Header{"Retry-After": {"60"}}
	afterHour   = http.Header{"Retry-After": {time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)}}
	// Graph has been seen to send several challenges in one header, with commas and spaces
	// in the values.
	challenge = http.Header{"Www-Authenticate": {`Bearer realm="", authorization_uri="https://login.example/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", nonce="a, b", ` +
		`Bearer realm="", error_description="Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp", ` +
		`error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTYwNDEwNjY1MSJ9fX0="`}}
	personal   = emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e10", UPN: "home@outlook.example", Name: "Home", Roles: []string{"Meetdesk.Staff"}, Tenant: emulator.PersonalTenant}
	guest      = emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e11", UPN: "guest@fabrikam.example", Name: "Guest", Roles: []string{"Meetdesk.Staff"}, Guest: true}
	unlicensed = emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e12", UPN: "new@contoso.example", Name: "New", Roles: []string{"Meetdesk.Staff"}, NoLicense: true}
	noConsent  = emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e13", UPN: "no@contoso.example", Name: "No", Roles: []string{"Meetdesk.Staff"}, Denied: []string{"OnlineMeetings.ReadWrite"}}
)

const (
	failed     = meeting.AttemptFailed
	unfinished = meeting.AttemptUnfinished
)

// refusals lists failures that prove that the meeting was not created.
var refusals = []failureCase{
	{name: "400", fail: emulator.Failure{Status: 400, Code: "BadRequest", Message: "An error has occurred."}, times: 1, state: failed, reason: meeting.ReasonBadRequest, calls: 1, ends: "Created"},
	{name: "400 with a number in the message", fail: emulator.Failure{Status: 400, Code: "BadRequest", Message: "1026: An error has occurred."}, times: 1, state: failed, reason: meeting.ReasonBadRequest, calls: 1, ends: "Created"},
	{name: "401, also with a fresh token", fail: emulator.Failure{Status: 401}, times: 2, state: failed, reason: meeting.ReasonSignIn, page: "Sign in again", calls: 2, ends: "Created"},
	{name: "401 with claims", fail: emulator.Failure{Status: 401, Header: challenge}, times: 1, state: failed, reason: meeting.ReasonClaims, page: "Sign in again", calls: 1, ends: "Created"},
	{name: "402", fail: emulator.Failure{Status: 402, Code: "PaymentRequired"}, times: 1, state: failed, reason: meeting.ReasonPayment, calls: 1, ends: "Created"},
	{name: "403 without a message", fail: emulator.Failure{Status: 403, Code: "Forbidden"}, times: 1, state: failed, reason: meeting.ReasonForbidden, calls: 1, ends: "Created"},
	{name: "403 General", fail: emulator.Failure{Status: 403, Code: "General"}, times: 1, state: failed, reason: meeting.ReasonForbidden, calls: 1, ends: "Created"},
	{name: "403 for a missing scope", fail: emulator.Failure{Status: 403, Code: "Authorization_RequestDenied"}, times: 1, state: failed, reason: meeting.ReasonScope, calls: 1, ends: "Created"},
	{name: "403 insufficient_claims", fail: emulator.Failure{Status: 403, Code: "insufficient_claims"}, times: 1, state: failed, reason: meeting.ReasonClaims, calls: 1, ends: "Created"},
	{name: "404", fail: emulator.Failure{Status: 404, Code: "UnknownError"}, times: 1, state: failed, reason: meeting.ReasonNotFound, calls: 1, ends: "Created"},
	{name: "405", fail: emulator.Failure{Status: 405, Code: "MethodNotAllowed"}, times: 1, state: failed, reason: meeting.ReasonNotAllowed, calls: 1, ends: "Created"},
	{name: "409 until the deadline", fail: emulator.Failure{Status: 409, Code: "Conflict"}, times: 3, state: failed, reason: meeting.ReasonConflict, calls: 3, ends: "Created"},
	{name: "412", fail: emulator.Failure{Status: 412}, times: 1, state: failed, reason: meeting.ReasonRefused, calls: 1, ends: "Created"},
	{name: "413", fail: emulator.Failure{Status: 413}, times: 1, state: failed, reason: meeting.ReasonBadRequest, calls: 1, ends: "Created"},
	{name: "415", fail: emulator.Failure{Status: 415}, times: 1, state: failed, reason: meeting.ReasonBadRequest, calls: 1, ends: "Created"},
	{name: "422", fail: emulator.Failure{Status: 422}, times: 1, state: failed, reason: meeting.ReasonBadRequest, calls: 1, ends: "Created"},
	{name: "429 with Retry-After in seconds", fail: emulator.Failure{Status: 429, Code: "TooManyRequests", Header: afterMinute}, times: 1, state: failed, reason: meeting.ReasonThrottled, calls: 1, ends: "Created"},
	{name: "429 with Retry-After as a date", fail: emulator.Failure{Status: 429, Code: "TooManyRequests", Header: afterHour}, times: 1, state: failed, reason: meeting.ReasonThrottled, calls: 1, ends: "Created"},
	{name: "429 without Retry-After", fail: emulator.Failure{Status: 429, Code: "TooManyRequests"}, times: 3, state: failed, reason: meeting.ReasonThrottled, calls: 3, ends: "Created"},
	{name: "429 UnknownError", fail: emulator.Failure{Status: 429, Code: "UnknownError"}, times: 3, state: failed, reason: meeting.ReasonThrottled, calls: 3, ends: "Created"},
	{name: "503 with Retry-After in seconds", fail: emulator.Failure{Status: 503, Code: "ServiceUnavailable", Header: afterMinute}, times: 1, state: failed, reason: meeting.ReasonBusy, calls: 1, ends: "Created"},
	{name: "503 with Retry-After as a date", fail: emulator.Failure{Status: 503, Code: "ServiceUnavailable", Header: afterHour}, times: 1, state: failed, reason: meeting.ReasonBusy, calls: 1, ends: "Created"},
	{name: "503 without Retry-After", fail: emulator.Failure{Status: 503, Code: "ServiceUnavailable"}, times: 3, state: failed, reason: meeting.ReasonBusy, calls: 3, ends: "Created"},
}

// uncertain lists failures after which the meeting may exist.
var uncertain = []failureCase{
	{name: "403 without a body", fail: emulator.Failure{Status: 403, Body: " "}, times: 1, state: unfinished, reason: meeting.ReasonNotGraph, calls: 1, ends: "Created"},
	{name: "404 from a proxy", fail: emulator.Failure{Status: 404, Body: "<html>"}, times: 1, state: unfinished, reason: meeting.ReasonNotGraph, calls: 1, ends: "Created"},
	{name: "418", fail: emulator.Failure{Status: 418, Body: "short and stout"}, times: 1, state: unfinished, reason: meeting.ReasonNotGraph, calls: 1, ends: "Created"},
	{name: "500", fail: emulator.Failure{Status: 500, Code: "InternalServerError"}, times: 3, state: unfinished, reason: meeting.ReasonServerError, calls: 3, ends: "Created"},
	{name: "500 after creating the meeting", fail: emulator.Failure{Status: 500, Code: "InternalServerError", Apply: true}, times: 3, state: unfinished, reason: meeting.ReasonServerError, calls: 3, ends: "Created"},
	{name: "502 from a gateway", fail: emulator.Failure{Status: 502, Body: "<html>Bad gateway</html>"}, times: 3, state: unfinished, reason: meeting.ReasonNotGraph, calls: 3, ends: "Created"},
	{name: "503 from a gateway", fail: emulator.Failure{Status: 503, Body: "<html>"}, times: 3, state: unfinished, reason: meeting.ReasonNotGraph, calls: 3, ends: "Created"},
	{name: "504", fail: emulator.Failure{Status: 504, Code: "GatewayTimeout", Apply: true}, times: 3, state: unfinished, reason: meeting.ReasonServerError, calls: 3, ends: "Created"},
	{name: "507", fail: emulator.Failure{Status: 507}, times: 3, state: unfinished, reason: meeting.ReasonServerError, calls: 3, ends: "Created"},
	{name: "509", fail: emulator.Failure{Status: 509}, times: 3, state: unfinished, reason: meeting.ReasonServerError, calls: 3, ends: "Created"},
	{name: "302", fail: emulator.Failure{Status: 302, Body: "over there", Header: http.Header{"Location": {"https://proxy.example/"}}}, times: 1, state: unfinished, reason: meeting.ReasonNotGraph, calls: 1, ends: "Created"},
	{name: "HTML page", fail: emulator.Failure{Status: 200, Body: "<!doctype html><h1>Proxy</h1>", Apply: true}, times: 3, state: unfinished, reason: meeting.ReasonNotGraph, calls: 3, ends: "Created"},
	{name: "truncated JSON", fail: emulator.Failure{Status: 201, Body: `{"id":"MSo`, Header: fromGraph, ContentType: "application/json", Apply: true}, times: 3, state: unfinished, reason: meeting.ReasonGarbled, calls: 3, ends: "Created"},
	{name: "JSON that is not a meeting", fail: emulator.Failure{Status: 200, Body: `{"value":[]}`, ContentType: "application/json", Apply: true}, times: 3, state: unfinished, reason: meeting.ReasonNotGraph, calls: 3, ends: "Created"},
	{name: "garbage without Graph's headers", fail: emulator.Failure{Status: 201, Body: "\x00\x01{{{", Apply: true}, times: 3, state: unfinished, reason: meeting.ReasonNotGraph, calls: 3, ends: "Created"},
	{name: "403 from a web filter", fail: emulator.Failure{Status: 403, Body: "<h1>Access denied by policy 7</h1>"}, times: 1, state: unfinished, reason: meeting.ReasonNotGraph, page: "Access denied by policy 7", calls: 1, ends: "Created"},
	{name: "407 from a proxy", fail: emulator.Failure{Status: 407, Body: "Proxy Authentication Required", ContentType: "text/plain"}, times: 1, state: unfinished, reason: meeting.ReasonNotGraph, page: "text/plain: Proxy Authentication Required", calls: 1, ends: "Created"},
	{name: "404 from another API", fail: emulator.Failure{Status: 404, Body: `{"error":{"code":"NotFound","message":"no such page"}}`, ContentType: "application/json"}, times: 1, state: unfinished, reason: meeting.ReasonNotGraph, page: "no such page", calls: 1, ends: "Created"},
	{name: "401 from a proxy with single sign-on", fail: emulator.Failure{Status: 401, Body: "who are you", Header: http.Header{"Www-Authenticate": {"Negotiate"}}}, times: 1, state: unfinished, reason: meeting.ReasonNotGraph, page: "who are you", calls: 1, ends: "Created"},
	{name: "garbage with Graph's headers", fail: emulator.Failure{Status: 201, Body: "\x00\x01{{{", Header: fromGraph, Apply: true}, times: 3, state: unfinished, reason: meeting.ReasonGarbled, calls: 3, ends: "Created"},
	{name: "no response", fail: emulator.Failure{Drop: true, Apply: true}, times: 3, state: unfinished, reason: meeting.ReasonNoAnswer, calls: 3, ends: "Created"},
	{name: "connection reset in the body", fail: emulator.Failure{CutBody: true, Apply: true}, times: 3, state: unfinished, reason: meeting.ReasonNoAnswer, calls: 3, ends: "Created"},
	{name: "response after the deadline", fail: emulator.Failure{Delay: 5 * time.Second, Apply: true}, times: 1, state: unfinished, reason: meeting.ReasonNoAnswer, calls: 1, ends: "Created"},
}

// missingPrerequisites lists failures caused by the lack of a prerequisite, such as a
// connection to Graph, a suitable account, consent, or a valid token.
var missingPrerequisites = []failureCase{
	{name: "connection refused", prepare: (*site).closeGraph, state: failed, reason: meeting.ReasonUnreachable, calls: 3},
	{name: "untrusted TLS certificate", prepare: (*site).untrustedGraph, state: failed, reason: meeting.ReasonTLS, calls: 1},
	{name: "missing licence", who: unlicensed.UPN, state: failed, reason: meeting.ReasonForbidden, calls: 1},
	{name: "missing consent", who: noConsent.UPN, refused: "permission"},
	{name: "personal account", who: personal.UPN, refused: "personal"},
	{name: "guest", who: guest.UPN, refused: "guest"},
	{name: "revoked refresh token", prepare: func(s *site) {
		_ = s.graph.RevokeRefreshTokens(priyaID)
		s.expireTokens()
	}, state: failed, reason: meeting.ReasonSignIn, page: "Sign in again", calls: 0, signIn: true, ends: "Created"},
	{name: "withdrawn consent", prepare: (*site).expireTokens, route: "POST /token",
		fail: emulator.Failure{Status: 400, Code: "invalid_grant", Message: "AADSTS65001: no consent"}, times: 1, state: failed, reason: meeting.ReasonConsent, calls: 0, ends: "Created"},
	{name: "blocked by Conditional Access", prepare: (*site).expireTokens, route: "POST /token",
		fail: emulator.Failure{Status: 400, Code: "invalid_grant", Message: "AADSTS53003: blocked"}, times: 1, state: failed, reason: meeting.ReasonBlocked, calls: 0, signIn: true, ends: "Created"},
	{name: "expired client secret", prepare: (*site).expireTokens, route: "POST /token",
		fail: emulator.Failure{Status: 401, Code: "invalid_client", Message: "AADSTS7000222: over"}, times: 1, state: failed, reason: meeting.ReasonSetup, calls: 0, ends: "Created"},
	{name: "sign-in service unavailable", prepare: (*site).expireTokens, route: "POST /token",
		fail: emulator.Failure{Status: 503, Body: "<html>"}, times: 1, state: failed, reason: meeting.ReasonUnreachable, calls: 0, ends: "Created"},
}

// forOthers lists failures that occur while the desk uses its application token to
// create a meeting for another organizer.
var forOthers = []failureCase{
	{name: "missing access policy", options: []siteOption{withoutPolicy}, state: failed, reason: meeting.ReasonPolicy, page: "30 minutes", calls: 1},
	{name: "rejected application token", fail: emulator.Failure{Status: 401}, times: 2, state: failed, reason: meeting.ReasonAppToken, calls: 2, ends: "Created"},
	{name: "missing application permission", fail: emulator.Failure{Status: 403, Code: "Authorization_RequestDenied"}, times: 1, state: failed, reason: meeting.ReasonAppScope, calls: 1, ends: "Created"},
	{name: "unknown organizer", fail: emulator.Failure{Status: 404, Code: "UnknownError"}, times: 1, state: failed, reason: meeting.ReasonNoOrganizer, calls: 1, ends: "Created"},
	{name: "expired application secret", prepare: (*site).expireTokens, route: "POST /token",
		fail: emulator.Failure{Status: 401, Code: "invalid_client", Message: "AADSTS7000222: over"}, times: 1, state: failed, reason: meeting.ReasonAppSetup, calls: 0, ends: "Created"},
	{name: "throttled application request", fail: emulator.Failure{Status: 429, Header: afterMinute}, times: 1, state: failed, reason: meeting.ReasonThrottled, calls: 1, ends: "Created"},
	{name: "no response to an application request", fail: emulator.Failure{Drop: true, Apply: true}, times: 3, state: unfinished, reason: meeting.ReasonNoAnswer, calls: 3, ends: "Created"},
}

// TestFailures checks the outcome of each failure: the recorded attempt, the page, the
// calls to Graph, and the result of Retry or Finish.
func TestFailures(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	for i := range forOthers {
		row := &forOthers[i]
		row.who, row.form = dana, []string{"organizer", priyaID}
		row.options = append([]siteOption{withOrganizers(priya)}, row.options...)
		if row.route == "" {
			row.route = createFor
		}
	}
	count := 0
	for _, group := range [][]failureCase{refusals, uncertain, missingPrerequisites, forOthers} {
		for _, row := range group {
			count++
			t.Run(row.name, func(t *testing.T) {
				t.Parallel()
				row.run(t)
			})
		}
	}
	if count < 30 {
		t.Errorf("%d cases, want at least 30", count)
	}
}

func (f failureCase) run(t *testing.T) {
	people := withPeople(personal, guest, unlicensed, noConsent)
	s := newSite(t, append([]siteOption{withBudget(1500 * time.Millisecond), people}, f.options...)...)
	who := f.who
	if who == "" {
		who = priya
	}
	if f.refused != "" {
		p := s.browser().get("/auth/login?login_hint="+who).want(403, f.refused)
		wantErrorPage(t, p)
		wantNothingSent(t, s)
		return
	}
	b := s.signIn(who)
	if f.prepare != nil {
		f.prepare(s)
	}
	route := f.route
	if route == "" {
		route = createRoute
	}
	for range f.times {
		s.graph.FailNext(route, f.fail)
	}
	p := b.post("/meetings", s.form(f.form...))
	if f.signIn { // the page after the redirect requires a new sign-in
		p = s.pick(b, p.want(200, "Pick an account"), who)
	}
	m := newest(t, s, "INC0012345")
	a := attempts(t, s, m.ID)[0]
	button := map[meeting.AttemptState]string{failed: "Retry", unfinished: "Finish"}[f.state]
	hasRetryAfter := f.fail.Header.Get("Retry-After") != ""
	advice := attemptText(t, a, string(f.reason)+".advice")
	if hasRetryAfter {
		advice = "meetdesk sends nothing before that time."
	}
	p.want(200, button, "Printer on fire", f.page, attemptText(t, a, string(f.reason)), advice, attemptText(t, a, string(f.reason)+".admin"))
	if a.State != f.state || a.Reason != f.reason || m.State != meeting.State(f.state) {
		t.Fatalf("the attempt is %s for %s and the meeting is %s, want %s for %s:\n%s", a.State, a.Reason, m.State, f.state, f.reason, p.text())
	}
	if len(a.Calls) != f.calls || len(a.Calls) > 3 {
		t.Errorf("%d calls are recorded, want %d", len(a.Calls), f.calls)
	}
	b.get("/").want(200, "Printer on fire")
	if hasRetryAfter {
		b.post(retryOf(t, s), nil).want(503, "too early")
		s.SetAhead(61 * time.Minute)
	}
	if f.ends == "" {
		b.post(retryOf(t, s), nil).want(200, button)
		return
	}
	b.post(retryOf(t, s), nil).want(200, f.ends, "Join")
	if got := s.graph.MeetingCount(); got != 1 {
		t.Errorf("Graph has %d meetings, want 1", got)
	}
	if m := newest(t, s, "INC0012345"); m.State != meeting.Live || m.Origin != meeting.Created || m.JoinURL == "" {
		t.Errorf("recorded state is %s, origin %s, join link %q; want live, created and a link", m.State, m.Origin, m.JoinURL)
	}
}

// attemptText returns the English message for the key, filled in with the values of the
// attempt's last call.
func attemptText(t *testing.T, a meeting.Attempt, key string) string {
	t.Helper()
	args := meeting.Args{"Status": "–", "Code": "–"}
	if n := len(a.Calls); n > 0 && a.Calls[n-1].Status != 0 {
		args["Status"], args["Came"] = a.Calls[n-1].Status, a.Calls[n-1].Message
		if code := a.Calls[n-1].Code; code != "" {
			args["Code"] = code
		}
	}
	return strings.Join(strings.Fields(english(t).T(key, args)), " ")
}

// closeGraph points the desk at a port on which nothing is listening.
func (s *site) closeGraph() {
	s.desk.Graph.BaseURL = "http://" + testenv.FreeAddress(s.t) + "/v1.0"
}

// untrustedGraph replaces Graph with a server whose certificate the desk does not trust.
func (s *site) untrustedGraph() {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = nil
	server.StartTLS()
	s.t.Cleanup(server.Close)
	s.desk.Graph.BaseURL = server.URL + "/v1.0"
}
