package graph_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"meetdesk/emulator"
	"meetdesk/graph"
	"meetdesk/meeting"
)

const (
	createOrGet = "POST /me/onlineMeetings/createOrGet"
	callback    = "http://localhost:8080/auth/callback"
)

const appSecret = "the-program's-secret"

// signingKey returns a key shared by all emulators, because generating one is slow.
var signingKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 1024) })

// newEmulator returns an emulated tenant, a client for it and Priya's token.
func newEmulator(t *testing.T) (*emulator.Emulator, *graph.Client, string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	base := "http://" + server.Listener.Addr().String()
	key, err := signingKey()
	if err != nil {
		t.Fatal(err)
	}
	em, err := emulator.New(emulator.Options{
		URL: base, Key: key, RedirectURIs: []string{callback},
		AppClientID: emulator.DefaultAppClientID, AppClientSecret: appSecret,
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = em
	server.Start()
	t.Cleanup(server.Close)
	return em, &graph.Client{BaseURL: base + "/v1.0", BetaURL: base + "/beta", Pause: time.Millisecond}, signIn(t, em)
}

// signIn returns an access token for Priya. It adds the given parameters to the
// authorization request.
func signIn(t *testing.T, em *emulator.Emulator, options ...oauth2.AuthCodeOption) string {
	t.Helper()
	oauth := strings.TrimSuffix(em.Issuer(), "/v2.0") + "/oauth2/v2.0"
	config := oauth2.Config{
		ClientID: emulator.DefaultClientID, RedirectURL: callback, Scopes: []string{"openid", "OnlineMeetings.ReadWrite", "User.ReadBasic.All"},
		Endpoint: oauth2.Endpoint{AuthURL: oauth + "/authorize", TokenURL: oauth + "/token", AuthStyle: oauth2.AuthStyleInParams},
	}
	verifier := oauth2.GenerateVerifier()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.Get(config.AuthCodeURL("s", append(options, oauth2.S256ChallengeOption(verifier),
		oauth2.SetAuthURLParam("login_hint", "priya@contoso.example"), oauth2.SetAuthURLParam("nonce", "n"))...))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	back, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	got, err := config.Exchange(t.Context(), back.Query().Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	return got.AccessToken
}

func programToken(t *testing.T, em *emulator.Emulator) string {
	t.Helper()
	config := clientcredentials.Config{
		ClientID: emulator.DefaultAppClientID, ClientSecret: appSecret, Scopes: []string{"https://graph.microsoft.com/.default"},
		TokenURL: strings.TrimSuffix(em.Issuer(), "/v2.0") + "/oauth2/v2.0/token", AuthStyle: oauth2.AuthStyleInParams,
	}
	got, err := config.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got.AccessToken
}

func TestCreateUpdateRead(t *testing.T) {
	_, c, token := newEmulator(t)
	tomas := emulator.Cast()[1]
	want := asked
	want.Attendees = []meeting.Attendee{{UPN: tomas.UPN, ObjectID: tomas.ObjectID, Role: meeting.RoleCoorganizer}, {UPN: "caller@elsewhere.example"}}

	made, err := c.CreateOrGet(t.Context(), graph.Me(token), want)
	if err != nil {
		t.Fatal(err)
	}
	withRoles := want.Attendees
	want.Attendees = meeting.WithoutRoles(withRoles) // createOrGet ignores roles
	if got := made.Reply; !got.Created || got.ExternalID != want.ExternalID || got.JoinURL == "" || len(want.Differences(got.Details)) > 0 {
		t.Errorf("created %+v, which differs from the request in %v", got, want.Differences(got.Details))
	}
	if made.Calls[0].RequestID == "" || made.Calls[0].Status != 201 {
		t.Errorf("call %+v", made.Calls[0])
	}

	moved := want
	moved.Subject, moved.Start, moved.End = "Moved", want.Start.Add(time.Hour), want.End.Add(time.Hour)
	moved.Attendees = withRoles[:1]
	found, err := c.CreateOrGet(t.Context(), graph.Me(token), moved)
	if err != nil || found.Reply.Created || found.Reply.GraphID != made.Reply.GraphID || len(want.Differences(found.Reply.Details)) > 0 {
		t.Errorf("found %+v, %v; want the unchanged meeting", found.Reply, err)
	}

	updated, err := c.UpdateMeeting(t.Context(), graph.Me(token), made.Reply.GraphID, fullPatch(moved))
	if err != nil || len(moved.Differences(updated.Reply.Details)) > 0 {
		t.Errorf("updated %+v, %v", updated.Reply, err)
	}
	read, err := c.Meeting(t.Context(), graph.Me(token), made.Reply.GraphID)
	if err != nil || read.Reply.Created || len(moved.Differences(read.Reply.Details)) > 0 {
		t.Errorf("read %+v, %v", read.Reply, err)
	}
	unknown := base64.StdEncoding.EncodeToString([]byte("1*" + emulator.Cast()[0].ObjectID + "*0**19:meeting_none@thread.v2"))
	_, err = c.Meeting(t.Context(), graph.Me(token), unknown)
	wantError(t, err, graph.Refused, meeting.ReasonNotFound)
	_, err = c.Meeting(t.Context(), graph.Me(token), "corrupted")
	wantError(t, err, graph.Refused, meeting.ReasonBadRequest)
	_, err = c.CreateOrGet(t.Context(), graph.Me("no token"), want)
	wantError(t, err, graph.Refused, meeting.ReasonSignIn)
}

// TestLostResponse checks that a retry finds the meeting if the response to the first try
// was lost or replaced.
func TestLostResponse(t *testing.T) {
	for name, failure := range map[string]emulator.Failure{
		"connection dropped": {Apply: true, Drop: true},
		"body cut off":       {CutBody: true},
		"HTML page":          {Apply: true, Body: "<html>"},
		"status 500":         {Apply: true, Status: 500},
	} {
		t.Run(name, func(t *testing.T) {
			em, c, token := newEmulator(t)
			em.FailNext(createOrGet, failure)
			result, err := c.CreateOrGet(t.Context(), graph.Me(token), asked)
			if err != nil || result.Reply.Created || len(em.Meetings()) != 1 {
				t.Errorf("got %+v, %v and %d meetings; want one meeting that was found", result.Reply, err, len(em.Meetings()))
			}
			unsure := func(call meeting.Call) bool { return call.Unsure }
			if len(result.Calls) != 2 || slices.IndexFunc(result.Calls, unsure) != 0 || result.Calls[1].Unsure {
				t.Errorf("calls %+v, want two of which only the first is unsure", result.Calls)
			}
		})
	}
}
