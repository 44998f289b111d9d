package selfcheck

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"meetdesk/auth"
	"meetdesk/meeting"
)

// soon is the remaining validity below which a certificate causes a warning.
const soon = 30 * 24 * time.Hour

func (d *Desk) checkCertificates(context.Context) (lines []Line) {
	credentials := []auth.Credential{d.Auth.Credential()}
	settings := []string{"CLIENT_CERTIFICATE_FILE", "APP_CLIENT_CERTIFICATE_FILE"}
	if d.App != nil {
		credentials = append(credentials, d.App.Credential())
	}
	for i, c := range credentials {
		if c.Certificate != nil {
			l := d.dates(Line{Name: "certificate", Args: meeting.Args{"Setting": Prefix + settings[i]}}, c.Certificate.Leaf)
			if l.State == Wrong {
				l = l.blame(settings[i])
			}
			lines = append(lines, l)
		}
	}
	return lines
}

func (d *Desk) dates(l Line, c *x509.Certificate) Line {
	now := d.Now()
	l.Args["From"], l.Args["Until"], l.Args["Left"] = meeting.Day(c.NotBefore), meeting.Day(c.NotAfter), c.NotAfter.Sub(now)
	switch {
	case now.After(c.NotAfter):
		return l.with(Wrong, "expired")
	case now.Before(c.NotBefore):
		return l.with(Wrong, "early")
	case now.Add(soon).After(c.NotAfter):
		return l.with(Warning, "soon")
	}
	return l.with(OK, "ok")
}

// checkAddress checks the TLS certificate of the desk's address. Users may be able to
// reach that address even if this machine cannot.
func (d *Desk) checkAddress(ctx context.Context) []Line {
	u, err := url.Parse(d.URL)
	if err != nil {
		return nil
	}
	l := Line{Name: "address", Args: meeting.Args{"URL": d.URL}}
	if u.Scheme == "http" {
		return []Line{l.with(OK, "local")}
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	dialer := tls.Dialer{Config: &tls.Config{ServerName: u.Hostname()}}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err == nil {
		defer conn.Close()
		return []Line{d.dates(l, conn.(*tls.Conn).ConnectionState().PeerCertificates[0])}
	}
	l.Args["Error"] = err
	var invalid x509.CertificateInvalidError
	var host x509.HostnameError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return []Line{d.dates(l, invalid.Cert)}
	case errors.As(err, &host):
		return []Line{l.with(Wrong, "host").blame("URL")}
	case errors.As(err, &certificate):
		return []Line{l.with(Warning, "untrusted")}
	}
	return []Line{l.with(Unknown, "unreachable")}
}

// checkListen tries to listen on the desk's address and on the metrics address. If an
// address is in use, checkListen checks whether a desk answers there.
func (d *Desk) checkListen(ctx context.Context) []Line {
	if d.Listen == "" {
		return nil
	}
	lines := []Line{tryListen(ctx, d.Listen, "ADDR")}
	if d.Metrics != "" && lines[0].Outcome != "running" { // a running desk uses both addresses
		lines = append(lines, tryListen(ctx, d.Metrics, "METRICS_ADDR"))
	}
	return lines
}

// tryListen checks whether the address is free by briefly listening on it. setting is the
// name, without Prefix, of the setting that contains the address.
func tryListen(ctx context.Context, addr, setting string) Line {
	l := Line{Name: "listen", Args: meeting.Args{"Addr": addr, "Setting": Prefix + setting}}
	listener, err := net.Listen("tcp", addr)
	if err == nil {
		listener.Close()
		return l.with(OK, "free")
	}
	l.Args["Error"] = err
	switch {
	case WrongAddress(err):
		return l.with(Wrong, "unusable").blame(setting)
	case !errors.Is(err, syscall.EADDRINUSE):
		return l.with(Wrong, "unusable")
	case isDesk(ctx, addr):
		return l.with(OK, "running")
	}
	return l.with(Wrong, "taken")
}

// WrongAddress reports whether the error means that a listen address is wrong. Other causes
// may be temporary. For example, the port is in use, this machine does not have the address
// yet, or the DNS server does not answer.
func WrongAddress(err error) bool {
	var address *net.AddrError
	var name *net.DNSError
	return errors.Is(err, fs.ErrPermission) || errors.As(err, &address) || errors.As(err, &name) && name.IsNotFound && !name.IsTemporary
}

func isDesk(ctx context.Context, addr string) bool {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return false
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 100))
	return err == nil && response.StatusCode == http.StatusOK && strings.TrimSpace(string(text)) == "ok"
}
