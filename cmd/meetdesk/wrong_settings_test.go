package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/command"
	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/locale"
	"meetdesk/server"
	"meetdesk/testenv"
)

// mistakes returns all configurations to test and the folder that contains the files they
// refer to.
func mistakes(t *testing.T) (rows []wrongSetting, folder string) {
	t.Helper()
	if rows = append(misconfigured(), undetected()...); len(rows) < 69 {
		t.Fatalf("only %d rows", len(rows))
	}
	return rows, trialFiles(t)
}

func TestCheckFindsWrongSettings(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	rows, folder := mistakes(t)
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range rows {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			err := checkEnvironment(t.Context(), newTrial(t, folder, tt).environ(), catalogue.Printer("en"), false, &out)
			found := out.String()
			if err != nil {
				found += err.Error()
			}
			if status := command.Status(err); status != tt.status || !strings.Contains(found, tt.check) {
				t.Errorf("status %d, want %d and %q:\n%s", status, tt.status, tt.check, found)
			}
			if strings.Contains(found, "⟦") || strings.Contains(found, "<no value>") {
				t.Errorf("a sentence is incomplete:\n%s", found)
			}
		})
	}
}

// "meetdesk serve" reports a mistake in its error message or, if it starts, in its log. Some
// mistakes are reported only by "meetdesk check".
func TestServeSaysWhatIsWrong(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	rows, folder := mistakes(t)
	for _, tt := range rows {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.serve != command.Usage {
				testenv.SkipUnlessLong(t) // serve creates a database, which is slow
			}
			status, text := serveOnce(t, newTrial(t, folder, tt).environ())
			if status != tt.serve || tt.logged && !strings.Contains(text, tt.check) {
				t.Errorf("status %d, want %d and %q:\n%s", status, tt.serve, tt.check, text)
			}
			if tt.serve == command.Usage && !strings.Contains(text, envPrefix) {
				t.Errorf("no setting is named:\n%s", text)
			}
		})
	}
}

// trial is a valid configuration to which a row adds its mistake. It has its own emulator
// unless the row is plain.
type trial struct {
	t        *testing.T
	emulator *emulator.Emulator
	server   *httptest.Server
	data     string
	folder   string // the folder that trialFiles returned
	values   map[string]string
}

func newTrial(t *testing.T, folder string, row wrongSetting) *trial {
	t.Helper()
	if row.plain {
		x := &trial{t: t, folder: folder, values: map[string]string{
			"URL": "http://localhost:1", "DATA": folder, "TENANT_ID": emulator.DefaultTenant, "CLIENT_ID": emulator.DefaultClientID, "CLIENT_SECRET": "secret",
			"SESSION_KEYS": goodKey, "ISSUER": "http://localhost:1", "ALLOW_EMULATOR": "1",
		}}
		x.spoil(row)
		return x
	}
	x := &trial{t: t, server: httptest.NewUnstartedServer(nil), data: t.TempDir(), folder: folder}
	if err := os.Chmod(x.data, 0o700); err != nil {
		t.Fatal(err)
	}
	address := testenv.FreeAddress(t)
	site := "http://" + strings.Replace(address, "127.0.0.1", "localhost", 1)
	options := emulator.Options{
		URL: "http://" + x.server.Listener.Addr().String(), ClientSecret: "secret", Key: emutest.Key(), RedirectURIs: []string{site + "/auth/callback"},
	}
	emutest.WithApp(&options)
	if row.registered != "" {
		options.ClientCertificates = []*x509.Certificate{x.certificate(row.registered)}
	}
	var err error
	if x.emulator, err = emulator.New(options); err != nil {
		t.Fatal(err)
	}
	between := &unreliable{next: x.emulator}
	if row.between != nil {
		between.set(row.between)
	}
	x.server.Config.Handler = between
	x.server.Start()
	t.Cleanup(x.server.Close)
	x.values = map[string]string{
		"URL": site, "ADDR": address, "DATA": x.data, "TENANT_ID": emulator.DefaultTenant, "CLIENT_ID": emulator.DefaultClientID, "CLIENT_SECRET": "secret",
		"SESSION_KEYS": goodKey, "ISSUER": x.emulator.Issuer(), "GRAPH_URL": x.server.URL, "ALLOW_EMULATOR": "1",
	}
	x.spoil(row)
	return x
}

// spoil applies the row's mistake to the configuration and replaces placeholders such as
// $FOLDER in the row's values.
func (x *trial) spoil(row wrongSetting) {
	x.t.Helper()
	places := []string{"$FOLDER", x.folder}
	if !row.plain {
		places = append(places, "$MICROSOFT", x.server.URL, "$ISSUER", x.emulator.Issuer(), "$FREE", testenv.FreeAddress(x.t))
	}
	fill := strings.NewReplacer(places...)
	for _, change := range row.changes {
		name, value, set := strings.Cut(change, "=")
		delete(x.values, name)
		if set {
			x.values[name] = fill.Replace(value)
		}
	}
	if row.prepare != nil {
		row.prepare(x)
	}
}

func (x *trial) environ() (environ []string) {
	for _, name := range slices.Sorted(maps.Keys(x.values)) {
		environ = append(environ, envPrefix+name+"="+x.values[name])
	}
	return environ
}

func (x *trial) certificate(name string) *x509.Certificate {
	x.t.Helper()
	pair, err := tls.LoadX509KeyPair(filepath.Join(x.folder, name), filepath.Join(x.folder, "key.pem"))
	if err != nil {
		x.t.Fatal(err)
	}
	return pair.Leaf
}

// trialFiles writes the files that the rows refer to and returns the path of their folder,
// which replaces $FOLDER.
func trialFiles(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	key, now := emutest.CertificateKey(), time.Now()
	_, certificate, keyText := emutest.Certificate(t, key, now.AddDate(1, 0, 0))
	_, soon, _ := emutest.Certificate(t, key, now.Add(10*24*time.Hour-time.Minute))
	_, expired, _ := emutest.Certificate(t, key, now.AddDate(0, 0, -1))
	otherKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, _, other := emutest.Certificate(t, otherKey, now.AddDate(1, 0, 0))
	locked := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")})
	for name, text := range map[string][]byte{
		"empty": nil, "certificate.pem": certificate, "key.pem": keyText, "soon.pem": soon, "expired.pem": expired, "other.pem": other, "locked.pem": locked,
		"certificate.pfx": {0x30, 0x82, 0x01},
		"quoted":          []byte("\"secret\"\n"), "setting": []byte("MEETDESK_CLIENT_SECRET=secret\n"), "two lines": []byte("secret\nold\n"), "marked": []byte("\ufeffsecret"),
	} {
		write(t, filepath.Join(folder, name), text)
	}
	return folder
}

// respond returns a handler for requests whose path ends with the suffix. For any other
// request, the handler returns false.
func respond(suffix string, status int, contentType, body string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, suffix) {
			return false
		}
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		io.WriteString(w, body)
		return true
	}
}

const (
	wellKnown = "/.well-known/openid-configuration"
	portal    = "<!DOCTYPE html><title>Welcome to the guest network</title>"
)

// entraRefuses returns a handler that refuses token requests with an Entra error.
func entraRefuses(name, number string) func(http.ResponseWriter, *http.Request) bool {
	return respond("/token", http.StatusUnauthorized, "application/json", `{"error":"`+name+`","error_description":"AADSTS`+number+`: …","error_codes":[`+number+`]}`)
}

// withMetadata returns a handler that serves the provider's metadata with one member
// changed. $ISSUER in the value is replaced with the provider's issuer.
func withMetadata(name string, value any) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, wellKnown) || r.Header.Get("X-Pass") != "" {
			return false
		}
		inner, err := http.NewRequestWithContext(r.Context(), http.MethodGet, "http://"+r.Host+r.URL.Path, nil)
		if err != nil {
			panic(err)
		}
		inner.Header.Set("X-Pass", "1")
		response, err := http.DefaultClient.Do(inner)
		if err != nil {
			panic(err)
		}
		defer response.Body.Close()
		var document map[string]any
		if err := json.NewDecoder(response.Body).Decode(&document); err != nil {
			panic(err)
		}
		if text, ok := value.(string); ok {
			value = strings.ReplaceAll(text, "$ISSUER", document["issuer"].(string))
		}
		document[name] = value
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(document)
		return true
	}
}

// clockAhead returns a function that sets Microsoft's clock ahead by the given duration,
// or back if the duration is negative.
func clockAhead(by time.Duration) func(*trial) {
	return func(x *trial) { x.emulator.SetClockAhead(by) }
}

func untrustedIssuer(x *trial) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	x.t.Cleanup(server.Close)
	x.values["ISSUER"] = server.URL
}

func expiredAddress(x *trial) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(x.folder, "expired.pem"), filepath.Join(x.folder, "key.pem"))
	if err != nil {
		x.t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	server.StartTLS()
	x.t.Cleanup(server.Close)
	x.values["URL"] = strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}

func occupy(x *trial) { listen(x, x.values["ADDR"]) }

func occupyMetrics(x *trial) {
	x.values["METRICS_ADDR"] = testenv.FreeAddress(x.t)
	listen(x, x.values["METRICS_ADDR"])
}

func listen(x *trial, addr string) {
	x.t.Helper()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		x.t.Fatal(err)
	}
	server := &http.Server{Handler: http.NotFoundHandler()}
	go server.Serve(listener)
	x.t.Cleanup(func() { server.Close() })
}

func file(name, text string) func(*trial) {
	return func(x *trial) { write(x.t, filepath.Join(x.data, name), []byte(text)) }
}

func chmod(mode os.FileMode) func(*trial) {
	return func(x *trial) {
		if err := os.Chmod(x.data, mode); err != nil {
			x.t.Fatal(err)
		}
	}
}

func link(target string) func(*trial) {
	return func(x *trial) {
		x.values["DATA"] = filepath.Join(x.t.TempDir(), "link")
		if err := os.Symlink(target, x.values["DATA"]); err != nil {
			x.t.Fatal(err)
		}
	}
}

func oldBackup(x *trial) {
	folder := x.t.TempDir()
	write(x.t, filepath.Join(folder, "meetdesk-"+time.Now().AddDate(-1, 0, 0).UTC().Format("20060102T150405Z")+".db"), nil)
	x.values["BACKUP_DIR"] = folder
}

// serveOnce runs "meetdesk serve" until it listens and has checked its configuration, or
// until it exits. The status is the constant starts if it listens, and its exit status
// otherwise. The text contains the log and the error message.
func serveOnce(t *testing.T, environ []string) (status int, found string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, written := io.Pipe()
	listens := make(chan bool, 1)
	var logged text
	go func() {
		line := make([]byte, 1000)
		n, _ := out.Read(line)
		listens <- strings.Contains(string(line[:n]), "listening")
		for ctx.Err() == nil && !strings.Contains(logged.String(), checkEnded) {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	err := serveEnvironment(ctx, environ, nil, written, &logged)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Error("serve neither started nor ended in time")
	}
	written.Close()
	found = strings.ReplaceAll(logged.String(), `\"`, `"`) // the log escapes quotation marks
	if err != nil {
		return command.Status(err), found + err.Error()
	}
	if !<-listens {
		t.Error("serve ended without an error before it listened")
	}
	return starts, found
}

func (x *trial) app(c config) *server.App {
	x.t.Helper()
	a, err := server.New(x.t.Context(), c.settings(x.logger(io.Discard)))
	if err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { a.Close() })
	return a
}

func (x *trial) logger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
