package tenant

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Default IDs. An empty Options.AppClientID does not mean DefaultAppClientID, because the
// second application is optional.
const (
	DefaultTenant      = "6f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10"
	DefaultClientID    = "2b8f6d0a-51c7-4f0e-8a36-0d9c4e7b1f52"
	DefaultAppClientID = "5d3e9a17-84b2-4c6d-a0f5-61c8e2d97b34"
)

// Options describes the tenant. Only URL is required.
type Options struct {
	URL      string // the public base URL, such as "http://127.0.0.1:8081"; behind a TLS proxy, the proxy's URL
	Data     string // the folder for the journal and the signing key; "" keeps everything in memory
	Tenant   string // the organization's GUID; "" means DefaultTenant
	ClientID string // the first application's client ID; "" means DefaultClientID

	// ClientSecret authenticates the first application. If the application has neither
	// a secret nor a certificate, it is a public client. PKCE is always required.
	ClientSecret string

	// ClientCertificates authenticate the first application instead of ClientSecret. If
	// both are set, the application may use either.
	ClientCertificates []*x509.Certificate

	RedirectURIs           []string // must match exactly, as in Entra
	PostLogoutRedirectURIs []string

	// FrontChannelLogoutURI is loaded in a frame, with the sid parameter, when a user signs
	// out of the emulator. If it is "", no application is notified.
	FrontChannelLogoutURI string

	// AppClientID is the client ID of a second application, or "". If set, only that
	// application can use the client credentials grant. People always sign in to the
	// first one.
	AppClientID           string
	AppClientSecret       string
	AppClientCertificates []*x509.Certificate // certificates that the second application may use instead of AppClientSecret
	AppRoles              []string            // Graph permissions for the client credentials grant; nil means OnlineMeetings.ReadWrite.All and User.Read.All

	// AccessPolicy lists the people for whom the application may act: their object IDs,
	// or Everyone. See GrantAccessPolicy.
	AccessPolicy []string

	People   []Person         // the accounts in the directory; nil means Cast()
	Now      func() time.Time // the clock of Entra and Graph; nil means time.Now
	Switches Switches         // how Graph behaves in undocumented cases

	// RateWindow is the period to which Switches.MaxPerSecond applies; 0 means one
	// second. Tests shorten it. Retry-After is always one second.
	RateWindow time.Duration

	// Key signs the tokens. If nil, the folder's key or a new one is used. Tests share a
	// key because generating one is slow.
	Key *rsa.PrivateKey
}

// complete returns the options with the defaults filled in, or an error if a value is
// invalid.
func (o Options) complete() (Options, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Trim(u.Path, "/") != "" ||
		u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return o, fmt.Errorf("emulator: URL %q: want a scheme and a host, such as http://127.0.0.1:8081 or https://login.example", o.URL)
	}
	o.URL = u.Scheme + "://" + u.Host
	o.Tenant = cmp.Or(o.Tenant, DefaultTenant)
	o.ClientID = cmp.Or(o.ClientID, DefaultClientID)
	if strings.ContainsAny(o.Tenant, "/{} ") {
		return o, errors.New("emulator: the tenant must be a GUID")
	}
	if o.AppClientID == o.ClientID {
		return o, errors.New("emulator: the two applications need different client IDs")
	}
	if o.AppClientID == "" {
		o.AppClientID, o.AppClientSecret, o.AppClientCertificates = o.ClientID, o.ClientSecret, o.ClientCertificates
	}
	if o.ClientSecret == "" && len(o.ClientCertificates) > 0 {
		o.ClientSecret = rand.Text() // unguessable, so only a certificate is accepted
	}
	if o.AppRoles == nil {
		o.AppRoles = []string{MeetingsReadWriteAll, UserReadAll}
	}
	if err := o.Switches.Check(); err != nil {
		return o, err
	}
	o.RateWindow = cmp.Or(o.RateWindow, time.Second)
	if o.People == nil {
		o.People = Cast()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o, nil
}
