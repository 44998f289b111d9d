package main

import (
	"cmp"
	"log/slog"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/google/uuid"

	"meetdesk/auth"
	"meetdesk/command"
	"meetdesk/server"
	"meetdesk/store/postgresdb"
)

const envPrefix = "MEETDESK_"

type cloud struct {
	login, graph string
	resource     string // prefix of scope names; without it, they refer to the global Graph
}

var clouds = map[string]cloud{
	"global": {"https://login.microsoftonline.com", "https://graph.microsoft.com", ""},
	"usgov":  {"https://login.microsoftonline.us", "https://graph.microsoft.us", "https://graph.microsoft.us/"},
	"dod":    {"https://login.microsoftonline.us", "https://dod-graph.microsoft.us", "https://dod-graph.microsoft.us/"},
}

// readConfig returns the configuration. If settings are missing or invalid, it also returns
// an error that lists each problem on its own line.
func readConfig(environ []string) (c config, err error) {
	values := env.ToMap(environ)
	if err := env.ParseWithOptions(&c, env.Options{Prefix: envPrefix, Environment: values}); err != nil {
		return c, command.UsageError("%w", err)
	}
	known := make(map[string]bool)
	for field := range reflect.TypeFor[config]().Fields() {
		known[envPrefix+field.Tag.Get("env")] = true
	}
	for name := range values {
		if strings.HasPrefix(strings.ToUpper(name), envPrefix) && !known[name] {
			c.unknown = append(c.unknown, name)
		}
	}
	check := checker{credentials: values[credentialsVariable]}
	check.spellings(values)
	c.check(&check)
	return c, check.err()
}

func (c *config) check(k *checker) {
	c.publicURL = k.address("URL", c.URL, "the address that people type, such as https://meet.example.org")
	c.checkDatabase(k)
	if !isAddress(c.Addr) {
		k.add("ADDR", "%q is no address to listen on; such as 127.0.0.1:8080 or :8080", c.Addr)
	}
	here, ok := clouds[c.Cloud]
	if !ok {
		k.add("CLOUD", "%q is unknown; global, usgov or dod", c.Cloud)
	}
	if id, err := uuid.Parse(c.TenantID); (err != nil || id.String() != strings.ToLower(c.TenantID)) && (c.Issuer == "" || c.TenantID == "") {
		k.add("TENANT_ID", "%s; the directory (tenant) ID, a GUID such as 5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f", missingOr(c.TenantID, "no GUID"))
	}
	if c.ClientID == "" {
		k.add("CLIENT_ID", "missing; the application (client) ID of the app registration")
	}
	c.credential = k.credential("", c.ClientSecret, c.ClientSecretFile, c.ClientCertificateFile, c.ClientKeyFile)
	c.keys = k.sessionKeys(k.secret("SESSION_KEYS", c.SessionKeys, c.SessionKeysFile, sessionKeysHint))
	c.checkRoles(k)
	c.checkIssuer(k, here)
	c.checkGraph(k, here)
	if len(c.Scopes) == 0 {
		c.Scopes = []string{"openid", "profile", "email", "offline_access", here.resource + "User.Read", here.resource + "OnlineMeetings.ReadWrite"}
	}
	if strings.Contains(strings.Join(c.Scopes, ""), ",") {
		k.add("SCOPES", "%q has commas; separate the scopes with spaces", strings.Join(c.Scopes, " "))
	} else if !slices.Contains(c.Scopes, "openid") {
		k.add("SCOPES", "%q lacks openid, without which nobody can sign in; such as openid profile email offline_access User.Read OnlineMeetings.ReadWrite", strings.Join(c.Scopes, " "))
	}
	k.yes("ALLOW_EMULATOR", c.AllowEmulator)
	if k.yes("BETA", c.Beta) && c.Cloud != "global" {
		k.add("BETA", "1, and Graph has no createOrGet in the beta of the cloud %q", c.Cloud)
	}
	k.yes("LIMITS", c.Limits)
	c.idle = k.sessionIdle(c.SessionIdle)
	c.drain = k.drain(c.Drain)
	c.proxies = k.networks("TRUSTED_PROXIES", c.TrustedProxies)
	c.ticket = c.ticketRule(k)
	c.backup = c.backups(k)
	c.logLevel = k.logLevel(c.Log, c.LogLevel)
	c.checkMetrics(k)
	c.app = c.application(k)
	c.app.Scope = cmp.Or(here.graph, c.GraphURL) + "/.default"
}

// checkDatabase checks the address of the PostgreSQL database. If no such address is
// configured, a data directory for SQLite is required.
func (c *config) checkDatabase(k *checker) {
	if c.Database == "" && c.DatabaseFile == "" {
		if c.Data == "" {
			k.add("DATA", "missing; the folder that keeps the database, such as /var/lib/meetdesk")
		}
		return
	}
	if c.Database = k.secret("DATABASE", c.Database, c.DatabaseFile, databaseHint); c.Database == "" {
		return
	}
	if _, err := postgresdb.Parse(c.Database); err != nil {
		k.add("DATABASE", "%v; %s", err, databaseHint)
	}
	if c.BackupDir != "" {
		k.add("BACKUP_DIR", "meetdesk backs up SQLite only; back up the PostgreSQL server, and leave MEETDESK_BACKUP_DIR out; if the unit sets it, write MEETDESK_BACKUP_DIR= without a value")
	}
}

const databaseHint = "the address of a PostgreSQL database, such as postgres://meetdesk:PASSWORD@db.example.org/meetdesk"

// checkRoles checks the names of the roles. In Entra ID, a role's value cannot contain
// spaces, but its display name can. Other providers allow spaces.
func (c *config) checkRoles(k *checker) {
	if c.RoleStaff == c.RoleHelpDesk || c.RoleHelpDesk == c.RoleAdmin || c.RoleStaff == c.RoleAdmin {
		k.add("ROLE_STAFF", "the three roles must have different names, such as Meetdesk.Staff, Meetdesk.HelpDesk and Meetdesk.Admin")
	}
	for name, role := range map[string]string{"ROLE_STAFF": c.RoleStaff, "ROLE_HELPDESK": c.RoleHelpDesk, "ROLE_ADMIN": c.RoleAdmin} {
		if c.Issuer == "" && strings.Contains(role, " ") {
			k.add(name, "%q has a space; write the value of the app role, such as Meetdesk.Staff, not its display name", role)
		}
	}
}

// checkIssuer checks the issuer, or derives it from the cloud and the tenant.
func (c *config) checkIssuer(k *checker, here cloud) {
	if c.Issuer == "" {
		c.Issuer = here.login + "/" + c.TenantID + "/v2.0"
		return
	}
	u := k.address("ISSUER", c.Issuer, issuerHint)
	if u == nil {
		return
	}
	if at, _, found := strings.Cut(c.Issuer, "/.well-known/"); found {
		k.add("ISSUER", "%q is the address of the provider's document; the issuer is %q", c.Issuer, at)
	}
	if !isMicrosoftLogin(u) {
		return
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	switch id, err := uuid.Parse(parts[0]); {
	case slices.Contains([]string{"common", "organizations", "consumers"}, parts[0]):
		k.add("ISSUER", "%q is for the accounts of all organizations; leave MEETDESK_ISSUER out, or write the directory (tenant) ID instead of %q", c.Issuer, parts[0])
	case err == nil && c.TenantID != "" && !strings.EqualFold(id.String(), c.TenantID):
		k.add("ISSUER", "%q names the directory %s, but MEETDESK_TENANT_ID is %q; leave MEETDESK_ISSUER out", c.Issuer, parts[0], c.TenantID)
	case here.login != "" && here.login != u.Scheme+"://"+u.Host:
		k.add("ISSUER", "%q belongs to another cloud than MEETDESK_CLOUD, which is %q; leave MEETDESK_ISSUER out", c.Issuer, c.Cloud)
	case len(parts) == 1 || parts[1] != "v2.0":
		k.add("ISSUER", "%q is the issuer of version 1 tokens; %s", c.Issuer, issuerHint)
	}
}

func isMicrosoftLogin(u *url.URL) bool {
	return slices.Contains([]string{"login.microsoftonline.com", "login.microsoftonline.us", "sts.windows.net", "login.windows.net"}, u.Hostname())
}

// checkGraph checks Graph's address, or sets the cloud's address if none is configured.
func (c *config) checkGraph(k *checker, here cloud) {
	if c.GraphURL == "" {
		c.GraphURL = here.graph
		return
	}
	u := k.address("GRAPH_URL", c.GraphURL, graphHint)
	if u == nil {
		return
	}
	c.GraphURL = strings.TrimSuffix(strings.TrimSuffix(c.GraphURL, "/"), "/v1.0")
	if strings.HasSuffix(c.GraphURL, "/beta") {
		k.add("GRAPH_URL", "%q names a version; %s", c.GraphURL, graphHint)
	}
	for name, other := range clouds {
		if other.graph == c.GraphURL && name != c.Cloud {
			k.add("GRAPH_URL", "%q belongs to the cloud %s, but MEETDESK_CLOUD is %q; leave MEETDESK_GRAPH_URL out", c.GraphURL, name, c.Cloud)
		}
	}
}

const issuerHint = "the provider's issuer, such as https://login.microsoftonline.com/TENANT/v2.0"

const graphHint = "Graph's address without a version, such as https://graph.microsoft.com"

const sessionKeysHint = "32 random bytes in base64, as \"openssl rand -base64 32\" prints; several with commas, the newest first"

func (c config) settings(log *slog.Logger) server.Settings {
	return server.Settings{
		Program: version,
		URL:     c.publicURL, Data: c.Data, Database: c.Database, Keys: c.keys, GraphURL: c.GraphURL, Now: time.Now, Log: log,
		Auth: auth.Config{
			Issuer: c.Issuer, TenantID: c.TenantID, ClientID: c.ClientID, Credential: c.credential, Scopes: c.Scopes,
			RoleStaff: c.RoleStaff, RoleHelpDesk: c.RoleHelpDesk, RoleAdmin: c.RoleAdmin,
			AllowEmulator: c.AllowEmulator == "1",
		},
		Proxies: c.proxies, Idle: c.idle, Drain: c.drain, NoLimits: c.Limits == "0",
		App: c.app, Beta: c.Beta == "1", Ticket: c.ticket, Example: c.TicketExample, Backup: c.backup,
	}
}
