package auth

import (
	"context"
	"errors"
	"time"

	"golang.org/x/oauth2/clientcredentials"

	"meetdesk/meeting"
)

// margin is how long before its end a program's token is not used any more:
// longer than any one wait for Graph.
const margin = time.Minute

// Application gets tokens for the program itself (client credentials), with
// which it acts for the organizers that it is configured for. It keeps the
// token in memory alone, and is safe for concurrent use.
type Application struct {
	provider          *Provider
	id, secret, scope string
	turn              chan struct{} // holds one while somebody asks, or reads what is below
	accessToken       string
	expiry            time.Time // zero where the provider did not say
}

// Application returns the program's own access, under its own registration. The
// scope is of one resource: https://graph.microsoft.com/.default. The provider
// is not called.
func (p *Provider) Application(clientID, clientSecret, scope string) *Application {
	return &Application{provider: p, id: clientID, secret: clientSecret, scope: scope, turn: make(chan struct{}, 1)}
}

// ClientID returns the program's own client ID, which an administrator needs to
// grant it a policy.
func (a *Application) ClientID() string { return a.id }

// Cached returns the last token, unless that is the rejected one, is over or is
// being replaced. It asks nobody.
func (a *Application) Cached(rejected string) (token string, ok bool) {
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
		return a.accessToken, a.accessToken != "" && a.accessToken != rejected && a.fresh()
	default:
		return "", false
	}
}

// Token returns an access token other than the rejected one, which is "" where
// none was rejected. It is the last one until a minute before it is over; there
// is one request at a time, and whoever waits for another's gets its token. The
// error is a *meeting.Error: Unavailable signin.unavailable where the provider
// gave no proper answer in time, and Unavailable signin.app_setup, with the Code
// to quote, where the registration is at fault.
func (a *Application) Token(ctx context.Context, rejected string) (string, error) {
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
	case <-ctx.Done():
		return "", unavailable(ctx.Err())
	}
	if a.accessToken != "" && a.accessToken != rejected && a.fresh() {
		return a.accessToken, nil
	}
	token, life, err := a.request(ctx)
	if err != nil {
		return "", err
	}
	if token == rejected {
		return "", unavailable(errors.New("the provider gave the rejected token again"))
	}
	a.accessToken, a.expiry = token, time.Time{}
	if life > 0 {
		a.expiry = a.provider.cfg.Now().Add(life)
	}
	return token, nil
}

func (a *Application) fresh() bool {
	return a.expiry.IsZero() || a.provider.cfg.Now().Add(margin).Before(a.expiry)
}

// request asks the provider for a token. Its life is 0 where it was not told.
func (a *Application) request(ctx context.Context) (token string, life time.Duration, err error) {
	found, err := a.provider.discover(ctx)
	if err != nil {
		return "", 0, err
	}
	config := clientcredentials.Config{
		ClientID: a.id, ClientSecret: a.secret, TokenURL: found.Token,
		Scopes: []string{a.scope}, AuthStyle: found.authStyle(a.secret),
	}
	got, err := config.Token(a.provider.context(ctx))
	if err != nil {
		return "", 0, applicationFailure(fromExchange(err))
	}
	tokens, err := a.provider.tokens(got)
	if err != nil {
		return "", 0, applicationFailure(fromExchange(err))
	}
	if !tokens.Expiry.IsZero() {
		life = tokens.Expiry.Sub(a.provider.cfg.Now())
	}
	return tokens.AccessToken, life, nil
}

// applicationFailure turns a failure into what an administrator can mend: there
// is no person whose sign-in could be at fault.
func applicationFailure(f *failure) error {
	if f.transient() {
		return unavailable(f)
	}
	return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSignInAppSetup, Args: meeting.Args{"Code": f.code()}, Err: f}
}
