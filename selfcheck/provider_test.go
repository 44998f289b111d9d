package selfcheck

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/meeting"
)

func TestProviderOutcomes(t *testing.T) {
	const issuer = "https://login.microsoftonline.com/5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f/v2.0"
	document := func(status int, change func(*auth.Metadata)) auth.Metadata {
		m := auth.Metadata{Answer: auth.Answer{Status: status}, Issuer: issuer}
		if change != nil {
			change(&m)
		}
		return m
	}
	provider := func(m auth.Metadata) string { return found([]Line{(&Desk{}).provider(m)}) }
	failed := func(err error) string {
		return provider(document(0, func(m *auth.Metadata) { m.Err = err }))
	}
	dns := func(host string, absent bool) error {
		return fmt.Errorf("get: %w", &net.DNSError{Name: host, IsNotFound: absent})
	}
	named := func(want, is string) string {
		return found([]Line{(&Desk{Config: auth.Config{Issuer: want}}).issuer(is)})
	}
	tenant := func(id, issuer string) string {
		return found((&Desk{Config: auth.Config{TenantID: id, Issuer: issuer}}).tenant())
	}
	cloud := func(host string) string {
		return found((&Desk{Graph: &graph.Client{BaseURL: "https://graph.microsoft.com/v1.0"}}).cloud(host))
	}
	for _, tt := range []struct{ name, got, want string }{
		{"document", provider(document(200, nil)), "ok provider.ok"},
		{"no document", provider(document(404, func(m *auth.Metadata) { m.Issuer = "" })), "wrong provider.absent ISSUER"},
		{"address that is not understood", provider(document(400, func(m *auth.Metadata) { m.Issuer = "" })), "wrong provider.absent ISSUER"},
		{"directory unknown, by its number", provider(document(400, func(m *auth.Metadata) { m.Number = 90002 })), "wrong provider.tenant TENANT_ID"},
		{"directory unknown, by its name", provider(document(400, func(m *auth.Metadata) { m.Name = "invalid_tenant" })), "wrong provider.tenant TENANT_ID"},
		{"something else", provider(document(200, func(m *auth.Metadata) { m.Issuer = "" })), "wrong provider.foreign"},
		{"emulator", provider(document(200, func(m *auth.Metadata) { m.Emulator = true })), "wrong provider.emulator ISSUER"},
		{"unknown host", failed(dns("login.example.org", true)), "wrong provider.host ISSUER"},
		{"name server fails", failed(dns("login.example.org", false)), "wrong provider.unreachable"},
		{"Microsoft's host is unknown here", failed(dns("login.microsoftonline.com", true)), "wrong provider.unreachable"},
		{"host that looks like Microsoft's", failed(dns("loginmicrosoftonline.com", true)), "wrong provider.host ISSUER"},
		{"certificate", failed(&tls.CertificateVerificationError{Err: errors.New("unknown authority")}), "wrong provider.certificate"},
		{"no answer in time", failed(fmt.Errorf("get: %w", context.DeadlineExceeded)), "wrong provider.slow"},
		{"refused", failed(errors.New("connection refused")), "wrong provider.unreachable"},

		{"issuer", named(issuer, issuer), "ok issuer.ok"},
		{"issuer with a slash", named(issuer+"/", issuer), "wrong issuer.slash ISSUER"},
		{"issuer without its slash", named(issuer, issuer+"/"), "wrong issuer.no_slash ISSUER"},
		{"issuer of all tenants", named(issuer, "https://login.microsoftonline.com/{tenantid}/v2.0"), "wrong issuer.shared ISSUER"},
		{"issuer in another case", named(strings.ToUpper(issuer), issuer), "wrong issuer.case ISSUER"},
		{"issuer of version 1", named(issuer, "https://sts.windows.net/5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f/"), "wrong issuer.v1 ISSUER"},
		{"another issuer", named(issuer, "https://login.example.org/"), "wrong issuer.other ISSUER"},

		{"tenant", tenant("5D2F7BA0-5B1C-4C0E-9D6F-1A2B3C4D5E6F", issuer), "ok tenant.ok"},
		{"another tenant", tenant("11111111-5b1c-4c0e-9d6f-1a2b3c4d5e6f", issuer), "wrong tenant.other TENANT_ID"},
		{"issuer without a tenant", tenant("5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f", "https://login.example.org/desk"), ""},
		{"cloud", cloud("GRAPH.microsoft.com"), "ok cloud.ok"},
		{"another cloud", cloud("graph.microsoft.us"), "wrong cloud.other CLOUD"},
		{"cloud not named", cloud(""), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestClockOutcomes(t *testing.T) {
	d := Desk{Now: func() time.Time { return now }}
	for ahead, want := range map[time.Duration]string{
		0: "ok", 2 * time.Second: "ok", 29 * time.Second: "ok", -29 * time.Second: "ok", 30 * time.Second: "warning ahead", -30 * time.Second: "warning behind",
		299 * time.Second: "warning ahead", 300 * time.Second: "wrong ahead", -300 * time.Second: "wrong behind",
	} {
		l := d.clock(auth.Answer{Date: now.Add(-ahead)})
		got := strings.TrimPrefix(string(l.State)+" "+l.Outcome, "ok ")
		if got != want {
			t.Errorf("%v ahead: %q, want %q", ahead, got, want)
		}
	}
	for took, want := range map[time.Duration]time.Duration{0: 20 * time.Second, 18 * time.Second: 20 * time.Second, 19 * time.Second: 0} {
		if l := d.clock(auth.Answer{Date: now.Add(-20 * time.Second), Took: took}); l.Args["By"] != want {
			t.Errorf("a difference of 20 s in a response that took %v is shown as %v, want %v", took, l.Args["By"], want)
		}
	}
	if l := d.clock(auth.Answer{}); l.State != Unknown || l.Outcome != "no_date" {
		t.Errorf("without a date: %s %s", l.State, l.Outcome)
	}
}

func TestCredentialOutcomes(t *testing.T) {
	secret, id, certificate := auth.Credential{Secret: "secret"}, auth.Credential{Secret: "5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f"}, auth.Credential{Certificate: &auth.Certificate{}}
	for name, tt := range map[string]struct {
		answer auth.Answer
		with   auth.Credential
		want   string
	}{
		"no response":                     {auth.Answer{Err: errors.New("refused")}, secret, "unknown unreachable"},
		"a code that is no code":          {auth.Answer{Status: 400, Name: "invalid_grant", Number: 9002313}, secret, "unknown unclear"},
		"the made-up code is refused":     {auth.Answer{Status: 400, Name: "invalid_grant"}, secret, "ok ok_secret"},
		"the same with a certificate":     {auth.Answer{Status: 400, Name: "invalid_grant"}, certificate, "ok ok_certificate"},
		"a token":                         {auth.Answer{Status: 200}, secret, "ok ok_secret"},
		"a token for a certificate":       {auth.Answer{Status: 200}, certificate, "ok ok_certificate"},
		"wrong secret":                    {auth.Answer{Status: 401, Name: "invalid_client", Number: 7000215}, secret, "wrong secret APP_CLIENT_SECRET"},
		"ID of a secret":                  {auth.Answer{Status: 401, Name: "invalid_client", Number: 7000215}, id, "wrong secret_id APP_CLIENT_SECRET"},
		"expired secret":                  {auth.Answer{Status: 401, Name: "invalid_client", Number: 7000222}, secret, "wrong expired APP_CLIENT_SECRET"},
		"expired certificate":             {auth.Answer{Status: 401, Name: "invalid_client", Number: 7000222}, certificate, "wrong expired APP_CLIENT_CERTIFICATE_FILE"},
		"unknown application":             {auth.Answer{Status: 400, Name: "unauthorized_client", Number: 700016}, secret, "wrong client APP_CLIENT_ID"},
		"disabled application":            {auth.Answer{Status: 400, Name: "unauthorized_client", Number: 7000112}, secret, "wrong disabled"},
		"certificate that is not known":   {auth.Answer{Status: 401, Name: "invalid_client", Number: 700027}, certificate, "wrong certificate APP_CLIENT_CERTIFICATE_FILE"},
		"refused without a number":        {auth.Answer{Status: 401, Name: "invalid_client"}, secret, "wrong refused APP_CLIENT_SECRET"},
		"client refused, with status 500": {auth.Answer{Status: 500, Name: "invalid_client"}, secret, "wrong refused APP_CLIENT_SECRET"},
		"application refused":             {auth.Answer{Status: 429, Name: "unauthorized_client"}, secret, "wrong refused APP_CLIENT_SECRET"},
		"too many requests":               {auth.Answer{Status: 429, Name: "temporarily_unavailable"}, secret, "unknown foreign"},
		"provider fails":                  {auth.Answer{Status: 500, Name: "server_error"}, secret, "unknown foreign"},
		"a web page":                      {auth.Answer{Status: 403}, secret, "unknown foreign"},
		"another error":                   {auth.Answer{Status: 400, Name: "invalid_request"}, secret, "wrong refused APP_CLIENT_SECRET"},
	} {
		l := credential(Line{Name: "app", Args: meeting.Args{}}, "APP_", tt.answer, tt.with)
		if got := strings.Replace(found([]Line{l}), " app.", " ", 1); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// A certificate is tried unless the provider publishes a list of methods that lacks
// private_key_jwt.
func TestCertificateIsTriedUnlessRefused(t *testing.T) {
	d := Desk{Auth: auth.New(auth.Config{Issuer: "http://127.0.0.1:1/v2.0"})} // no server listens there
	for _, tt := range []struct {
		methods []string
		want    string
	}{
		{nil, "unknown client.unreachable"},
		{[]string{"client_secret_post", "private_key_jwt"}, "unknown client.unreachable"},
		{[]string{"client_secret_post"}, "wrong client.no_certificates CLIENT_CERTIFICATE_FILE"},
	} {
		if got := found([]Line{d.Client(t.Context(), auth.Credential{Certificate: &auth.Certificate{}}, tt.methods)}); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.methods, got, tt.want)
		}
	}
}
