package desk_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/testenv"
)

// throttled returns Graph's response to too many requests. The header parameter consists of
// alternating names and values.
func throttled(retryAfter string, header ...string) emulator.Failure {
	f := emulator.Failure{Status: 429, Code: "TooManyRequests", Header: http.Header{"Retry-After": {retryAfter}}}
	for i := 0; i < len(header); i += 2 {
		f.Header.Set(header[i], header[i+1])
	}
	return f
}

// unavailable returns a response from the token endpoint whose Retry-After header asks the
// desk to wait for ten minutes.
func unavailable(status int) emulator.Failure {
	return emulator.Failure{Status: status, Code: "temporarily_unavailable", Header: http.Header{"Retry-After": {"600"}}}
}

func TestNothingIsSentBeforeRetryAfter(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for _, tt := range []struct {
		name string
		fail emulator.Failure
		wait time.Duration
	}{
		{"seconds", throttled("600"), 10 * time.Minute},
		{"date", emulator.Failure{}, 10 * time.Minute},
		{"fraction", throttled("599.5"), 10 * time.Minute},
		{"twice", throttled("600, 600"), 10 * time.Minute},
		{"from a gateway", emulator.Failure{Status: 503, Body: "<h1>Busy</h1>", Header: http.Header{"Retry-After": {"600"}}}, 10 * time.Minute},
		{"with a 503", emulator.Failure{Status: 503, Code: "ServiceUnavailable", Header: http.Header{"Retry-After": {"600"}}}, 10 * time.Minute},
		{"a day at most", throttled("99999999999999999999"), 24 * time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p := d.SignIn(priya)
			if tt.name == "date" {
				tt.fail = throttled(d.Clock().Add(tt.wait).UTC().Format(http.TimeFormat))
			}
			d.Emulator.FailNext(desktest.CreateRoute, tt.fail)
			begun := d.Clock()
			m := create(d, p)
			before := d.Attempts(m.ID)[0]
			early := func() {
				t.Helper()
				wantRequests(t, d, 0, func() {
					_, err := d.Retry(t.Context(), p, before.ID, 0)
					wantError(t, err, meeting.Unavailable, meeting.ReasonRetryWait)
					if until, _ := argsOf(err)["Until"].(time.Time); until.Sub(begun.Add(tt.wait)).Abs() > 30*time.Second {
						t.Errorf("the error says until %s, want %s", until, begun.Add(tt.wait))
					}
				})
				if a := d.Attempts(m.ID)[0]; a.State != before.State || a.Reason != before.Reason || len(a.Calls) != len(before.Calls) {
					t.Errorf("the attempt was %+v and is %+v", before, a)
				}
			}
			early()
			d.Store.Close()
			d.Open()
			early()
			d.SetAhead(tt.wait - time.Minute)
			early()
			if until, err := d.WaitUntil(t.Context(), meeting.Delegated, p.User); err != nil || until.IsZero() {
				t.Errorf("the desk says that it waits until %s (%v)", until, err)
			}
			d.SetAhead(tt.wait + 2*time.Second)
			if until, err := d.WaitUntil(t.Context(), meeting.Delegated, p.User); err != nil || !until.IsZero() {
				t.Errorf("the desk says that it waits until %s (%v), want not at all", until, err)
			}
			retry(d, d.SignIn(priya), m.ID)
			wantDone(t, d, m.ID, meeting.OutcomeCreated)
		})
	}
}

func TestRetryAfterThatAsksForNothing(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	for _, value := range []string{"-600", "soon", "0", "NaN", "Thu, 01 Jan 1970 00:00:00 GMT"} {
		d := desktest.New(t)
		p := d.SignIn(priya)
		f := throttled(value)
		f.Times = 3
		d.Emulator.FailNext(desktest.CreateRoute, f)
		m := create(d, p)
		wantFailed(t, d, m.ID, meeting.ReasonThrottled)
		retry(d, p, m.ID)
		wantDone(t, d, m.ID, meeting.OutcomeCreated)
	}
}

// If a response does not state the scope of the limit, the whole desk waits for at most an
// hour. A limit for a single user affects only that user.
func TestWhoWaits(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for _, tt := range []struct {
		scope      string
		retryAfter string
		ahead      time.Duration
		sent       int
	}{
		{"", "600", 0, 0},
		{"", "600", 9 * time.Minute, 0},
		{"", "600", 11 * time.Minute, 1},
		{"", "43200", 50 * time.Minute, 0},
		{"", "43200", 61 * time.Minute, 1}, // the limit may apply only to Priya
		{"User/ReadWrite/9a3d526c/6b4ab10b", "600", 0, 1},
		{"Tenant_Application/ReadWrite/9a3d526c/6b4ab10b", "43200", 61 * time.Minute, 0},
		{"Application/Read/9a3d526c", "7200", 70 * time.Minute, 0},
		{"Tenant/Read", "600", 0, 0},
	} {
		t.Run(tt.scope+" "+tt.retryAfter+" "+tt.ahead.String(), func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t)
			p, o := d.SignIn(priya), d.SignIn(tomas)
			d.Emulator.FailNext(desktest.CreateRoute, throttled(tt.retryAfter, "x-ms-throttle-scope", tt.scope))
			m := create(d, p)
			d.SetAhead(tt.ahead)
			wantRequests(t, d, tt.sent, func() { create(d, o, externalID("INC2")) })
			theirs := d.Newest("INC2")
			if tt.sent == 1 {
				wantDone(t, d, theirs.ID, meeting.OutcomeCreated)
				return
			}
			wantFailed(t, d, theirs.ID, meeting.ReasonWait)
			wantRequests(t, d, 0, func() {
				_, err := d.Retry(t.Context(), p, d.Attempts(m.ID)[0].ID, 0)
				wantError(t, err, meeting.Unavailable, meeting.ReasonRetryWait)
			})
		})
	}
}

// If Graph throttles one operation, no operation sends anything to Graph until the wait is
// over.
func TestEveryOperationWaits(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	const link = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0"
	ctx := context.Background()
	operations := []struct {
		name, route string
		do          func(d *desktest.Desk, p desk.Actor)
	}{
		{"create", desktest.CreateRoute, func(d *desktest.Desk, p desk.Actor) { create(d, p, externalID("INC9")) }},
		{"refresh", desktest.GetRoute, func(d *desktest.Desk, p desk.Actor) { refresh(d, p, 1) }},
		{"update", desktest.GetRoute, func(d *desktest.Desk, p desk.Actor) { update(d, p, 1, subject("Mine")) }},
		{"option", desktest.GetRoute, func(d *desktest.Desk, p desk.Actor) { update(d, p, 1, option(meeting.OptionLobby, "everyone")) }},
		{"remove", desktest.GetRoute, func(d *desktest.Desk, p desk.Actor) { remove(d, p, 1) }},
		{"adopt", desktest.FindRoute, func(d *desktest.Desk, p desk.Actor) {
			_, err := d.Adopt(ctx, p, link)
			wantError(d.T, err, meeting.Unavailable, meeting.ReasonRetryWait)
		}},
		{"people", "GET /users", func(d *desktest.Desk, p desk.Actor) {
			if _, err := d.SearchPeople(ctx, p, "tomas"); meeting.CodeOf(err) != meeting.Unavailable {
				d.T.Errorf("people: %v", err)
			}
		}},
	}
	for _, first := range operations[:6] {
		t.Run("after "+first.name, func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t, withDirectory())
			p := d.SignIn(priya)
			create(d, p, attendees())
			d.Emulator.FailNext(first.route, throttled("600"))
			first.do(d, p)
			for _, then := range operations {
				t.Log(then.name)
				wantRequests(t, d, 0, func() { then.do(d, p) })
			}
			d.SetAhead(10*time.Minute + time.Second)
			wantRequests(t, d, 1, func() { refresh(d, p, 1) })
		})
	}
}

// While the directory throttles requests, the desk does not look up people but can still
// create meetings.
func TestTheDirectoryWaitsAlone(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withDirectory())
	p := d.SignIn(priya)
	d.Emulator.FailNext("GET /users", throttled("600"))
	_, err := d.SearchPeople(t.Context(), p, "tomas")
	wantError(t, err, meeting.Unavailable, meeting.ReasonPeopleUnavailable)
	wantRequests(t, d, 0, func() {
		_, err := d.SearchPeople(t.Context(), p, "tomas")
		wantError(t, err, meeting.Unavailable, meeting.ReasonRetryWait)
	})
	wantRequests(t, d, 1, func() { create(d, p, attendees(person(tomas))) })
	d.SetAhead(10*time.Minute + time.Second)
	if _, err := d.SearchPeople(t.Context(), p, "tomas"); err != nil {
		t.Error(err)
	}
}

// If the token endpoint throttles a user's requests, that user's token is not renewed
// until the wait is over. Other users are not affected.
func TestTheTokenEndpointWaits(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.SetAhead(80 * time.Minute) // the person's token has expired
	d.Emulator.FailNext("POST /token", unavailable(429))
	m := create(d, p)
	wantFailed(t, d, m.ID, meeting.ReasonThrottled)
	before := d.Redeemed.Load()
	for range 2 {
		retry(d, p, m.ID)
		wantFailed(t, d, m.ID, meeting.ReasonWait)
	}
	if got := d.Redeemed.Load() - before; got != 0 || len(d.Attempts(m.ID)[0].Calls) != 0 {
		t.Errorf("%d requests for a token", got)
	}
	create(d, d.SignIn(tomas), externalID("INC2"))
	wantDone(t, d, d.Newest("INC2").ID, meeting.OutcomeCreated)
	d.SetAhead(d.Ahead() + 10*time.Minute + time.Second)
	retry(d, p, m.ID)
	wantDone(t, d, m.ID, meeting.OutcomeCreated)
}

func TestTheApplicationsTokenWaits(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withOrganizers(priya))
	h := d.SignIn(dana)
	d.SetAhead(80 * time.Minute)
	d.Emulator.FailNext("POST /token", unavailable(429))
	m := create(d, h, organizer(priyaID))
	wantFailed(t, d, m.ID, meeting.ReasonThrottled)
	retry(d, h, m.ID)
	wantFailed(t, d, m.ID, meeting.ReasonWait)
	if until, err := d.WaitUntil(t.Context(), meeting.Application, m.Organizer); err != nil || until.IsZero() {
		t.Errorf("the desk says that it waits until %s (%v)", until, err)
	}
	d.SetAhead(d.Ahead() + 10*time.Minute + time.Second)
	retry(d, h, m.ID)
	wantDone(t, d, m.ID, meeting.OutcomeCreated)
}

// If the token endpoint is down, no user's token is renewed until the wait is over.
func TestATokenEndpointThatIsDown(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for _, status := range []int{500, 502, 503, 504} {
		d := desktest.New(t)
		p, o := d.SignIn(priya), d.SignIn(tomas)
		d.SetAhead(80 * time.Minute)
		d.Emulator.FailNext("POST /token", emulator.Failure{Status: status, Body: "<html>", Header: http.Header{"Retry-After": {"600"}}})
		wantFailed(t, d, create(d, p).ID, meeting.ReasonBusy)
		wantFailed(t, d, create(d, o, externalID("INC2")).ID, meeting.ReasonWait)
	}
}

// If a wait ends long enough before the deadline, the operation waits and then sends its
// request.
func TestAShortWaitIsWaitedFor(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	end := d.Clock().Add(200 * time.Millisecond).Truncate(time.Millisecond)
	if err := d.Store.SaveWait(t.Context(), store.Graph, store.WholeDesk, end); err != nil {
		t.Fatal(err)
	}
	m := create(d, p)
	wantDone(t, d, m.ID, meeting.OutcomeCreated)
	if now := d.Clock(); now.Before(end) {
		t.Errorf("it was created %s before the end of the wait", end.Sub(now))
	}
}

// A wait is recorded even if the request is cancelled as soon as the response has arrived.
func TestWaitsAreRecordedWithoutTheRequest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		service store.Service
		route   string
		fail    emulator.Failure
		act     func(context.Context, *desktest.Desk, desk.Actor)
	}{
		{store.Directory, "GET /users", throttled("600"), func(ctx context.Context, d *desktest.Desk, p desk.Actor) { d.SearchPeople(ctx, p, "tomas") }},
		{store.Application, "POST /token", unavailable(503), func(ctx context.Context, d *desktest.Desk, p desk.Actor) {
			d.SetAhead(2 * time.Hour) // the application's token has expired
			d.Organizers(ctx, p.User)
		}},
	} {
		t.Run(string(tt.service), func(t *testing.T) {
			t.Parallel()
			d := desktest.New(t, withOrganizers(unknownID), withDirectory())
			p := d.SignIn(dana)
			d.Emulator.FailNext(tt.route, tt.fail)
			ctx, leave := context.WithCancel(t.Context())
			d.OnWait = func(store.Service, time.Duration) { leave() }
			tt.act(ctx, d, p)
			if ctx.Err() == nil {
				t.Fatal("the response that asks to wait has not arrived")
			}
			if until, err := d.Store.Wait(t.Context(), tt.service, p.User.ID); err != nil || until.IsZero() {
				t.Errorf("the wait until %s is recorded, %v", until, err)
			}
		})
	}
}
