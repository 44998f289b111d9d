package main

import (
	"cmp"
	"log/slog"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/google/uuid"

	"meetdesk/auth"
	"meetdesk/meeting"
)

// config holds the environment variables of serve, without the prefix MEETDESK_.
type config struct {
	URL              string   `env:"URL"`
	Addr             string   `env:"ADDR" envDefault:"127.0.0.1:8080"`
	Data             string   `env:"DATA"`
	TenantID         string   `env:"TENANT_ID"`
	ClientID         string   `env:"CLIENT_ID"`
	ClientSecret     string   `env:"CLIENT_SECRET"`
	ClientSecretFile string   `env:"CLIENT_SECRET_FILE"`
	SessionKeys      string   `env:"SESSION_KEYS"`
	SessionKeysFile  string   `env:"SESSION_KEYS_FILE"`
	Cloud            string   `env:"CLOUD" envDefault:"global"`
	Issuer           string   `env:"ISSUER"`
	GraphURL         string   `env:"GRAPH_URL"`
	Scopes           []string `env:"SCOPES" envSeparator:" "`
	AllowEmulator    string   `env:"ALLOW_EMULATOR"`
	RoleStaff        string   `env:"ROLE_STAFF" envDefault:"Meetdesk.Staff"`
	RoleHelpDesk     string   `env:"ROLE_HELPDESK" envDefault:"Meetdesk.HelpDesk"`
	RoleAdmin        string   `env:"ROLE_ADMIN" envDefault:"Meetdesk.Admin"`
	Beta             string   `env:"BETA"`
	TicketPattern    string   `env:"TICKET_PATTERN"`
	TicketExample    string   `env:"TICKET_EXAMPLE"`
	TicketHint       string   `env:"TICKET_HINT"`
	TicketURL        string   `env:"TICKET_URL"`
	TrustedProxies   []string `env:"TRUSTED_PROXIES" envSeparator:","`
	Limits           string   `env:"LIMITS" envDefault:"1"`
	SessionIdle      string   `env:"SESSION_IDLE" envDefault:"4h"`

	BackupDir  string `env:"BACKUP_DIR"`
	BackupTime string `env:"BACKUP_TIME" envDefault:"02:30"`
	BackupKeep string `env:"BACKUP_KEEP" envDefault:"14"`

	AppClientID         string   `env:"APP_CLIENT_ID"`
	AppClientSecret     string   `env:"APP_CLIENT_SECRET"`
	AppClientSecretFile string   `env:"APP_CLIENT_SECRET_FILE"`
	AppOrganizers       []string `env:"APP_ORGANIZERS" envSeparator:","`

	publicURL *url.URL
	keys      [][]byte
	app       appConfig
	ticket    meeting.TicketRule
	backup    backupConfig
	proxies   []netip.Prefix
	idle      time.Duration
	unknown   []string // names of variables that this version does not know
}

const envPrefix = "MEETDESK_"

// cloud holds the sign-in and Graph endpoints of one of Microsoft's clouds.
type cloud struct {
	login, graph string
	resource     string // prefix of scope names; names without it refer to the global Graph
}

var clouds = map[string]cloud{
	"global": {"https://login.microsoftonline.com", "https://graph.microsoft.com", ""},
	"usgov":  {"https://login.microsoftonline.us", "https://graph.microsoft.us", "https://graph.microsoft.us/"},
	"dod":    {"https://login.microsoftonline.us", "https://dod-graph.microsoft.us", "https://dod-graph.microsoft.us/"},
}

// readConfig returns the configuration, or a usage error with one line for each missing
// or invalid setting.
func readConfig(environ []string) (c config, err error) {
	values := env.ToMap(environ)
	if err := env.ParseWithOptions(&c, env.Options{Prefix: envPrefix, Environment: values}); err != nil {
		return c, usageError("%w", err)
	}
	known := make(map[string]bool)
	for field := range reflect.TypeFor[config]().Fields() {
		known[envPrefix+field.Tag.Get("env")] = true
	}
	for name := range values {
		if strings.HasPrefix(name, envPrefix) && !known[name] {
			c.unknown = append(c.unknown, name)
		}
	}
	var check checker
	check.quotes(values)
	c.check(&check)
	return c, check.err()
}

func (c *config) check(k *checker) {
	c.publicURL = k.address("URL", c.URL, "the address that people type, such as https://meet.example.org")
	if c.Data == "" {
		k.add("DATA", "missing; the folder that keeps the database, such as /var/lib/meetdesk")
	}
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
	c.ClientSecret = k.secret("CLIENT_SECRET", c.ClientSecret, c.ClientSecretFile, "a client secret of the app registration")
	c.keys = k.sessionKeys(k.secret("SESSION_KEYS", c.SessionKeys, c.SessionKeysFile, sessionKeysHint))
	if c.Issuer == "" {
		c.Issuer = here.login + "/" + c.TenantID + "/v2.0"
	} else {
		k.address("ISSUER", c.Issuer, "the provider's issuer, such as https://login.microsoftonline.com/TENANT/v2.0")
	}
	if c.GraphURL == "" {
		c.GraphURL = here.graph
	} else if u := k.address("GRAPH_URL", c.GraphURL, graphHint); u != nil {
		c.GraphURL = strings.TrimSuffix(strings.TrimSuffix(c.GraphURL, "/"), "/v1.0")
		if strings.HasSuffix(c.GraphURL, "/beta") {
			k.add("GRAPH_URL", "%q names a version; %s", c.GraphURL, graphHint)
		}
	}
	if len(c.Scopes) == 0 {
		c.Scopes = []string{"openid", "profile", "email", "offline_access", here.resource + "User.Read", here.resource + "OnlineMeetings.ReadWrite"}
	}
	if !slices.Contains(c.Scopes, "openid") {
		k.add("SCOPES", "%q lacks openid, without which nobody can sign in; such as openid profile email offline_access User.Read OnlineMeetings.ReadWrite", strings.Join(c.Scopes, " "))
	}
	if c.RoleStaff == c.RoleHelpDesk || c.RoleHelpDesk == c.RoleAdmin || c.RoleStaff == c.RoleAdmin {
		k.add("ROLE_STAFF", "the three roles must have different names, such as Meetdesk.Staff, Meetdesk.HelpDesk and Meetdesk.Admin")
	}
	k.yes("ALLOW_EMULATOR", c.AllowEmulator)
	if k.yes("BETA", c.Beta) && c.Cloud != "global" {
		k.add("BETA", "1, and Graph has no createOrGet in the beta of the cloud %q", c.Cloud)
	}
	k.yes("LIMITS", c.Limits)
	c.idle = k.sessionIdle(c.SessionIdle)
	c.proxies = k.networks("TRUSTED_PROXIES", c.TrustedProxies)
	c.ticket = c.ticketRule(k)
	c.backup = c.backups(k)
	c.app = c.application(k)
	c.app.scope = cmp.Or(here.graph, c.GraphURL) + "/.default"
}

const graphHint = "Graph's address without a version, such as https://graph.microsoft.com"

const sessionKeysHint = "32 random bytes in base64, as \"openssl rand -base64 32\" prints; several with commas, the newest first"

// missingScopes returns the scopes that Microsoft needs but the configuration lacks.
// Without them people can sign in but not create meetings, or have to sign in again
// every hour. Other providers may use other names.
func (c config) missingScopes() (missing []string) {
	for _, needed := range []string{"offline_access", "OnlineMeetings.ReadWrite"} {
		if !slices.ContainsFunc(c.Scopes, func(s string) bool { return s == needed || strings.HasSuffix(s, "/"+needed) }) {
			missing = append(missing, needed)
		}
	}
	return missing
}

func (c config) settings(log *slog.Logger) settings {
	return settings{
		url: c.publicURL, data: c.Data, keys: c.keys, graphURL: c.GraphURL, now: time.Now, log: log,
		auth: auth.Config{
			Issuer: c.Issuer, TenantID: c.TenantID, ClientID: c.ClientID, ClientSecret: c.ClientSecret, Scopes: c.Scopes,
			RoleStaff: c.RoleStaff, RoleHelpDesk: c.RoleHelpDesk, RoleAdmin: c.RoleAdmin,
			AllowEmulator: c.AllowEmulator == "1",
		},
		proxies: c.proxies, idle: c.idle, noLimits: c.Limits == "0",
		app: c.app, beta: c.Beta == "1", ticket: c.ticket, backup: c.backup,
	}
}
