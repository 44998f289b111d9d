package desk_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

// tokensUsed returns the paths of the POST requests to Graph, grouped by Authorization
// header.
func tokensUsed(d *desktest.Desk) map[string]map[string]bool {
	used := make(map[string]map[string]bool)
	for _, r := range d.Emulator.Requests() {
		if r.Method != http.MethodPost {
			continue
		}
		token := r.Header.Get("Authorization")
		if used[token] == nil {
			used[token] = make(map[string]bool)
		}
		used[token][r.Path] = true
	}
	return used
}

func TestTokensAreKeptFresh(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	for i, ahead := range []time.Duration{0, 80 * time.Minute, 160 * time.Minute} { // each time, the previous token has expired
		d.SetAhead(ahead)
		wantRequests(t, d, 1, func() { create(d, p, externalID(fmt.Sprint("T", i))) })
	}
	if got := len(tokensUsed(d)); got != 3 {
		t.Errorf("%d tokens were used, want 3", got)
	}
}

func TestATokenIsRenewedBeforeItExpires(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	tokens, err := d.Store.Tokens(t.Context(), p.GrantID)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		left     time.Duration
		renewals int64
	}{{5 * time.Minute, 0}, {30 * time.Second, 1}} {
		d.SetAhead(time.Until(tokens.Expiry) - tt.left)
		before := d.Redeemed.Load()
		create(d, p, externalID("LEFT-"+tt.left.String()))
		if got := d.Redeemed.Load() - before; got != tt.renewals {
			t.Errorf("%s before the token expires: %d renewals, want %d", tt.left, got, tt.renewals)
		}
	}
}

func TestARejectedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	rejected := emulator.Failure{Status: 401, Code: "InvalidAuthenticationToken", Message: "Lifetime validation failed, the token is expired."}
	d.Emulator.FailNext(desktest.CreateRoute, rejected)
	wantRequests(t, d, 2, func() { create(d, p) })
	if got := len(tokensUsed(d)); got != 2 {
		t.Errorf("%d tokens were used, want 2", got)
	}
	rejected.Times = 2
	d.Emulator.FailNext(desktest.CreateRoute, rejected)
	wantRequests(t, d, 2, func() { create(d, p, externalID("INC2")) })
	wantFailed(t, d, d.Newest("INC2").ID, meeting.ReasonSignIn)

	t.Run("not for a 401 that is not Graph's", func(t *testing.T) {
		d.Emulator.FailNext(desktest.CreateRoute, emulator.Failure{Status: 401, Body: "<html>"})
		wantRequests(t, d, 1, func() { create(d, p, externalID("INC4")) })
		wantUnfinished(t, d, d.Newest("INC4").ID, meeting.ReasonNotGraph)
	})
	t.Run("not for a claims challenge, which only the person can answer", func(t *testing.T) {
		if err := d.Emulator.RequireClaims(priyaID, `{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}`); err != nil {
			t.Fatal(err)
		}
		wantRequests(t, d, 1, func() { create(d, p, externalID("INC3")) })
		wantFailed(t, d, d.Newest("INC3").ID, meeting.ReasonClaims)
	})
}

func TestASignInThatEndedAtMicrosoft(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	if err := d.Emulator.RevokeRefreshTokens(priyaID); err != nil {
		t.Fatal(err)
	}
	d.SetAhead(80 * time.Minute)
	var m meeting.Meeting
	wantRequests(t, d, 0, func() { m = create(d, p) })
	wantFailed(t, d, m.ID, meeting.ReasonSignIn)
	retry(d, d.SignIn(priya), m.ID)
	wantDone(t, d, m.ID, meeting.OutcomeCreated)
}

func TestATokenEndpointWithoutAnswer(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.SetAhead(80 * time.Minute)
	d.Emulator.FailNext("POST /token", emulator.Failure{Status: 503, Body: "<html>", ContentType: "text/html"})
	m := create(d, p)
	wantFailed(t, d, m.ID, meeting.ReasonUnreachable)
	retry(d, p, m.ID)
	wantDone(t, d, m.ID, meeting.OutcomeCreated)
}

func TestManyRequestsRenewATokenOnce(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withBudget(time.Minute))
	p := d.SignIn(priya)
	d.SetAhead(80 * time.Minute)
	before := d.Redeemed.Load()
	var requests sync.WaitGroup
	for i := range 8 {
		requests.Go(func() { create(d, p, externalID(fmt.Sprint("R", i))) })
	}
	requests.Wait()
	if got := d.Redeemed.Load() - before; got != 1 || len(tokensUsed(d)) != 1 {
		t.Errorf("%d renewals, and %d tokens were used; want one of each", got, len(tokensUsed(d)))
	}
}

// A renewal continues even if the person stops waiting, because the provider may no
// longer accept the old refresh token.
func TestARenewalIsFinished(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	d := desktest.New(t, withDirectory(), withBudget(3*time.Second))
	p := d.SignIn(priya)
	old, err := d.Store.Tokens(t.Context(), p.GrantID)
	if err != nil {
		t.Fatal(err)
	}
	d.SetAhead(80 * time.Minute)
	hold := make(chan struct{})
	d.Emulator.FailNext("POST /token", emulator.Failure{Hold: hold, Apply: true})
	m := create(d, p, attendees(person(tomas))) // the create call returns before the renewal ends
	wantFailed(t, d, m.ID, meeting.ReasonUnreachable)
	time.AfterFunc(50*time.Millisecond, func() { close(hold) })
	d.Wait()
	if after, err := d.Store.Tokens(t.Context(), p.GrantID); err != nil || after.RefreshToken == old.RefreshToken {
		t.Errorf("Wait returned before the new tokens were stored, %v", err)
	}
	d.Budget = 0
	before := d.Redeemed.Load()
	retry(d, p, m.ID)
	wantDone(t, d, m.ID, meeting.OutcomeCreated)
	if got := d.Redeemed.Load() - before; got != 0 {
		t.Errorf("%d renewals after the one that was finished", got)
	}
}

// While a sign-in is being checked, a request that needs a new token waits for the result.
// The provider may revoke all tokens if a refresh token is used twice.
func TestARenewalWaitsForTheCheckOfTheSignIn(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.SetAhead(80 * time.Minute)
	hold, redeemed := make(chan struct{}), d.Redeemed.Load()
	d.Emulator.FailNext("POST /token", emulator.Failure{Hold: hold, Apply: true})
	var all sync.WaitGroup
	all.Go(func() { d.Recheck(t.Context(), p, d.Clock().Add(-2*time.Hour)) })
	desktest.Eventually(t, "the provider is asked", func() bool { return d.Redeemed.Load() > redeemed })
	all.Go(func() { create(d, p) })
	time.Sleep(50 * time.Millisecond) // gives the create call enough time to reach the provider
	close(hold)
	all.Wait()
	if n := d.Redeemed.Load() - redeemed; n != 1 {
		t.Errorf("the tokens were renewed %d times, want once", n)
	}
}

// The check of a sign-in continues and stores the new tokens even if the request that
// started the check is cancelled.
func TestACheckOfTheSignInIsFinished(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	before, err := d.Store.Tokens(t.Context(), p.GrantID)
	if err != nil {
		t.Fatal(err)
	}
	hold, redeemed := make(chan struct{}), d.Redeemed.Load()
	d.Emulator.FailNext("POST /token", emulator.Failure{Hold: hold, Apply: true})
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.Recheck(ctx, p, d.Clock().Add(-2*time.Hour))
	}()
	desktest.Eventually(t, "the provider is asked", func() bool { return d.Redeemed.Load() > redeemed })
	leave()
	<-done
	close(hold)
	d.Wait()
	if after, err := d.Store.Tokens(t.Context(), p.GrantID); err != nil || after.RefreshToken == before.RefreshToken {
		t.Errorf("the refresh token that the provider has taken back is still stored, %v", err)
	}
}

// If two people create meetings at the same time, each meeting belongs to the right
// organizer. No token is used in both modes.
func TestTokensAreNotMixedUp(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withOrganizers(priya, tomas), withBudget(time.Minute)) // concurrent requests are slow on a busy machine
	h, p := d.SignIn(dana), d.SignIn(priya)
	d.Emulator.SetLatency(20 * time.Millisecond)
	var requests sync.WaitGroup
	for i := range 4 {
		requests.Go(func() { create(d, h, externalID(fmt.Sprint("DANA-", i))) })
		requests.Go(func() { create(d, h, externalID(fmt.Sprint("FOR-", i)), organizer(tomasID)) })
		requests.Go(func() { create(d, p, externalID(fmt.Sprint("PRIYA-", i))) })
	}
	requests.Wait()
	whose := map[string]string{"DANA": danaID, "FOR": tomasID, "PRIYA": priyaID}
	for _, m := range d.Emulator.Meetings() {
		kind, _, _ := strings.Cut(m.ExternalID, "-")
		if m.Organizer != whose[kind] {
			t.Errorf("%s belongs to %s", m.ExternalID, m.Organizer)
		}
	}
	used := tokensUsed(d)
	for _, paths := range used {
		if len(paths) != 1 {
			t.Errorf("one token was used on %v", paths)
		}
	}
	if len(used) != 3 || d.Emulator.MeetingCount() != 12 {
		t.Errorf("%d meetings with %d tokens, want 12 with Dana's, Priya's and the application's", d.Emulator.MeetingCount(), len(used))
	}
}
