package emulator

import (
	"cmp"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// What the emulator calls itself when Options does not say.
const (
	DefaultTenant      = "6f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10"
	DefaultClientID    = "2b8f6d0a-51c7-4f0e-8a36-0d9c4e7b1f52"
	DefaultAppClientID = "5d3e9a17-84b2-4c6d-a0f5-61c8e2d97b34" // only where Options asks for it
)

// Options says what an Emulator pretends to be. Only URL is required.
type Options struct {
	URL      string // public base, such as "http://127.0.0.1:8081", or that of a TLS proxy in front
	Data     string // folder of the journal and the signing key; "" keeps everything in memory
	Tenant   string // the organisation's GUID; "" means DefaultTenant
	ClientID string // the one registered application; "" means DefaultClientID

	// ClientSecret is what the application proves itself with. Without one it
	// is a public client. PKCE is demanded either way.
	ClientSecret string

	RedirectURIs           []string // compared as they are, like Entra's registration
	PostLogoutRedirectURIs []string

	// FrontChannelLogoutURI is where a frame leads, with ?sid=, when somebody signs
	// out at the emulator itself. "" is none.
	FrontChannelLogoutURI string

	// AppClientID is a second registered application, and then the only one
	// that gets tokens of its own, by client credentials. "" leaves those to the
	// first application. People sign in to the first one alone.
	AppClientID     string
	AppClientSecret string
	AppRoles        []string // its Graph permissions; nil means OnlineMeetings.ReadWrite.All and User.Read.All

	// AccessPolicy lists whom the application may act for: object IDs, or
	// Everyone. See GrantAccessPolicy.
	AccessPolicy []string

	People   []Person         // who can sign in; nil means Cast()
	Now      func() time.Time // the clock of both sides; nil means time.Now
	Switches Switches         // what public sources leave open about Graph

	// Key signs the tokens. Nil reads the folder's key, and makes one when
	// there is none; tests may share one to spare themselves the making.
	Key *rsa.PrivateKey
}

// complete fills in the defaults and reports what cannot work.
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
		o.AppClientID, o.AppClientSecret = o.ClientID, o.ClientSecret
	}
	if o.AppRoles == nil {
		o.AppRoles = []string{roleMeetingsWrite, roleUserRead}
	}
	if err := o.Switches.check(); err != nil {
		return o, err
	}
	if o.People == nil {
		o.People = Cast()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o, nil
}
