package main

import (
	"net/http"
	"strings"
	"time"

	"meetdesk/command"
	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
)

// wrongSetting describes a configuration with at most one mistake and how meetdesk must
// respond to it.
type wrongSetting struct {
	name       string
	changes    []string                                      // "NAME=value" sets a variable, "NAME" removes it; see spoil for the placeholders
	between    func(http.ResponseWriter, *http.Request) bool // handles a request to Microsoft, or returns false to pass it to the emulator
	registered string                                        // the file of the certificate that is registered with the provider
	prepare    func(*trial)

	plain  bool   // whether the mistake can be detected without an emulator
	check  string // text that the output of "meetdesk check" must contain
	status int    // the exit status of "meetdesk check"
	serve  int    // the exit status of "meetdesk serve", or the constant starts
	logged bool   // whether the value of check must also appear in the log or the error message of "meetdesk serve"
}

// starts, as the value of wrongSetting.serve, means that "meetdesk serve" starts despite
// the mistake.
const starts = -1

// misconfigured returns configurations that readConfig must reject. None of them may allow
// "meetdesk serve" to start.
func misconfigured() []wrongSetting {
	rows := []wrongSetting{
		{name: "URL missing", changes: []string{"URL"}, check: "missing; the address that people type"},
		{name: "URL without https", changes: []string{"URL=http://meet.example.org"}, check: "must begin with https://"},
		{name: "URL without a scheme", changes: []string{"URL=meet.example.org"}, check: "is no address"},
		{name: "URL with a path", changes: []string{"URL=https://meet.example.org/desk"}, check: "must have no path"},
		{name: "URL with a query", changes: []string{"URL=https://meet.example.org?x=1"}, check: "more than an address"},
		{name: "URL with a person", changes: []string{"URL=https://dana@meet.example.org"}, check: "more than an address"},
		{name: "URL of another kind", changes: []string{"URL=ftp://meet.example.org"}, check: "is no address"},
		{name: "data missing", changes: []string{"DATA"}, check: "the folder that keeps the database"},
		{name: "address of another database", changes: []string{"DATABASE=mysql://desk:hunter2@db.example.org/desk"}, check: "begins with postgres://"},
		{name: "address of the database with a wrong port", changes: []string{"DATABASE=postgres://desk:hunter2@db.example.org:port/desk"}, check: "the address of a PostgreSQL database"},
		{name: "address of the database twice", changes: []string{"DATABASE=postgres://db.example.org/desk", "DATABASE_FILE=$FOLDER/empty"}, check: "one of them is enough"},
		{name: "daily backups of PostgreSQL", changes: []string{"DATABASE=postgres://db.example.org/desk", "BACKUP_DIR=$FOLDER"}, check: "meetdesk backs up SQLite only"},
		{name: "port missing", changes: []string{"ADDR=127.0.0.1"}, check: "is no address to listen on"},
		{name: "only a port", changes: []string{"ADDR=8080"}, check: "127.0.0.1:8080"},
		{name: "port too large", changes: []string{"ADDR=127.0.0.1:99999"}, check: "is no address to listen on"},
		{name: "tenant missing", changes: []string{"TENANT_ID", "ISSUER"}, check: "missing; the directory (tenant) ID"},
		{name: "tenant's name instead of its ID", changes: []string{"TENANT_ID=contoso.onmicrosoft.com", "ISSUER"}, check: "is no GUID"},
		{name: "tenant's ID in braces", changes: []string{"TENANT_ID={5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f}", "ISSUER"}, check: "is no GUID"},
		{name: "client ID missing", changes: []string{"CLIENT_ID"}, check: "the application (client) ID"},
		{name: "client ID in quotes", changes: []string{`CLIENT_ID="client"`}, check: "the value is in quotes"},
		{name: "client ID with a space", changes: []string{"CLIENT_ID=client "}, check: "begins or ends with a space"},
		{name: "client secret missing", changes: []string{"CLIENT_SECRET"}, check: "missing (or MEETDESK_CLIENT_SECRET_FILE"},
		{name: "client secret in quotes", changes: []string{"CLIENT_SECRET='secret'"}, check: "the value is in quotes"},
		{name: "client secret from a Windows file", changes: []string{"CLIENT_SECRET=secret\r"}, check: "Unix line endings"},
		{name: "client secret in curly quotes", changes: []string{"CLIENT_SECRET=“secret”"}, check: "the value is in quotes"},
		{name: "comment behind a value", changes: []string{"ROLE_ADMIN=Meetdesk.Admin # our administrators"}, check: "followed by a comment"},
		{name: "secret's file in quotes", changes: []string{"CLIENT_SECRET", "CLIENT_SECRET_FILE=$FOLDER/quoted"}, check: "the value is in quotes"},
		{name: "secret's file with the setting's name", changes: []string{"CLIENT_SECRET", "CLIENT_SECRET_FILE=$FOLDER/setting"}, check: "more than a client secret"},
		{name: "secret's file with two lines", changes: []string{"CLIENT_SECRET", "CLIENT_SECRET_FILE=$FOLDER/two lines"}, check: "more than a client secret"},
		{name: "secret's file with a byte order mark", changes: []string{"CLIENT_SECRET", "CLIENT_SECRET_FILE=$FOLDER/marked"}, check: "more than a client secret"},
		{name: "client secret twice", changes: []string{"CLIENT_SECRET_FILE=$FOLDER/empty"}, check: "one of them is enough"},
		{name: "secret's file missing", changes: []string{"CLIENT_SECRET", "CLIENT_SECRET_FILE=$FOLDER/none"}, check: "no such file"},
		{name: "secret's file empty", changes: []string{"CLIENT_SECRET", "CLIENT_SECRET_FILE=$FOLDER/empty"}, check: "is empty"},
		{name: "secret's file is a folder", changes: []string{"CLIENT_SECRET", "CLIENT_SECRET_FILE=$FOLDER"}, check: "is a directory"},
		{name: "certificate missing", changes: []string{"CLIENT_SECRET", "CLIENT_CERTIFICATE_FILE=$FOLDER/none"}, check: "no such file"},
		{name: "certificate and secret", changes: []string{"CLIENT_CERTIFICATE_FILE=$FOLDER/certificate.pem"}, check: "remove the secret"},
		{name: "certificate without its key", changes: []string{"CLIENT_SECRET", "CLIENT_CERTIFICATE_FILE=$FOLDER/certificate.pem"}, check: "PRIVATE KEY"},
		{name: "key without its certificate", changes: []string{"CLIENT_KEY_FILE=$FOLDER/key.pem"}, check: "set without MEETDESK_CLIENT_CERTIFICATE_FILE"},
		{name: "key of another certificate", changes: []string{"CLIENT_SECRET", "CLIENT_CERTIFICATE_FILE=$FOLDER/certificate.pem", "CLIENT_KEY_FILE=$FOLDER/other.pem"}, check: "does not belong to the certificate"},
		{name: "certificate with a locked key", changes: []string{"CLIENT_SECRET", "CLIENT_CERTIFICATE_FILE=$FOLDER/certificate.pem", "CLIENT_KEY_FILE=$FOLDER/locked.pem"}, check: "locked.pem: the private key has a password"},
		{name: "certificate as a .pfx file", changes: []string{"CLIENT_SECRET", "CLIENT_CERTIFICATE_FILE=$FOLDER/certificate.pfx"}, check: "openssl pkcs12"},
		{name: "session keys missing", changes: []string{"SESSION_KEYS"}, check: "openssl rand -base64 32"},
		{name: "session key too short", changes: []string{"SESSION_KEYS=c2hvcnQ="}, check: "key 1 is wrong"},
		{name: "session key in hexadecimal", changes: []string{"SESSION_KEYS=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"}, check: "key 1 is wrong"},
		{name: "second session key too short", changes: []string{"SESSION_KEYS=" + goodKey + ",c2hvcnQ="}, check: "key 2 is wrong"},
		{name: "cloud unknown", changes: []string{"CLOUD=china"}, check: "global, usgov or dod"},
		{name: "issuer of version 1", changes: []string{"ISSUER=https://sts.windows.net/" + emulator.DefaultTenant + "/"}, check: "another cloud"},
		{name: "issuer without its version", changes: []string{"ISSUER=https://login.microsoftonline.com/" + emulator.DefaultTenant}, check: "version 1 tokens"},
		{name: "issuer of all organizations", changes: []string{"ISSUER=https://login.microsoftonline.com/common/v2.0"}, check: "for the accounts of all organizations"},
		{name: "issuer of another directory", changes: []string{"ISSUER=https://login.microsoftonline.com/5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f/v2.0"}, check: "names the directory 5d2f7ba0"},
		{name: "issuer of another cloud", changes: []string{"ISSUER=https://login.microsoftonline.us/" + emulator.DefaultTenant + "/v2.0"}, check: "another cloud"},
		{name: "issuer with the document's path", changes: []string{"ISSUER=https://login.example.org/.well-known/openid-configuration"}, check: `the issuer is "https://login.example.org"`},
		{name: "issuer without https", changes: []string{"ISSUER=http://login.example.org"}, check: "must begin with https://"},
		{name: "Graph's address of another kind", changes: []string{"GRAPH_URL=ftp://graph.example.org"}, check: "is no address"},
		{name: "Graph's address with beta", changes: []string{"GRAPH_URL=https://graph.example.org/beta"}, check: "names a version"},
		{name: "Graph of another cloud", changes: []string{"GRAPH_URL=https://graph.microsoft.us"}, check: "belongs to the cloud usgov"},
		{name: "scopes without openid", changes: []string{"SCOPES=profile User.Read"}, check: "lacks openid"},
		{name: "scopes with commas", changes: []string{"SCOPES=openid,offline_access"}, check: "separate the scopes with spaces"},
		{name: "role's display name", changes: []string{"ROLE_STAFF=Meetdesk staff", "ISSUER"}, check: "not its display name"},
		{name: "two roles with one name", changes: []string{"ROLE_STAFF=X", "ROLE_ADMIN=X"}, check: "different names"},
		{name: "yes instead of 1", changes: []string{"ALLOW_EMULATOR=yes"}, check: "1 for on, 0 for off"},
		{name: "beta in the US government's cloud", changes: []string{"BETA=1", "CLOUD=usgov"}, check: "usgov"},
		{name: "ticket pattern that is none", changes: []string{"TICKET_PATTERN=^INC("}, check: "missing closing"},
		{name: "ticket pattern without its backslash", changes: []string{"TICKET_PATTERN=^INCd{7}$", "TICKET_EXAMPLE=INC0012345"}, check: "systemd removes backslashes"},
		{name: "ticket's URL without a place", changes: []string{"TICKET_URL=https://tickets.example.org/"}, check: "lacks {ticket}"},
		{name: "ticket's URL with the place in the host", changes: []string{"TICKET_URL=https://{ticket}.example.org/"}, check: "must name its host"},
		{name: "folder for backups missing", changes: []string{"BACKUP_DIR=$FOLDER/none"}, check: "no such file"},
		{name: "folder for backups is a file", changes: []string{"BACKUP_DIR=$FOLDER/empty"}, check: "not a directory"},
		{name: "time of backups", changes: []string{"BACKUP_TIME=25:00"}, check: "is no time of day"},
		{name: "number of backups", changes: []string{"BACKUP_KEEP=all"}, check: "1 or more"},
		{name: "all addresses as proxies", changes: []string{"TRUSTED_PROXIES=0.0.0.0/0"}, check: "trusts everybody"},
		{name: "proxy's network", changes: []string{"TRUSTED_PROXIES=10.0.0.0/33"}, check: "neither an address nor a network"},
		{name: "idle time without a unit", changes: []string{"SESSION_IDLE=30"}, check: "such as 30m"},
		{name: "idle time too long", changes: []string{"SESSION_IDLE=13h"}, check: "from 5m to 12h"},
		{name: "limits off", changes: []string{"LIMITS=off"}, check: "1 for on, 0 for off"},
		{name: "second application without organizers", changes: []string{"APP_CLIENT_ID=app", "APP_CLIENT_SECRET=s"}, check: "object IDs or UPNs"},
		{name: "organizer without a domain", changes: []string{"APP_CLIENT_ID=app", "APP_CLIENT_SECRET=s", "APP_ORGANIZERS=priya"}, check: "neither an object ID nor a UPN"},
	}
	for i := range rows {
		rows[i].status, rows[i].serve, rows[i].plain = command.Usage, command.Usage, true
	}
	return rows
}

// undetected returns configurations that readConfig accepts. Most of them have a mistake.
func undetected() []wrongSetting {
	application := []string{"APP_CLIENT_ID=" + emulator.DefaultAppClientID, "APP_CLIENT_SECRET=" + emutest.AppSecret}
	certificate := []string{"CLIENT_SECRET", "CLIENT_CERTIFICATE_FILE=$FOLDER/certificate.pem", "CLIENT_KEY_FILE=$FOLDER/key.pem"}
	organizers := func(names string) []string { return append(application[:2:2], "APP_ORGANIZERS="+names) }
	return []wrongSetting{
		{name: "nothing", check: "It does not say when the secret expires", serve: starts},
		{name: "Graph's address with its version", changes: []string{"GRAPH_URL=$MICROSOFT/v1.0/"}, check: "asked for a token", serve: starts},
		{name: "certificate", changes: certificate, registered: "certificate.pem", check: "accepts the certificate", serve: starts},
		{name: "organizers", changes: organizers("priya@contoso.example"), check: "cover all of them", serve: starts},

		{name: "tenant of another directory", changes: []string{"TENANT_ID=5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f"}, check: "Nobody could sign in", status: 2, serve: starts, logged: true},
		{name: "tenant that does not exist", between: respond(wellKnown, 400, "application/json", `{"error":"invalid_tenant","error_codes":[90002]}`), check: "knows no such directory (invalid_tenant AADSTS90002)", status: 2, serve: starts, logged: true},
		{name: "client ID unknown", changes: []string{"CLIENT_ID=5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f"}, check: "AADSTS700016", status: 2, serve: starts, logged: true},
		{name: "client secret wrong", changes: []string{"CLIENT_SECRET=wrong"}, check: "The client secret is wrong (invalid_client AADSTS7000215).", status: 2, serve: starts, logged: true},
		{name: "secret's ID instead of its value", changes: []string{"CLIENT_SECRET=5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f"}, check: "looks like the ID of a secret", status: 2, serve: starts, logged: true},
		{name: "secret expired", between: entraRefuses("invalid_client", "7000222"), check: "has expired (invalid_client AADSTS7000222)", status: 2, serve: starts, logged: true},
		{name: "application disabled", between: entraRefuses("unauthorized_client", "7000112"), check: "The application is disabled", status: 1, serve: starts, logged: true},
		{name: "client refused in a way that is not Entra's", between: respond("/token", 401, "application/json", `{"error":"invalid_client"}`), check: "refuses the client (invalid_client)", status: 2, serve: starts, logged: true},
		{name: "certificate not registered", changes: certificate, check: "does not accept the certificate (invalid_client AADSTS700027)", status: 2, serve: starts, logged: true},
		{name: "certificate expired", changes: []string{"CLIENT_SECRET", "CLIENT_CERTIFICATE_FILE=$FOLDER/expired.pem", "CLIENT_KEY_FILE=$FOLDER/key.pem"}, check: "It expired on", status: 2, serve: starts, logged: true},
		{name: "certificate expires soon", changes: []string{"CLIENT_SECRET", "CLIENT_CERTIFICATE_FILE=$FOLDER/soon.pem", "CLIENT_KEY_FILE=$FOLDER/key.pem"}, registered: "soon.pem", check: "in 9 days", serve: starts, logged: true},
		{name: "provider without certificates", changes: certificate, between: withMetadata("token_endpoint_auth_methods_supported", []string{"client_secret_post"}), check: "does not offer private_key_jwt", status: 2, serve: starts, logged: true},

		{name: "issuer with a slash", changes: []string{"ISSUER=$ISSUER/"}, check: "with a slash at the end", status: 2, serve: starts, logged: true},
		{name: "issuer without its slash", between: withMetadata("issuer", "$ISSUER/"), check: "Add a slash at the end", status: 2, serve: starts},
		{name: "issuer with the tenant's domain", changes: []string{"ISSUER=$MICROSOFT/contoso.example/v2.0"}, check: "write the directory (tenant) ID instead", status: 2, serve: starts},
		{name: "issuer for all organizations", changes: []string{"ISSUER=$MICROSOFT/organizations/v2.0"}, check: "for the accounts of all organizations", status: 2, serve: starts, logged: true},
		{name: "issuer in another case", changes: []string{"ISSUER=$MICROSOFT/" + strings.ToUpper(emulator.DefaultTenant) + "/v2.0"}, check: "Uppercase and lowercase", status: 2, serve: starts, logged: true},
		{name: "issuer of version 1 tokens", between: withMetadata("issuer", "https://sts.windows.net/"+emulator.DefaultTenant+"/"), check: "the issuer of version 1 tokens", status: 2, serve: starts, logged: true},
		{name: "issuer at the wrong path", changes: []string{"ISSUER=$MICROSOFT/" + emulator.DefaultTenant}, check: "no OpenID Connect document", status: 2, serve: starts, logged: true},
		{name: "provider down", changes: []string{"ISSUER=http://$FREE/tenant/v2.0"}, check: "connection refused", status: 1, serve: starts, logged: true},
		{name: "provider behind a web filter", between: respond(wellKnown, 200, "text/html", portal), check: "Welcome to the guest network", status: 1, serve: starts, logged: true},
		{name: "provider behind a filter that sends JSON", between: respond(wellKnown, 200, "application/json", `{"status":"blocked","by":"filter"}`), check: "blocked", status: 1, serve: starts, logged: true},
		{name: "provider behind a filter that redirects", between: respond(wellKnown, 302, "text/html", portal), check: "status 302", status: 1, serve: starts, logged: true},
		{name: "provider fails", between: respond(wellKnown, 503, "text/plain", "try later"), check: "status 503", status: 1, serve: starts, logged: true},
		{name: "provider with an untrusted certificate", prepare: untrustedIssuer, check: "certificate is not trusted", status: 1, serve: starts, logged: true},
		{name: "emulator not allowed", changes: []string{"ALLOW_EMULATOR"}, check: "This is meetdesk’s emulator", status: 2, serve: 2},
		{name: "directory of another cloud", between: withMetadata("msgraph_host", "dod-graph.microsoft.us"), check: "this directory uses dod-graph.microsoft.us", status: 2, serve: starts, logged: true},
		{name: "token endpoint behind a filter", between: respond("/token", 200, "text/html", portal), check: "could not be tried", serve: starts},
		{name: "redirect URI not registered", changes: []string{"URL=http://localhost:1"}, check: "The provider does not know it", status: 2, serve: starts, logged: true},
		{name: "page that does not tell", between: respond("/authorize", 200, "text/html", "<p>Sign in"), check: "a page that does not say", serve: starts},
		{name: "Entra's page for a redirect URI", between: respond("/authorize", 200, "text/html", "<p>AADSTS50011: The redirect URI …"), check: "The provider does not know it (AADSTS50011)", status: 2, serve: starts},

		{name: "clock ten minutes ahead", prepare: clockAhead(-10 * time.Minute), check: "ahead", status: 1, serve: starts, logged: true},
		{name: "clock ten minutes behind", prepare: clockAhead(10 * time.Minute), check: "behind", status: 1, serve: starts, logged: true},
		{name: "clock a minute ahead", prepare: clockAhead(-time.Minute), check: "ahead: ", serve: starts, logged: true},

		{name: "Graph down", changes: []string{"GRAPH_URL=http://$FREE"}, check: "Graph cannot be reached", status: 1, serve: starts, logged: true},
		{name: "Graph's address of another server", changes: []string{"GRAPH_URL=$MICROSOFT/other"}, check: "Graph is not there", status: 2, serve: starts, logged: true},
		{name: "Graph behind a web filter", between: respond("/v1.0/me", 200, "text/html", portal), check: "Something other than Microsoft Graph", status: 1, serve: starts, logged: true},
		{name: "Graph behind a proxy that asks for a password", between: respond("/v1.0/me", 401, "text/html", "<h1>Proxy"), check: "Something other than Microsoft Graph", status: 1, serve: starts, logged: true},
		{name: "Graph's refusal without its document", between: respond("/v1.0/me", 401, "application/json", `{"error":"InvalidAuthenticationToken"}`), check: "Something other than Microsoft Graph", status: 1, serve: starts, logged: true},
		{name: "scope missing", changes: []string{"SCOPES=openid profile offline_access User.Read"}, check: "needs OnlineMeetings.ReadWrite as well", serve: starts, logged: true},
		{name: "refresh not requested", changes: []string{"SCOPES=openid profile User.Read OnlineMeetings.ReadWrite"}, check: "needs offline_access as well", serve: starts, logged: true},

		{name: "second application's secret wrong", changes: append(organizers("priya@contoso.example"), "APP_CLIENT_SECRET=wrong"), check: "MEETDESK_APP_CLIENT_SECRET", status: 2, serve: starts},
		{name: "second application unknown", changes: append(organizers("priya@contoso.example"), "APP_CLIENT_ID=5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f"), check: "MEETDESK_APP_CLIENT_ID", status: 2, serve: starts},
		{name: "organizer who does not exist", changes: organizers("nobody@contoso.example"), check: "The directory does not have", status: 2, serve: starts, logged: true},
		{name: "organizer without an access policy", changes: organizers("tomas@contoso.example"), check: "No application access policy covers", status: 1, serve: starts, logged: true},
		{name: "organizer with an ID that nobody has", changes: organizers("5d2f7ba0-5b1c-4c0e-9d6f-1a2b3c4d5e6f"), check: "The directory does not have", status: 2, serve: starts, logged: true},
		{name: "second application without access to people", changes: organizers("priya@contoso.example"), between: respond("/users/priya@contoso.example", 403, "application/json", `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges","innerError":{"request-id":"x"}}}`), check: "may not find people by name", status: 1, serve: starts, logged: true},
		{name: "second application without its permission", changes: organizers(emutest.Person("priya@contoso.example").ObjectID), between: respond("/onlineMeetings", 403, "application/json", `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges","innerError":{"request-id":"x"}}}`), check: "lacks OnlineMeetings.ReadWrite.All", status: 1, serve: starts, logged: true},

		{name: "ticket pattern that lost its backslash", changes: []string{"TICKET_PATTERN=^INCd{7}$"}, check: "a backslash may have been lost", serve: starts, logged: true},
		{name: "ticket pattern without an example", changes: []string{"TICKET_PATTERN=^INC[0-9]{7}$"}, check: "there is no example", serve: starts, logged: true},
		{name: "no backups", check: "meetdesk makes no backups", serve: starts, logged: true},
		{name: "old backup", prepare: oldBackup, check: "The last one is 36", serve: starts},
		{name: "misspelled name", changes: []string{"TICKET_PATERN=x"}, check: "does not know MEETDESK_TICKET_PATERN", serve: starts, logged: true},

		{name: "data directory is a file", changes: []string{"DATA=$FOLDER/empty"}, check: "It is a file", status: 2, serve: 2},
		{name: "data directory cannot be created", changes: []string{"DATA=/proc/meetdesk/data"}, check: "does not exist and cannot be created", status: 2, serve: 2},
		{name: "data directory below a file", changes: []string{"DATA=$FOLDER/empty/data"}, check: "does not exist and cannot be created", status: 2, serve: 2},
		{name: "data directory with too long a name", changes: []string{"DATA=$FOLDER/" + strings.Repeat("x", 300)}, check: "does not exist and cannot be created", status: 2, serve: 2},
		{name: "data directory that is a link to nothing", prepare: link("nothing"), check: "does not exist and cannot be created", status: 2, serve: 2},
		{name: "data directory that is a link to itself", prepare: link("link"), check: "does not exist and cannot be created", status: 2, serve: 2},
		{name: "data directory in a new folder", prepare: func(x *trial) { x.values["DATA"] = x.t.TempDir() + "/new/data" }, check: "does not exist yet and will be created", serve: starts},
		{name: "data directory open to others", prepare: chmod(0o755), check: "mode 0755", serve: starts, logged: true},
		{name: "data directory of the demo", prepare: file("demo.json", "{}"), check: "belongs to the demo", status: 2, serve: 2},
		{name: "database empty", prepare: file("meetdesk.db", ""), check: "is empty, with 0 bytes", status: 1, serve: 1},
		{name: "database that is none", prepare: file("meetdesk.db", "this is a letter, not a database"), check: "is not a database", status: 1, serve: 1},
		{name: "port in use", prepare: occupy, check: "Another program uses it", status: 1, serve: 1},
		{name: "port of the metrics in use", prepare: occupyMetrics, check: "change MEETDESK_METRICS_ADDR", status: 1, serve: 1},
		{name: "no trusted proxy in front of https", changes: []string{"URL=https://localhost:1"}, between: respond("/authorize", 200, "text/html", "…"), check: "No proxy is trusted", serve: starts, logged: true},
		{name: "address of another machine", changes: []string{"ADDR=192.0.2.1:8080"}, check: "It cannot be used", status: 1, serve: 1},
		{name: "certificate of the address expired", prepare: expiredAddress, check: "It expired on", status: 2, serve: starts, logged: true},
		{name: "address that cannot be reached", changes: []string{"URL=https://localhost:1"}, between: respond("/authorize", 200, "text/html", "…"), check: "If people can open the address, ignore this line", serve: starts},
	}
}
