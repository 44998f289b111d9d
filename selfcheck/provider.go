package selfcheck

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"meetdesk/auth"
	"meetdesk/meeting"
)

// checkProvider checks the provider's metadata document. If the document is correct,
// checkProvider also tests the client and the redirect URI.
func (d *Desk) checkProvider(ctx context.Context) []Line {
	m := d.Auth.ProbeMetadata(ctx)
	lines := []Line{d.provider(m)}
	if lines[0].State != OK {
		return lines
	}
	issuer := d.issuer(m.Issuer)
	lines = append(lines, issuer, d.clock(m.Answer))
	lines = append(lines, d.tenant()...)
	lines = append(lines, d.cloud(m.GraphHost)...)
	if issuer.State != OK {
		return lines
	}
	return append(lines, d.Client(ctx, d.Auth.Credential(), m.Methods), d.redirect(ctx))
}

func describe(a auth.Answer) meeting.Args {
	args := meeting.Args{"URL": a.URL, "Status": a.Status, "Type": orDash(a.ContentType), "Text": orDash(a.Text), "Code": code(a)}
	if a.Err != nil {
		args["Error"] = a.Err
	}
	return args
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// code returns an error code that administrators can search for, such as
// "invalid_client AADSTS7000215". If the response contains no error code, it returns the
// HTTP status.
func code(a auth.Answer) string {
	switch {
	case a.Number != 0:
		return strings.TrimSpace(fmt.Sprintf("%s AADSTS%d", a.Name, a.Number))
	case a.Name != "":
		return a.Name
	}
	return fmt.Sprint(a.Status)
}

func (d *Desk) provider(m auth.Metadata) Line {
	l := Line{Name: "provider", Args: describe(m.Answer)}
	l.Args["Milliseconds"] = m.Took.Milliseconds()
	const noTenant = 90002
	switch {
	case m.Err != nil:
		return connection(l, m.Err, "ISSUER")
	case m.Number == noTenant || m.Name == "invalid_tenant":
		return l.with(Wrong, "tenant").blame("TENANT_ID")
	case m.Status == http.StatusNotFound || m.Status == http.StatusBadRequest:
		return l.with(Wrong, "absent").blame("ISSUER")
	case m.Issuer == "":
		return l.with(Wrong, "foreign")
	case m.Emulator && !d.Config.AllowEmulator:
		return l.with(Wrong, "emulator").blame("ISSUER")
	}
	return l.with(OK, "ok")
}

// connection classifies the error of a request that got no response. If the host does not
// exist, the setting is wrong, unless Microsoft runs the host.
func connection(l Line, err error, setting string) Line {
	l.Args["Error"] = err
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &name) && name.IsNotFound && !isMicrosofts(name.Name):
		return l.with(Wrong, "host").blame(setting)
	case errors.As(err, &certificate):
		return l.with(Wrong, "certificate")
	case errors.Is(err, context.DeadlineExceeded):
		return l.with(Wrong, "slow")
	}
	return l.with(Wrong, "unreachable")
}

// isMicrosofts reports whether Microsoft runs the host. Such a host exists, so a DNS error
// does not mean that the setting is wrong.
func isMicrosofts(host string) bool {
	return slices.ContainsFunc([]string{".microsoftonline.com", ".microsoftonline.us", ".microsoft.com", ".microsoft.us"}, func(domain string) bool {
		return strings.HasSuffix(host, domain)
	})
}

// issuer compares the issuer in the metadata document with the configured one. They must
// be identical, because ID tokens contain the document's issuer.
func (d *Desk) issuer(found string) Line {
	want := d.Config.Issuer
	l := Line{Name: "issuer", Args: meeting.Args{"Want": want, "Found": found}}
	switch {
	case found == want:
		return l.with(OK, "ok")
	case strings.TrimSuffix(found, "/") == strings.TrimSuffix(want, "/") && strings.HasSuffix(want, "/"):
		return l.with(Wrong, "slash").blame("ISSUER")
	case strings.TrimSuffix(found, "/") == want:
		return l.with(Wrong, "no_slash").blame("ISSUER")
	case strings.Contains(found, "{tenantid}"):
		return l.with(Wrong, "shared").blame("ISSUER")
	case strings.EqualFold(found, want):
		return l.with(Wrong, "case").blame("ISSUER")
	case strings.Contains(found, "//sts.windows.net/"):
		return l.with(Wrong, "v1").blame("ISSUER")
	}
	return l.with(Wrong, "other").blame("ISSUER")
}

// tenant compares the configured tenant ID with the one in the issuer's URL. If the URL
// contains no tenant ID, there is nothing to compare.
func (d *Desk) tenant() []Line {
	u, err := url.Parse(d.Config.Issuer)
	if err != nil {
		return nil
	}
	for _, part := range strings.Split(u.Path, "/") {
		if id, err := uuid.Parse(part); err == nil {
			l := Line{Name: "tenant", Args: meeting.Args{"Want": d.Config.TenantID, "Found": id.String()}}
			if strings.EqualFold(id.String(), d.Config.TenantID) {
				return []Line{l.with(OK, "ok")}
			}
			return []Line{l.with(Wrong, "other").blame("TENANT_ID")}
		}
	}
	return nil
}

// cloud compares Graph's host with the one that Entra names for the tenant.
func (d *Desk) cloud(host string) []Line {
	u, err := url.Parse(d.Graph.BaseURL)
	if host == "" || err != nil {
		return nil
	}
	l := Line{Name: "cloud", Args: meeting.Args{"Want": u.Host, "Found": host}}
	if strings.EqualFold(u.Host, host) {
		return []Line{l.with(OK, "ok")}
	}
	return []Line{l.with(Wrong, "other").blame("CLOUD")}
}

// A clock difference of notableSkew or more makes recorded times wrong. A difference of
// fatalSkew or more makes sign-ins fail.
const (
	notableSkew = 30 * time.Second
	fatalSkew   = 5 * time.Minute
)

// clock compares this machine's clock with the response's Date header, which contains no
// fractions of a second.
func (d *Desk) clock(a auth.Answer) Line {
	l := Line{Name: "clock"}
	if a.Date.IsZero() {
		l.Args = meeting.Args{"By": ""}
		return l.with(Unknown, "no_date")
	}
	now := d.Now()
	skew := now.Sub(a.Date).Round(time.Second)
	if skew.Abs() < 2*time.Second+a.Took {
		skew = 0
	}
	l.Args = meeting.Args{"By": skew.Abs(), "Here": now, "There": a.Date}
	state := Warning
	if skew.Abs() >= fatalSkew {
		state = Wrong
	}
	switch {
	case skew.Abs() < notableSkew:
		return l.with(OK, "ok")
	case skew > 0:
		return l.with(state, "ahead")
	}
	return l.with(state, "behind")
}

// Client tests the client ID with the given credential. methods lists the client
// authentication methods that the provider supports; it is nil if they are not known.
func (d *Desk) Client(ctx context.Context, c auth.Credential, methods []string) Line {
	l := Line{Name: "client", Args: meeting.Args{"Client": d.Config.ClientID}}
	if c.Certificate != nil && len(methods) > 0 && !slices.Contains(methods, "private_key_jwt") {
		return l.with(Wrong, "no_certificates").blame("CLIENT_CERTIFICATE_FILE")
	}
	a, err := d.Auth.ProbeCredential(ctx, c)
	if err != nil {
		l.Args["Error"] = err
		return l.with(Unknown, "unreachable")
	}
	return credential(l, "", a, c)
}

// Entra's error codes for a rejected client (reference-error-codes.md).
const (
	wrongSecret   = 7000215
	expired       = 7000222
	noApplication = 700016
	noCredential  = 7000218
	disabled      = 7000112
)

// assertionNumbers are Entra's error codes for a rejected assertion.
var assertionNumbers = []int{700027, 700023, 700024, 50027, 700030, 700021}

// credential classifies the answer to a request with a credential. prefix is "" for the
// first application's settings and "APP_" for those of the second.
func credential(l Line, prefix string, a auth.Answer, c auth.Credential) Line {
	for name, value := range describe(a) {
		l.Args[name] = value
	}
	setting := prefix + "CLIENT_SECRET"
	if c.Certificate != nil {
		setting = prefix + "CLIENT_CERTIFICATE_FILE"
	}
	_, notID := uuid.Parse(c.Secret)
	switch {
	case a.Err != nil:
		return l.with(Unknown, "unreachable")
	case a.Number == 9002313:
		return l.with(Unknown, "unclear")
	case (a.Status == http.StatusOK || a.Name == "invalid_grant") && c.Certificate != nil:
		return l.with(OK, "ok_certificate")
	case a.Status == http.StatusOK || a.Name == "invalid_grant":
		return l.with(OK, "ok_secret")
	case a.Number == wrongSecret && notID == nil:
		return l.with(Wrong, "secret_id").blame(setting)
	case a.Number == wrongSecret:
		return l.with(Wrong, "secret").blame(setting)
	case a.Number == expired:
		return l.with(Wrong, "expired").blame(setting)
	case a.Number == noApplication:
		return l.with(Wrong, "client").blame(prefix + "CLIENT_ID")
	case a.Number == disabled:
		return l.with(Wrong, "disabled")
	case slices.Contains(assertionNumbers, a.Number):
		return l.with(Wrong, "certificate").blame(setting)
	case a.Name == "invalid_client" || a.Name == "unauthorized_client":
		return l.with(Wrong, "refused").blame(setting)
	case a.Status >= 500 || a.Status == http.StatusTooManyRequests || a.Name == "":
		return l.with(Unknown, "foreign")
	}
	return l.with(Wrong, "refused").blame(setting)
}

func (d *Desk) redirect(ctx context.Context) Line {
	l := Line{Name: "redirect", Args: meeting.Args{"URI": d.Config.RedirectURL}}
	known, a, err := d.Auth.ProbeRedirect(ctx)
	if err != nil {
		a.Err = err
	}
	for name, value := range describe(a) {
		l.Args[name] = value
	}
	switch {
	case a.Err != nil:
		return l.with(Unknown, "unreachable")
	case known == auth.RedirectKnown:
		return l.with(OK, "ok")
	case known == auth.RedirectUnknown:
		return l.with(Wrong, "unregistered").blame("URL")
	}
	return l.with(Unknown, "unclear")
}
