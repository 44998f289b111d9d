// Package desktest runs a desk for tests, with a new database and an emulator of
// Microsoft's services.
package desktest

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meetdesk/auth"
	"meetdesk/desk"
	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/graph"
	"meetdesk/logs"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/store/enginetest"
	"meetdesk/store/postgrestest"
)

// Settings configures a desk and its emulator. The functions passed to New may change the
// defaults.
type Settings struct {
	URL      string            // the desk's base URL; nothing has to listen on it
	People   []emulator.Person // EnglishCast by default
	Switches emulator.Switches
	Window   time.Duration // the emulator's RateWindow; 0 means a second
	Budget   time.Duration // a minute by default, because a busy machine is slow
	DataDir  string        // the data directory; "" for a temporary one
	Scopes   []string      // additional permissions to request
	Beta     bool          // allows meetings in channels

	Organizers []string // the configured organizers; nil turns application mode off
	Policy     []string // organizers whom the access policy covers
}

// Desk is a running desk. SetAhead sets its clock ahead.
type Desk struct {
	*desk.Desk   // replaced whenever the desk is reopened
	T            testing.TB
	Emulator     *emulator.Emulator
	MicrosoftURL string // the base URL of the emulator
	Dir          string // the desk's data directory
	Settings     Settings
	Log          Log
	Redeemed     atomic.Int64                  // the number of requests to the token endpoint
	Gate         atomic.Pointer[chan struct{}] // if set, Graph responds only after the channel is closed
	Edited       bool                          // set if a test changed the database directly
	Tamper       atomic.Pointer[Tamper]        // if set, handles all requests to Microsoft

	ahead atomic.Int64
}

// Tamper handles a request to Microsoft. It may pass the request to the emulator and
// modify the response.
type Tamper func(w http.ResponseWriter, r *http.Request, emulator http.Handler)

// Keys contains the key that encrypts stored tokens.
var Keys = [][]byte{[]byte("0123456789abcdef0123456789abcdef")}

// EnglishCast returns the demo's people without their preferred languages, so that every
// page is in English.
func EnglishCast() []emulator.Person {
	cast := emulator.Cast()
	for i := range cast {
		cast[i].Language = ""
	}
	return cast
}

// New starts a desk. At the end of the test, it checks that the full-text index matches
// the meetings, except with -short, with PostgreSQL, or if Edited is set.
func New(t testing.TB, change ...func(*Settings)) *Desk {
	t.Helper()
	d := &Desk{T: t, Dir: t.TempDir(), Settings: Settings{URL: "http://localhost:8080", People: EnglishCast(), Budget: time.Minute}}
	for _, f := range change {
		f(&d.Settings)
	}
	if d.Settings.DataDir != "" {
		d.Dir = d.Settings.DataDir
	}
	var microsoft atomic.Pointer[http.HandlerFunc] // set once the emulator knows its URL
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*microsoft.Load())(w, r) }))
	t.Cleanup(server.Close)
	d.MicrosoftURL = server.URL
	var err error
	d.Emulator, err = emulator.New(emulator.Options{
		URL: server.URL, ClientSecret: emutest.Secret, People: d.Settings.People, Now: d.Clock, Key: emutest.Key(), Switches: d.Settings.Switches, RateWindow: d.Settings.Window,
		AppClientID: emulator.DefaultAppClientID, AppClientSecret: emutest.AppSecret, AccessPolicy: d.Settings.Policy,
		RedirectURIs:           []string{d.Settings.URL + paths.Callback},
		PostLogoutRedirectURIs: []string{d.Settings.URL + paths.SignedOut},
		FrontChannelLogoutURI:  d.Settings.URL + paths.FrontChannelLogout,
	})
	if err != nil {
		t.Fatal(err)
	}
	handle := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			d.Redeemed.Add(1)
		}
		if gate := d.Gate.Load(); gate != nil && strings.HasPrefix(r.URL.Path, "/v1.0/") {
			<-*gate
		}
		if tamper := d.Tamper.Load(); tamper != nil {
			(*tamper)(w, r, d.Emulator)
			return
		}
		d.Emulator.ServeHTTP(w, r)
	})
	microsoft.Store(&handle)
	d.Open()
	t.Cleanup(func() {
		d.Wait()
		d.Store.Close()
		if !d.Edited && !testing.Short() && !postgrestest.Wanted() {
			wantIndexed(t, d.Dir)
		}
	})
	return d
}

// Open opens the data directory and connects the parts of the desk as cmd/meetdesk does.
// To restart a desk, close d.Store first.
func (d *Desk) Open() {
	d.T.Helper()
	log := logs.New(&d.Log, logs.Text, slog.LevelInfo)
	db, err := store.Open(context.Background(), store.Options{Dir: d.Dir, Database: enginetest.Prepare(d.T, d.Dir), Keys: Keys, Now: d.Clock, Log: log})
	if err != nil {
		d.T.Fatal(err)
	}
	provider := auth.New(auth.Config{
		Issuer: d.Emulator.Issuer(), ClientID: emulator.DefaultClientID, Credential: auth.Credential{Secret: emutest.Secret}, TenantID: emulator.DefaultTenant,
		RedirectURL: d.Settings.URL + paths.Callback, AllowEmulator: true, Now: d.Clock,
		Scopes:    append([]string{"openid", "profile", "email", "offline_access", "User.Read", "OnlineMeetings.ReadWrite"}, d.Settings.Scopes...),
		RoleStaff: "Meetdesk.Staff", RoleHelpDesk: "Meetdesk.HelpDesk", RoleAdmin: "Meetdesk.Admin",
	})
	d.Desk = &desk.Desk{
		Store: db, Auth: provider, Now: d.Clock, Log: log, Budget: d.Settings.Budget,
		Graph: &graph.Client{BaseURL: d.MicrosoftURL + "/v1.0", Now: d.Clock, Pause: time.Millisecond},
	}
	if d.Settings.Beta {
		d.Desk.Graph.BetaURL = d.MicrosoftURL + "/beta"
	}
	if d.Settings.Organizers != nil {
		d.resolveOrganizers(provider)
	}
}

// resolveOrganizers turns application mode on. On a busy machine, the look-ups may reach
// their time limit of three seconds, so it repeats slow ones.
func (d *Desk) resolveOrganizers(provider *auth.Provider) {
	for range 5 {
		d.App = &desk.Application{
			Auth:     provider.Application(emulator.DefaultAppClientID, auth.Credential{Secret: emutest.AppSecret}, "https://graph.microsoft.com/.default"),
			TenantID: emulator.DefaultTenant, Organizers: d.Settings.Organizers,
		}
		begun := time.Now()
		d.ResolveOrganizers(context.Background())
		if time.Since(begun) < 2*time.Second {
			return
		}
	}
}

// Clock returns the current time for the desk and its emulator.
func (d *Desk) Clock() time.Time { return time.Now().Add(d.Ahead()) }

// Ahead returns how far the clock is ahead of the real time.
func (d *Desk) Ahead() time.Duration { return time.Duration(d.ahead.Load()) }

// SetAhead sets the clock ahead of the real time by the given duration.
func (d *Desk) SetAhead(by time.Duration) { d.ahead.Store(int64(by)) }

// SignIn signs the person in at the emulator. It returns the person together with the
// grant that holds their tokens.
func (d *Desk) SignIn(upn string) desk.Actor {
	d.T.Helper()
	ctx, flow := context.Background(), auth.NewFlow()
	address, err := d.Auth.Start(ctx, flow, upn, "")
	if err != nil {
		d.T.Fatal(err)
	}
	r, err := d.get(address)
	if err != nil {
		d.T.Fatal(err)
	}
	defer r.Body.Close()
	back, err := r.Location()
	if err != nil {
		d.T.Fatalf("sign-in of %s: status %d: %v", upn, r.StatusCode, err)
	}
	identity, tokens, err := d.Auth.Finish(ctx, flow, back.Query())
	if err != nil {
		d.T.Fatal(err)
	}
	user := meeting.User{TenantID: identity.TenantID, ObjectID: identity.ObjectID, UPN: identity.UPN, Name: identity.Name, Role: identity.Role}
	hash := sha256.Sum256([]byte(flow.State))
	session, err := d.Store.SignIn(ctx, user, store.Tokens(tokens), hash[:], identity.SID, 12*time.Hour)
	if err != nil {
		d.T.Fatal(err)
	}
	return desk.Actor{User: session.User, GrantID: session.GrantID}
}
