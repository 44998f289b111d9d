package auth

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2/clientcredentials"

	"meetdesk/meeting"
)

// expiryMargin is how long a token must still be valid to be used for a request. It exceeds
// the timeout of a request to Graph.
const expiryMargin = time.Minute

// Application gets tokens for the program itself using the client credentials grant.
// The help desk uses them to create meetings for the configured organizers.
// Application is safe for concurrent use.
type Application struct {
	provider   *Provider
	id, scope  string
	credential atomic.Pointer[Credential]
	// lock protects the fields below. The channel is full while a caller holds the lock.
	lock        chan struct{}
	accessToken string
	expiry      time.Time // zero if the provider did not specify a lifetime
}

// Application returns a client for the program's own app registration. It does not call
// the provider. The scope names one resource, such as https://graph.microsoft.com/.default.
func (p *Provider) Application(clientID string, credential Credential, scope string) *Application {
	a := &Application{provider: p, id: clientID, scope: scope, lock: make(chan struct{}, 1)}
	a.SetCredential(credential)
	return a
}

// SetCredential replaces the client secret or the certificate. It does not invalidate the
// cached token.
func (a *Application) SetCredential(c Credential) { a.credential.Store(&c) }

// Credential returns the current credential.
func (a *Application) Credential() Credential { return *a.credential.Load() }

// ClientID returns the program's own client ID. Administrators need it to create an
// application access policy.
func (a *Application) ClientID() string { return a.id }

// Cached returns the cached token without calling the provider. ok is false if the token
// is missing, rejected or about to expire, or if another caller is requesting a new one.
func (a *Application) Cached(rejected string) (token string, ok bool) {
	select {
	case a.lock <- struct{}{}:
		defer func() { <-a.lock }()
		return a.accessToken, a.accessToken != "" && a.accessToken != rejected && a.fresh()
	default:
		return "", false
	}
}

// Token returns an access token other than the rejected one. If Graph has not rejected a
// token, pass "". Concurrent callers share one request.
//
// The error is a *meeting.Error with the code Unavailable. If the provider refuses the
// registration, the key is signin.app_setup, and the argument Code is the provider's
// error code. Otherwise, the key is signin.unavailable or signin.emulator, as for Discover.
func (a *Application) Token(ctx context.Context, rejected string) (string, error) {
	select {
	case a.lock <- struct{}{}:
		defer func() { <-a.lock }()
	case <-ctx.Done():
		return "", unavailable(ctx.Err())
	}
	if a.accessToken != "" && a.accessToken != rejected && a.fresh() {
		return a.accessToken, nil
	}
	token, lifetime, err := a.request(ctx)
	if err != nil {
		return "", err
	}
	if token == rejected {
		return "", unavailable(errors.New("the provider gave the rejected token again"))
	}
	a.accessToken, a.expiry = token, time.Time{}
	if lifetime > 0 {
		a.expiry = a.provider.cfg.Now().Add(lifetime)
	}
	return token, nil
}

func (a *Application) fresh() bool {
	return a.expiry.IsZero() || a.provider.cfg.Now().Add(expiryMargin).Before(a.expiry)
}

// request gets a token and its lifetime from the provider. The lifetime is 0 if the
// provider did not specify one.
func (a *Application) request(ctx context.Context) (token string, lifetime time.Duration, err error) {
	found, err := a.provider.discover(ctx)
	if err != nil {
		return "", 0, err
	}
	credential := a.Credential()
	config := clientcredentials.Config{
		ClientID: a.id, ClientSecret: credential.secret(), TokenURL: found.Token,
		Scopes: []string{a.scope}, AuthStyle: found.authStyle(credential.secret()),
	}
	got, err := config.Token(a.provider.tokenContext(ctx, a.id, credential, found))
	if err != nil {
		return "", 0, applicationFailure(failureOfExchange(err))
	}
	tokens, err := a.provider.tokens(got)
	if err != nil {
		return "", 0, applicationFailure(failureOfExchange(err))
	}
	if !tokens.Expiry.IsZero() {
		lifetime = tokens.Expiry.Sub(a.provider.cfg.Now())
	}
	return tokens.AccessToken, lifetime, nil
}

// applicationFailure converts f to the error that Token returns. No user is involved, so a
// permanent failure means that the app registration is wrong.
func applicationFailure(f *failure) error {
	if f.isTransient() {
		return unavailable(f)
	}
	return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSignInAppSetup, Args: meeting.Args{"Code": f.code()}, Err: f}
}
