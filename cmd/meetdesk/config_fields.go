package main

import (
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"meetdesk/auth"
	"meetdesk/meeting"
	"meetdesk/server"
)

// config holds the environment variables of serve, without the prefix MEETDESK_. The
// comment on each field is its row in the table of settings; "go test ./cmd/meetdesk -run
// SettingsTable -update" copies it there.
type config struct {
	// the address that people type, without a path: `https://meet.example.org`
	URL string `env:"URL"`
	// the address to listen on
	Addr string `env:"ADDR" envDefault:"127.0.0.1:8080"`
	// the data directory; only one process may use it at a time. The log names it at
	// startup and says whether the database is new
	Data string `env:"DATA"`
	// the address of a PostgreSQL database. It replaces the SQLite file, so the data directory
	// is not needed:
	// `postgres://meetdesk:PASSWORD@db.example.org/meetdesk?sslmode=verify-full`. See
	// [scale.md](scale.md)
	Database string `env:"DATABASE"`
	// a file that contains the address of the database, instead of `MEETDESK_DATABASE`
	DatabaseFile string `env:"DATABASE_FILE"`
	// the directory (tenant) ID; people from other tenants cannot sign in
	TenantID string `env:"TENANT_ID"`
	// the application (client) ID
	ClientID string `env:"CLIENT_ID"`
	// the value of a client secret, not its ID. Not needed with a certificate
	ClientSecret string `env:"CLIENT_SECRET"`
	// a file that contains the client secret, instead of `MEETDESK_CLIENT_SECRET`
	ClientSecretFile string `env:"CLIENT_SECRET_FILE"`
	// a certificate in PEM, used instead of a client secret
	ClientCertificateFile string `env:"CLIENT_CERTIFICATE_FILE"`
	// the certificate's private key in PEM, without a password; by default in the same
	// file as the certificate
	ClientKeyFile string `env:"CLIENT_KEY_FILE"`
	// the output of `openssl rand -base64 32`. Separate several keys with commas: the first
	// key encrypts, and all keys decrypt. To rotate keys, put a new one first and remove the
	// old one a day later, when every session has ended
	SessionKeys string `env:"SESSION_KEYS"`
	// a file that contains the session keys, instead of `MEETDESK_SESSION_KEYS`
	SessionKeysFile string `env:"SESSION_KEYS_FILE"`
	// Microsoft's cloud: `global`, `usgov` or `dod`
	Cloud string `env:"CLOUD" envDefault:"global"`
	// the issuer of another OpenID Connect provider, which must issue `oid`, `tid` and
	// `roles`; by default Microsoft's for the tenant and the cloud
	Issuer string `env:"ISSUER"`
	// Graph's URL without `/v1.0`; by default the cloud's
	GraphURL string `env:"GRAPH_URL"`
	// the scopes to request, separated by spaces; by default `openid profile email
	// offline_access User.Read OnlineMeetings.ReadWrite`
	Scopes []string `env:"SCOPES" envSeparator:" "`
	// the app role of staff
	RoleStaff string `env:"ROLE_STAFF" envDefault:"Meetdesk.Staff"`
	// the app role of the help desk
	RoleHelpDesk string `env:"ROLE_HELPDESK" envDefault:"Meetdesk.HelpDesk"`
	// the app role of administrators
	RoleAdmin string `env:"ROLE_ADMIN" envDefault:"Meetdesk.Admin"`
	// the application (client) ID of the second application, which the help desk uses to
	// create meetings for others; see
	// [entra.md](entra.md#let-the-help-desk-create-meetings-for-others)
	AppClientID string `env:"APP_CLIENT_ID"`
	// the value of a client secret of the second application
	AppClientSecret string `env:"APP_CLIENT_SECRET"`
	// a file that contains the second application's client secret
	AppClientSecretFile string `env:"APP_CLIENT_SECRET_FILE"`
	// a certificate of the second application in PEM, used instead of a client secret
	AppClientCertificateFile string `env:"APP_CLIENT_CERTIFICATE_FILE"`
	// the private key of that certificate; by default in the same file
	AppClientKeyFile string `env:"APP_CLIENT_KEY_FILE"`
	// the people for whom the help desk may create meetings: object IDs or UPNs, separated by
	// commas
	AppOrganizers []string `env:"APP_ORGANIZERS" envSeparator:","`
	// `1` offers meetings in a channel, which need Graph's beta; `global` only
	Beta string `env:"BETA"`
	// the format of ticket numbers, as a regular expression
	// ([RE2](https://github.com/google/re2/wiki/Syntax)), for example `^INC[0-9]{7}$`. In
	// systemd's `EnvironmentFile`, put a value with backslashes in single quotes:
	// `'^INC\d{7}$'`. The log shows the pattern at startup. It is not anchored unless you
	// write `^` and `$`. Other numbers are refused before anything is sent. `inc 001-2345`
	// becomes `INC0012345` if only that matches. The suffix `~2` of a second meeting is
	// ignored
	TicketPattern string `env:"TICKET_PATTERN"`
	// a valid ticket number: `INC0012345`. If the pattern does not match it, the desk does
	// not start
	TicketExample string `env:"TICKET_EXAMPLE"`
	// the format in words, for the form: `INC and seven digits, such as INC0012345`
	TicketHint string `env:"TICKET_HINT"`
	// the URL of a ticket, with `{ticket}` for its number:
	// `https://tickets.example.org/{ticket}`. Pages then link to the ticket. The number is
	// percent-encoded
	TicketURL string `env:"TICKET_URL"`
	// a folder for daily backups; see [backup.md](backup.md). None by default
	BackupDir string `env:"BACKUP_DIR"`
	// when to back up, in the machine's time zone
	BackupTime string `env:"BACKUP_TIME" envDefault:"02:30"`
	// how many backups to keep
	BackupKeep string `env:"BACKUP_KEEP" envDefault:"14"`
	// the addresses or networks of the proxies in front of the desk, separated by commas:
	// `127.0.0.1,10.0.0.0/8`. The desk then takes the client's address from their
	// `X-Forwarded-For` header and applies the limits to that address. Without this setting,
	// everybody behind a proxy shares the limits of one address
	TrustedProxies []string `env:"TRUSTED_PROXIES" envSeparator:","`
	// how long a session may remain unused before the person has to sign in again, from `5m`
	// to `12h`. If several people share a computer, `15m` is a good choice
	SessionIdle string `env:"SESSION_IDLE" envDefault:"4h"`
	// how long the desk keeps responding after the signal to stop, from `0s` to `1m`. During
	// this time, `/readyz` fails, so that a proxy sends people to another desk; see
	// [scale.md](scale.md#upgrades)
	Drain string `env:"DRAIN" envDefault:"0s"`
	// the format of the log, `text` or `json`; see [monitoring.md](monitoring.md#logs)
	Log string `env:"LOG" envDefault:"text"`
	// the lowest level that is logged: `debug`, `info`, `warn` or `error`. Requests are logged
	// at `info`, or at `error` if the status is 500 or above
	LogLevel string `env:"LOG_LEVEL" envDefault:"info"`
	// the address that serves `/metrics` for Prometheus, such as `127.0.0.1:9464`. Anybody who
	// can connect to it can read the metrics. None by default; see
	// [monitoring.md](monitoring.md#metrics)
	MetricsAddr string `env:"METRICS_ADDR"`
	// `0` turns the request limits off, for measurements
	Limits string `env:"LIMITS" envDefault:"1"`
	// `1` allows meetdesk's emulator as the provider, for tests
	AllowEmulator string `env:"ALLOW_EMULATOR"`

	publicURL  *url.URL
	credential auth.Credential
	keys       [][]byte
	app        server.Application
	ticket     meeting.TicketRule
	backup     server.Backups
	logLevel   slog.Level
	proxies    []netip.Prefix
	idle       time.Duration
	drain      time.Duration
	unknown    []string // names of variables that this version does not know
}
