package selfcheck

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/pem"
	"io"
	"io/fs"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"meetdesk/auth"
	"meetdesk/store"
	"meetdesk/store/sqlitedb"
	"meetdesk/testenv"
)

var now = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// trusted is a server whose certificate this process trusts. The certificate is for
// 127.0.0.1 and example.com.
var trusted *httptest.Server

func TestMain(m *testing.M) {
	trusted = httptest.NewTLSServer(http.NotFoundHandler())
	file, err := os.CreateTemp("", "meetdesk-roots-")
	if err != nil {
		panic(err)
	}
	if err := pem.Encode(file, &pem.Block{Type: "CERTIFICATE", Bytes: trusted.Certificate().Raw}); err != nil {
		panic(err)
	}
	file.Close()
	os.Setenv("SSL_CERT_FILE", file.Name()) // read when a certificate is first verified
	status := m.Run()
	os.Remove(file.Name())
	os.Exit(status)
}

// found joins the states, names, outcomes and settings of the lines, as in "wrong
// folder.file DATA".
func found(lines []Line) string {
	var parts []string
	for _, l := range lines {
		parts = append(parts, strings.TrimSpace(string(l.State)+" "+l.Name+"."+l.Outcome+" "+strings.TrimPrefix(l.Setting, Prefix)))
	}
	return strings.Join(parts, ", ")
}

// TestOutcomes covers the checks that need neither the provider nor Graph.
func TestOutcomes(t *testing.T) {
	folder, shared, file := private(t), private(t), filepath.Join(t.TempDir(), "file")
	write(file)
	if err := os.Chmod(shared, 0o755); err != nil {
		t.Fatal(err)
	}
	expired := auth.New(auth.Config{Credential: auth.Credential{Certificate: &auth.Certificate{Leaf: dated(-2, -1)}}})
	valid := auth.New(auth.Config{Credential: auth.Credential{Certificate: &auth.Certificate{Leaf: dated(-2, 365)}}})
	check := func(do func(*Desk, context.Context) []Line, d Desk) string {
		d.Now = func() time.Time { return now }
		return found(do(&d, t.Context()))
	}
	for _, tt := range []struct{ name, got, want string }{
		{"no pattern", check((*Desk).checkTicket, Desk{}), "ok ticket.any"},
		{"pattern with an example", check((*Desk).checkTicket, Desk{Pattern: "^INCd{7}$", Example: "INCddddddd"}), "ok ticket.ok"},
		{"pattern without its backslash", check((*Desk).checkTicket, Desk{Pattern: "^INCd{7}$"}), "warning ticket.backslash TICKET_PATTERN"},
		{"pattern without an example", check((*Desk).checkTicket, Desk{Pattern: "^INC[0-9]{7}$"}), "warning ticket.no_example TICKET_EXAMPLE"},

		{"folder", first(check((*Desk).checkFolder, Desk{Data: folder})), "ok folder.ok"},
		{"folder open to others", first(check((*Desk).checkFolder, Desk{Data: shared})), "warning folder.open"},
		{"folder is a file", check((*Desk).checkFolder, Desk{Data: file}), "wrong folder.file DATA"},
		{"folder below a file", check((*Desk).checkFolder, Desk{Data: filepath.Join(file, "data")}), "wrong folder.absent DATA"},
		{"new folder", first(check((*Desk).checkFolder, Desk{Data: filepath.Join(folder, "new")})), "ok folder.new"},
		{"folder on a full disk", found([]Line{unusable(Line{Name: "folder", Args: map[string]any{}}, syscall.ENOSPC, "permission")}), "wrong folder.full"},
		{"folder without permission", found([]Line{unusable(Line{Name: "folder", Args: map[string]any{}}, fs.ErrPermission, "permission")}), "wrong folder.permission DATA"},
		{"folder on a read-only disk", found([]Line{unusable(Line{Name: "folder", Args: map[string]any{}}, syscall.EROFS, "permission")}), "wrong folder.unwritable"},

		{"database that the desk has opened", check((*Desk).checkDatabase, Desk{Data: damaged(t), Opened: opened(t, nil)}), "ok database.ok"}, // the file at Data is not opened
		{"large database that the desk has opened", check((*Desk).checkDatabase, Desk{Opened: opened(t, nil), ReadLimit: time.Nanosecond}), "ok database.partly"},
		{"damage in the database that the desk has opened", check((*Desk).checkDatabase, Desk{Opened: opened(t, damagePages)}), "wrong database.damaged"},
		{"database that another program has upgraded", check((*Desk).checkDatabase, Desk{Opened: opened(t, upgrade)}), "unknown database.error"},
		{"database in a file", check((*Desk).checkDatabase, Desk{Data: file}), ""},
		{"no database", check((*Desk).checkDatabase, Desk{Data: folder}), "ok database.new"},
		{"damaged database", check((*Desk).checkDatabase, Desk{Data: damaged(t)}), "wrong database.damaged"},
		{"database", check((*Desk).checkDatabase, Desk{Data: database(t, ``)}), "ok database.ok"},
		{"older database", check((*Desk).checkDatabase, Desk{Data: database(t, `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)}), "warning database.older"},
		{"newer database", check((*Desk).checkDatabase, Desk{Data: database(t, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1); INSERT INTO upgrades (schema, program, at) VALUES (9999, '9.9.9', 0)`)}), "wrong database.newer"},
		{"database of another program", check((*Desk).checkDatabase, Desk{Data: database(t, `DROP TABLE goose_db_version`)}), "unknown database.error"},
		{"database that is a folder", check((*Desk).checkDatabase, Desk{Data: databaseFolder(t)}), "unknown database.error"},
		{"large database", check((*Desk).checkDatabase, Desk{Data: database(t, ``), ReadLimit: time.Nanosecond}), "ok database.partly"},

		{"disk without space", found([]Line{(&Desk{}).disk("/proc")}), "wrong disk.full"}, // /proc reports no free space
		{"disk that is gone", found([]Line{(&Desk{}).disk(filepath.Join(folder, "none"))}), "unknown disk.error"},

		{"no folder for backups", check((*Desk).checkBackups, Desk{}), "warning backup.none BACKUP_DIR"},
		{"folder for backups missing", check((*Desk).checkBackups, Desk{Backups: filepath.Join(folder, "none")}), "unknown backup.error"},
		{"no backup", check((*Desk).checkBackups, Desk{Backups: folder}), "warning backup.never"},
		{"backup of today", check((*Desk).checkBackups, Desk{Backups: backups(t, "meetdesk-20261201T023000Z.db")}), "ok backup.ok"},
		{"backup of the day before yesterday", check((*Desk).checkBackups, Desk{Backups: backups(t, "meetdesk-20261129T023000Z.db")}), "warning backup.old"},

		{"address of this machine", check((*Desk).checkAddress, Desk{URL: "http://localhost:1"}), "ok address.local"},
		{"address", check((*Desk).checkAddress, Desk{URL: trusted.URL}), "ok address.ok"},
		{"address with another name", check((*Desk).checkAddress, Desk{URL: strings.Replace(trusted.URL, "127.0.0.1", "localhost", 1)}), "wrong address.host URL"},
		{"address without a server", check((*Desk).checkAddress, Desk{URL: "https://" + testenv.FreeAddress(t)}), "unknown address.unreachable"},
		{"address with an unknown authority", check((*Desk).checkAddress, Desk{URL: selfSigned(t, 2099)}), "warning address.untrusted"},
		{"address with an expired certificate", check((*Desk).checkAddress, Desk{URL: selfSigned(t, 2025)}), "wrong address.expired"},
		{"expired client certificate", check((*Desk).checkCertificates, Desk{Auth: expired}), "wrong certificate.expired CLIENT_CERTIFICATE_FILE"},
		{"client certificate", check((*Desk).checkCertificates, Desk{Auth: valid}), "ok certificate.ok"},
		{"certificate of tomorrow", found([]Line{dates(dated(1, 2))}), "wrong certificate.early"},
		{"certificate that expires in a week", found([]Line{dates(dated(-1, 7))}), "warning certificate.soon"},

		{"no address to listen on", check((*Desk).checkListen, Desk{}), ""},
		{"free address", check((*Desk).checkListen, Desk{Listen: testenv.FreeAddress(t)}), "ok listen.free"},
		{"a desk on all addresses", check((*Desk).checkListen, Desk{Listen: healthy(t, "ok")}), "ok listen.running"},
		{"another program", check((*Desk).checkListen, Desk{Listen: healthy(t, "fine")}), "wrong listen.taken"},
		{"address of another machine", check((*Desk).checkListen, Desk{Listen: "192.0.2.1:0"}), "wrong listen.unusable"},
		{"metrics at another machine's address", check((*Desk).checkListen, Desk{Listen: testenv.FreeAddress(t), Metrics: "192.0.2.1:0"}), "ok listen.free, wrong listen.unusable"},

		{"granted scopes", found([]Line{Scopes([]string{"openid", "User.Read"}, []string{"https://graph.microsoft.com/user.read"})}), "ok scopes.ok"},
		{"a scope is not granted", found([]Line{Scopes([]string{"openid", "User.Read"}, []string{"openid"})}), "wrong scopes.missing"},
		{"nobody is signed in", found([]Line{Scopes([]string{"openid", "User.Read"}, nil)}), "unknown scopes.nobody"},
		{"scopes", found(Requested([]string{"openid", "offline_access", "https://graph.microsoft.com/OnlineMeetings.ReadWrite"})), ""},
		{"scopes without the meetings", found(Requested([]string{"openid", "offline_access"})), "warning requested.missing SCOPES"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestDiskForAnUpgrade(t *testing.T) {
	folder := private(t)
	free, err := sqlitedb.FreeDisk(folder)
	if err != nil {
		t.Fatal(err)
	}
	d := Desk{Data: folder}
	if free < 2*lowSpace {
		t.Skip("the machine's disk is almost full")
	}
	if got := found([]Line{d.disk(folder)}); got != "ok disk.ok" {
		t.Errorf("without a database: %q", got)
	}
	if err := os.WriteFile(filepath.Join(folder, store.FileName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(folder, store.FileName), free); err != nil { // a sparse file
		t.Fatal(err)
	}
	if l := d.disk(folder); l.Outcome != "low" || l.State != Warning {
		t.Errorf("with a database as large as the free space: %s %s, want low", l.State, l.Outcome)
	}
}

// If the folder belongs to another user, the check cannot tell whether that user can use it.
func TestFolderOfAnotherUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root may give a folder away")
	}
	folder := private(t)
	if err := os.Chown(folder, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	if got := first(found((&Desk{Data: folder}).checkFolder(t.Context()))); got != "unknown folder.other_user" {
		t.Errorf("found %q", got)
	}
}

func first(text string) string {
	text, _, _ = strings.Cut(text, ", ")
	return text
}

func private(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}

func damaged(t *testing.T) string {
	folder := private(t)
	if err := os.WriteFile(filepath.Join(folder, store.FileName), []byte("noise"), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// database creates a database, runs the statement on it, and returns the data directory.
func database(t *testing.T, statement string) string {
	t.Helper()
	folder := private(t)
	s, err := store.Open(t.Context(), store.Options{Dir: folder, Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(folder, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	return folder
}

// opened opens a new database. If then is not nil, opened calls it with the path of the
// database file.
func opened(t *testing.T, then func(t *testing.T, path string)) *store.Store {
	t.Helper()
	folder := private(t)
	s, err := store.Open(t.Context(), store.Options{Dir: folder, Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if then != nil {
		then(t, filepath.Join(folder, store.FileName))
	}
	return s
}

func damagePages(t *testing.T, path string) {
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt(bytes.Repeat([]byte("noise"), len(content)/10), int64(len(content)/2)); err != nil {
		t.Fatal(err)
	}
}

func upgrade(t *testing.T, path string) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
}

// databaseFolder returns a data directory that contains a folder in place of the database
// file.
func databaseFolder(t *testing.T) string {
	t.Helper()
	folder := private(t)
	if err := os.Mkdir(filepath.Join(folder, store.FileName), 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}

// selfSigned starts a server with an untrusted certificate that expires at the beginning
// of the given year. It returns the server's URL.
func selfSigned(t *testing.T, year int) string {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

func backups(t *testing.T, name string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// dated returns a certificate with the given validity period, in days from now.
func dated(from, until int) *x509.Certificate {
	return &x509.Certificate{NotBefore: now.AddDate(0, 0, from), NotAfter: now.AddDate(0, 0, until)}
}

func dates(c *x509.Certificate) Line {
	d := Desk{Now: func() time.Time { return now }}
	return d.dates(Line{Name: "certificate", Args: map[string]any{}}, c)
}

// healthy starts a server that listens on all addresses and responds with the text. It
// returns the address without a host, such as ":8080".
func healthy(t *testing.T, text string) string {
	t.Helper()
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, text) })}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return ":" + port
}
