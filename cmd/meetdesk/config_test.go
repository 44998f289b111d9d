package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meetdesk/command"
	"meetdesk/selfcheck"
)

const goodKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// environment returns a valid environment with the given changes: "NAME=value" sets a
// variable, and "NAME" removes it.
func environment(changes ...string) (list []string) {
	values := map[string]string{
		"URL": "https://meet.example.org", "DATA": "/var/lib/meetdesk", "TENANT_ID": "5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f",
		"CLIENT_ID": "client", "CLIENT_SECRET": "secret", "SESSION_KEYS": goodKey,
	}
	for _, change := range changes {
		name, value, set := strings.Cut(change, "=")
		delete(values, name)
		if set {
			values[name] = value
		}
	}
	for name, value := range values {
		list = append(list, envPrefix+name+"="+value)
	}
	return list
}

func TestConfiguration(t *testing.T) {
	c, err := readConfig(environment())
	if err != nil {
		t.Fatal(err)
	}
	if want := "https://login.microsoftonline.com/5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f/v2.0"; c.Issuer != want || c.GraphURL != "https://graph.microsoft.com" {
		t.Errorf("issuer %s and Graph %s", c.Issuer, c.GraphURL)
	}
	for cloud, want := range map[string]string{"usgov": "https://graph.microsoft.us", "dod": "https://dod-graph.microsoft.us"} {
		c, err := readConfig(environment("CLOUD=" + cloud))
		if err != nil || c.GraphURL != want || !strings.HasPrefix(c.Issuer, "https://login.microsoftonline.us/") || !strings.Contains(strings.Join(c.Scopes, " "), want+"/OnlineMeetings.ReadWrite") {
			t.Errorf("%s: %v, %s, %s, %v", cloud, err, c.GraphURL, c.Issuer, c.Scopes)
		}
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err = readConfig(append(environment("CLIENT_SECRET", "CLIENT_SECRET_FILE="+secret, "SESSION_KEYS="+goodKey+", "+goodKey, "WHATEVER=1"), "meetdesk_log=json"))
	slices.Sort(c.unknown)
	if err != nil || c.credential.Secret != "from a file" || len(c.keys) != 2 || strings.Join(c.unknown, " ") != "MEETDESK_WHATEVER meetdesk_log" {
		t.Errorf("%v, secret %q, %d keys, unknown %v", err, c.credential.Secret, len(c.keys), c.unknown)
	}
}

// Relative paths are resolved against systemd's credentials directory, if there is one.
func TestCredentialsOfSystemd(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "client-secret"), []byte("a credential\n"))
	write(t, filepath.Join(folder, "elsewhere"), []byte("another\n"))
	for file, want := range map[string]string{"client-secret": "a credential", filepath.Join(folder, "elsewhere"): "another"} {
		c, err := readConfig(append(environment("CLIENT_SECRET", "CLIENT_SECRET_FILE="+file), "CREDENTIALS_DIRECTORY="+folder))
		if err != nil || c.credential.Secret != want {
			t.Errorf("%s: secret %q, %v", file, c.credential.Secret, err)
		}
	}
	if _, err := readConfig(environment("CLIENT_SECRET", "CLIENT_SECRET_FILE=client-secret")); err == nil {
		t.Error("the credential was found without its folder")
	}
}

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		changes []string
		want    []string
	}{
		{[]string{"URL", "DATA", "TENANT_ID", "CLIENT_ID", "CLIENT_SECRET", "SESSION_KEYS"},
			[]string{"URL: missing", "https://meet.example.org", "DATA: missing", "TENANT_ID: missing", "GUID", "CLIENT_ID: missing", "CLIENT_SECRET: missing", "_FILE", "SESSION_KEYS: missing", "openssl rand"}},
		{[]string{"URL=http://meet.example.org"}, []string{"MEETDESK_URL", "https://"}},
		{[]string{"URL=meet.example.org"}, []string{"MEETDESK_URL"}},
		{[]string{"URL=https://meet.example.org/desk"}, []string{"MEETDESK_URL", "path"}},
		{[]string{"ADDR=8080"}, []string{"MEETDESK_ADDR", "127.0.0.1:8080"}},
		{[]string{"CLOUD=china"}, []string{"MEETDESK_CLOUD", "usgov"}},
		{[]string{"TENANT_ID=contoso.onmicrosoft.com"}, []string{"MEETDESK_TENANT_ID", "GUID"}},
		{[]string{"SESSION_KEYS=" + goodKey + ",c2hvcnQ="}, []string{"key 2", "32"}},
		{[]string{"CLIENT_SECRET_FILE=/nowhere/at/all"}, []string{"one of them"}},
		{[]string{"CLIENT_SECRET", "CLIENT_SECRET_FILE=/nowhere/at/all"}, []string{"CLIENT_SECRET_FILE", "no such file"}},
		{[]string{"CLIENT_SECRET", "CLIENT_SECRET_FILE=" + empty}, []string{"CLIENT_SECRET_FILE", "empty"}},
		{[]string{"ISSUER=http://login.example.org"}, []string{"MEETDESK_ISSUER", "https://"}},
		{[]string{"GRAPH_URL=ftp://graph.example.org"}, []string{"MEETDESK_GRAPH_URL"}},
		{[]string{"ADDR=127.0.0.1:99999"}, []string{"MEETDESK_ADDR"}},
		{[]string{"SCOPES=profile User.Read"}, []string{"MEETDESK_SCOPES", "lacks openid", "OnlineMeetings.ReadWrite"}},
		{[]string{"ROLE_STAFF=X", "ROLE_ADMIN=X"}, []string{"MEETDESK_ROLE_STAFF", "different"}},
		{[]string{"GRAPH_URL=https://graph.example.org/beta"}, []string{"MEETDESK_GRAPH_URL", "version"}},
		{[]string{"TENANT_ID={5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f}"}, []string{"MEETDESK_TENANT_ID"}},
		{[]string{"ALLOW_EMULATOR=yes"}, []string{"MEETDESK_ALLOW_EMULATOR", "1"}},
		{[]string{"TRUSTED_PROXIES=10.0.0.0/8,proxy"}, []string{"MEETDESK_TRUSTED_PROXIES", `"proxy"`}},
		{[]string{"LOG=xml", "LOG_LEVEL=INFO"}, []string{"MEETDESK_LOG:", "text or json", "MEETDESK_LOG_LEVEL", "debug, info, warn or error"}},
		{[]string{"METRICS_ADDR=9464"}, []string{"MEETDESK_METRICS_ADDR", "127.0.0.1:9464"}},
		{[]string{"METRICS_ADDR=127.0.0.1:8080"}, []string{"MEETDESK_METRICS_ADDR", "port of MEETDESK_ADDR"}},
		{[]string{"METRICS_ADDR=meet.example.org:9464"}, []string{"MEETDESK_METRICS_ADDR", "public address"}},
		{[]string{"METRICS_ADDR=:9464"}, []string{"MEETDESK_METRICS_ADDR", "every address"}},
		{[]string{"METRICS_ADDR=[::]:9464"}, []string{"MEETDESK_METRICS_ADDR", "every address"}},
		{[]string{"METRICS_ADDR=198.51.100.7:9464"}, []string{"MEETDESK_METRICS_ADDR", "public address"}},
		{[]string{"LIMITS=off"}, []string{"MEETDESK_LIMITS"}},
		{[]string{"DRAIN=10"}, []string{"MEETDESK_DRAIN"}},
		{[]string{"DRAIN=61s"}, []string{"MEETDESK_DRAIN"}},
		{[]string{"SESSION_IDLE=30"}, []string{"MEETDESK_SESSION_IDLE"}},
		{[]string{"SESSION_IDLE=4m"}, []string{"MEETDESK_SESSION_IDLE"}},
		{[]string{"SESSION_IDLE=13h"}, []string{"MEETDESK_SESSION_IDLE"}},
		{[]string{"BETA=on"}, []string{"MEETDESK_BETA", "1 for on, 0 for off"}},
		{[]string{"BETA=1", "CLOUD=usgov"}, []string{"MEETDESK_BETA", "usgov"}},
		{[]string{"BETA=1", "CLOUD=dod"}, []string{"MEETDESK_BETA", "dod"}},
		{[]string{"TICKET_PATTERN=^INCd{7}$", "TICKET_EXAMPLE=INC0012345"}, []string{"MEETDESK_TICKET_EXAMPLE", "INC0012345", "^INCd{7}$", "systemd", "[0-9]"}},
		{[]string{"CLIENT_SECRET='s3cret'", `CLIENT_ID="client"`}, []string{"MEETDESK_CLIENT_SECRET: the value is in quotes", "MEETDESK_CLIENT_ID: the value is in quotes"}},
		{[]string{"TICKET_PATTERN=^INC(", "TICKET_URL=tickets.example.org/{ticket}"}, []string{"MEETDESK_TICKET_PATTERN", "missing closing", "MEETDESK_TICKET_URL", "https://tickets.example.org/{ticket}"}},
		{[]string{"TICKET_URL=https://tickets.example.org/"}, []string{"MEETDESK_TICKET_URL", "lacks {ticket}"}},
		{[]string{"TICKET_URL=http://tickets.example.org/{ticket}"}, []string{"MEETDESK_TICKET_URL", "https://"}},
		{[]string{"TICKET_URL=https://{ticket}.example.org/"}, []string{"MEETDESK_TICKET_URL", "host"}},
		{[]string{"TICKET_URL=https://{ticket}@tickets.example.org/"}, []string{"MEETDESK_TICKET_URL", "sign in"}},
		{[]string{"TICKET_URL=javascript:alert({ticket})"}, []string{"MEETDESK_TICKET_URL", "no address"}},
		{[]string{"BACKUP_DIR=" + empty}, []string{"MEETDESK_BACKUP_DIR", "not a directory"}},
		{[]string{"BACKUP_DIR=" + empty + "-none"}, []string{"MEETDESK_BACKUP_DIR", "no such file"}},
		{[]string{"BACKUP_TIME=25:00", "BACKUP_KEEP=0"}, []string{"MEETDESK_BACKUP_TIME", "02:30", "MEETDESK_BACKUP_KEEP", "1 or more"}},
		{[]string{"BACKUP_KEEP=all"}, []string{"MEETDESK_BACKUP_KEEP", "1 or more"}},
		{[]string{"APP_CLIENT_ID=app"}, []string{"APP_CLIENT_SECRET: missing", "APP_ORGANIZERS: missing"}},
		{[]string{"APP_ORGANIZERS=priya@contoso.example"}, []string{"APP_CLIENT_ID: missing", "APP_CLIENT_SECRET: missing"}},
		{[]string{"APP_CLIENT_ID=app", "APP_CLIENT_SECRET=s", "APP_ORGANIZERS=priya"}, []string{"APP_ORGANIZERS", "object ID"}},
		{[]string{"APP_CLIENT_ID=app", "APP_CLIENT_SECRET=s", "APP_ORGANIZERS=priyа@contoso.example"}, []string{"APP_ORGANIZERS", "U+0430", `after "priy"`}},
		{[]string{"APP_CLIENT_ID=app", "APP_CLIENT_SECRET=s", "APP_ORGANIZERS=tomás@contoso.example"}, []string{"APP_ORGANIZERS", "U+00E1"}},
		{[]string{"APP_CLIENT_ID=app", "APP_CLIENT_SECRET=s", "APP_ORGANIZERS=dana@contoso.example,alex@cont\u202eoso.example"}, []string{"APP_ORGANIZERS", "U+202E"}},
		{[]string{"APP_CLIENT_ID=app", "APP_CLIENT_SECRET=s", "APP_ORGANIZERS=, ,"}, []string{"APP_ORGANIZERS: missing"}},
	} {
		_, err := readConfig(environment(tt.changes...))
		if !errors.Is(err, command.ErrUsage) {
			t.Errorf("%v: %v, want a usage error", tt.changes, err)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v: %v\nlacks %q", tt.changes, err, want)
			}
		}
		if strings.Contains(err.Error(), "c2hvcnQ=") {
			t.Errorf("%v: a key is shown: %v", tt.changes, err)
		}
	}
}

func TestServeRefusesTheEmulatorUnlessAllowed(t *testing.T) {
	em, graph := microsoft(t, "http://localhost")
	settings := append(environment("URL=http://localhost:1", "ADDR=127.0.0.1:0", "DATA="+t.TempDir(), "ISSUER="+em.Issuer(), "GRAPH_URL="+graph), "X=")
	p := start(t, settings, "serve")
	if status := p.status(); status != command.Usage || !strings.Contains(p.errors.String(), "MEETDESK_ALLOW_EMULATOR") {
		t.Errorf("status %d:\n%s", status, p.errors)
	}
}

func TestServeNamesAnUnusableDataDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, environment("DATA="+file), "serve")
	if status := p.status(); status != command.Usage || !strings.Contains(p.errors.String(), "MEETDESK_DATA: "+file) {
		t.Errorf("status %d:\n%s", status, p.errors)
	}
}

func TestMissingScopes(t *testing.T) {
	for scopes, want := range map[string]any{
		"openid profile": "offline_access OnlineMeetings.ReadWrite",
		"openid offline_access OnlineMeetings.ReadWrite":                 nil,
		"openid offline_access https://graph.x/OnlineMeetings.ReadWrite": nil,
	} {
		c, err := readConfig(environment("SCOPES=" + scopes))
		var got any
		for _, line := range c.lines() {
			got = line.Args["Missing"]
		}
		if err != nil || got != want {
			t.Errorf("%q: missing %q, %v; want %q", scopes, got, err, want)
		}
	}
}

func TestNoTrustedProxy(t *testing.T) {
	const site = "URL=https://meet.contoso.example"
	for _, tt := range []struct {
		changes []string
		warns   bool
	}{
		{[]string{site, "ADDR=127.0.0.1:8080"}, true},
		{[]string{site, "ADDR=[::1]:8080"}, true},
		{[]string{site, "ADDR=localhost:8080"}, true},
		{[]string{site, "ADDR=127.0.0.1:8080", "TRUSTED_PROXIES=127.0.0.1"}, false},
		{[]string{site, "ADDR=:8080"}, false},
		{[]string{"URL=http://localhost:8080", "ADDR=127.0.0.1:8080"}, false}, // no proxy terminates TLS
	} {
		c, err := readConfig(environment(tt.changes...))
		if err != nil {
			t.Fatal(err)
		}
		var got []selfcheck.Line
		for _, line := range c.lines() {
			if line.Name == "proxies" {
				got = append(got, line)
			}
		}
		if (len(got) == 1) != tt.warns {
			t.Errorf("%q: %+v, want a warning: %v", tt.changes, got, tt.warns)
		}
		for _, l := range got {
			if l.State != selfcheck.Warning || l.Outcome != "none" || l.Setting != "MEETDESK_TRUSTED_PROXIES" {
				t.Errorf("%q: %+v", tt.changes, l)
			}
		}
	}
}

func TestTicketRule(t *testing.T) {
	c, err := readConfig(environment(`TICKET_PATTERN=^INC\d{7}$`, "TICKET_EXAMPLE=inc 001-2345", "TICKET_HINT= INC and seven digits ", "TICKET_URL=http://127.0.0.1:8000/nav?n={ticket}#{ticket}"))
	if err != nil {
		t.Fatal(err)
	}
	rule := c.settings(nil).Ticket
	if got, ok := rule.Normal("inc0012345"); !ok || got != "INC0012345" || rule.Hint != "INC and seven digits." {
		t.Errorf("%q, %v, hint %q", got, ok, rule.Hint)
	}
	if got := rule.Link("INC1~2"); got != "http://127.0.0.1:8000/nav?n=INC1#INC1" {
		t.Errorf("the link is %s", got)
	}
	if c, err := readConfig(environment()); err != nil || c.ticket != (c.settings(nil).Ticket) || c.ticket.Pattern != nil || c.ticket.Link("INC1") != "" {
		t.Errorf("without settings: %+v, %v", c.ticket, err)
	}
}

func TestApplicationMode(t *testing.T) {
	c, err := readConfig(environment("APP_CLIENT_ID=app", "APP_CLIENT_SECRET=s", "APP_ORGANIZERS=pri\u200bya@contoso.example, 3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e02,"))
	if err != nil || len(c.app.Organizers) != 2 || c.app.Scope != "https://graph.microsoft.com/.default" {
		t.Errorf("%v: %+v", err, c.app)
	}
	if c, err = readConfig(environment("CLOUD=usgov", "APP_CLIENT_ID=app", "APP_CLIENT_SECRET=s", "APP_ORGANIZERS=a@b.example")); c.app.Scope != "https://graph.microsoft.us/.default" {
		t.Errorf("%v: scope %q in the US government's cloud", err, c.app.Scope)
	}
	if c, err = readConfig(environment()); err != nil || len(c.app.Organizers) != 0 || c.settings(nil).Beta {
		t.Errorf("%v: on although nothing is set: %+v", err, c.app)
	}
}
