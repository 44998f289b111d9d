package main

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"meetdesk/meeting"
)

// FuzzConfig checks invariants of accepted configurations, such as the length of the
// session keys. No error message may contain the client secret or a session key.
func FuzzConfig(f *testing.F) {
	for _, setting := range []string{
		"URL=https://meet.example.org", "URL=http://localhost:8080/", "URL=https://a@b.example", "ADDR=:99999", "SESSION_KEYS=" + goodKey + "," + goodKey, "TRUSTED_PROXIES=10.0.0.0/8, ::1,", "CLOUD=dod",
		"TICKET_URL=https://t.example/{ticket}", "TICKET_URL=https://{ticket}.example/", "TICKET_PATTERN=^INC(", "APP_ORGANIZERS=priyа@contoso.example", "SCOPES=openid", "ISSUER=https://login.example/t", "GRAPH_URL=https://graph.example/v1.0", "LIMITS=2", "X=\x00",
		"ROLE_STAFF=Meetdesk.Admin", "CLIENT_SECRET=", "TENANT_ID=5D2F7BA0-5b1c-4c0e-9d6f-1a2b3c4d5e6f",
	} {
		f.Add(setting, "BETA=1")
	}
	f.Add("DATABASE=postgres://meetdesk:p@db.example.org/meetdesk", "DATA")
	f.Add("DATABASE=https://db.example.org", "DATA")
	const secret = "a-client-secret-that-nobody-may-see"
	f.Fuzz(func(t *testing.T, first, second string) {
		for _, setting := range []string{first, second} {
			if name, _, _ := strings.Cut(setting, "="); strings.HasSuffix(name, "_FILE") || name == "BACKUP_DIR" {
				return // the setting names a file to read or a folder to write to
			}
		}
		c, err := readConfig(environment("CLIENT_SECRET="+secret, first, second))
		if err != nil {
			if text := err.Error(); strings.Contains(text, secret) || strings.Contains(text, goodKey) {
				t.Errorf("%q", text)
			}
			return
		}
		if c.publicURL.Scheme != "https" && !isLoopback(c.publicURL.Hostname()) || strings.Trim(c.publicURL.Path, "/") != "" || c.publicURL.User != nil {
			t.Errorf("%q and %q are accepted with the address %v", first, second, c.publicURL)
		}
		for _, key := range c.keys {
			if len(key) != 32 {
				t.Errorf("a key of %d bytes: %s", len(key), base64.StdEncoding.EncodeToString(key))
			}
		}
		if len(c.keys) == 0 || !strings.Contains(fmt.Sprint(c.Scopes), "openid") || c.RoleAdmin == c.RoleStaff || c.Data == "" && c.Database == "" || c.ClientID == "" {
			t.Errorf("%q and %q are accepted", first, second)
		}
		for _, address := range []string{c.Issuer, c.GraphURL} {
			if u, err := url.Parse(address); err != nil || u.Scheme != "https" && !isLoopback(u.Hostname()) {
				t.Errorf("%q and %q are accepted with %q", first, second, address)
			}
		}
		if link := c.ticket.Link("a/b?c#d@e:f"); link != "" {
			configured, _ := url.Parse(strings.ReplaceAll(c.ticket.URL, meeting.TicketPlace, "1"))
			if u, err := url.Parse(link); err != nil || u.Host != configured.Host || u.Scheme != configured.Scheme {
				t.Errorf("%q leads to %q", c.ticket.URL, link)
			}
		}
	})
}
