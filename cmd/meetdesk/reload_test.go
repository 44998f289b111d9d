package main

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/paths"
	"meetdesk/testenv"
)

const otherKey = "YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODk="

// On SIGHUP, the desk reloads the secret files without signing users out. If a file is
// invalid, the desk keeps its current secrets and logs the reason.
func TestReload(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	x := newTrial(t, trialFiles(t), wrongSetting{registered: "certificate.pem"})
	dir := t.TempDir()
	put := func(name, content string) {
		t.Helper()
		write(t, filepath.Join(dir, name), []byte(content+"\n"))
		x.values[strings.ToUpper(name)+"_FILE"] = filepath.Join(dir, name)
		delete(x.values, strings.ToUpper(name))
	}
	put("client_secret", "secret")
	put("session_keys", goodKey)
	desk := start(t, x.environ(), "serve")
	desk.line("listening")
	site, err := url.Parse(x.values["URL"])
	if err != nil {
		t.Fatal(err)
	}
	signIn := func() *visitor {
		t.Helper()
		v := newVisitor(site)
		if err := v.SignIn(t.Context(), demo.Priya); err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := signIn()
	seen := 0
	reload := func(want string) {
		t.Helper()
		if err := desk.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(2 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
			log := desk.errors.String()[seen:]
			if strings.Contains(log, "reload") && strings.HasSuffix(log, "\n") {
				seen += len(log)
				if !strings.Contains(log, want) {
					t.Errorf("the log has no %q:\n%s", want, log)
				}
				break
			}
			if time.Now().After(end) {
				t.Fatalf("the signal had no effect:\n%s", log)
			}
		}
		if end, err := v.Do(t.Context(), http.MethodGet, paths.Home, nil); err != nil || end.Host != site.Host {
			t.Errorf("somebody who is signed in ended at %v, %v", end, err)
		}
		signIn()
	}
	reload(`"session keys changed"=false "client credential changed"=false`)
	put("session_keys", otherKey+","+goodKey)
	reload(`"session keys changed"=true`)
	put("session_keys", "c2hvcnQ=")
	reload("key 1 is wrong")
	put("session_keys", "")
	reload("is empty")
	put("session_keys", goodKey)
	reload("everybody would be signed out")
	put("session_keys", otherKey+","+goodKey)
	put("client_secret", "wrong")
	reload("The client secret is wrong (invalid_client AADSTS7000215)")
	put("client_secret", "secret")
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("status %d:\n%s", status, desk.errors)
	}
}

// A reload replaces the client secret with a certificate only if the provider accepts the
// certificate.
func TestReloadCertificate(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	x := newTrial(t, trialFiles(t), wrongSetting{registered: "certificate.pem"})
	c, err := readConfig(x.environ())
	if err != nil {
		t.Fatal(err)
	}
	var log text
	a := x.app(c)
	r := newReloader(nil, c, x.logger(&log))
	delete(x.values, "CLIENT_SECRET")
	x.values["CLIENT_CERTIFICATE_FILE"], x.values["CLIENT_KEY_FILE"] = filepath.Join(x.folder, "soon.pem"), filepath.Join(x.folder, "key.pem")
	r.environ = x.environ()
	r.reload(t.Context(), a)
	if a.Auth.Credential().Certificate != nil || !strings.Contains(log.String(), "does not accept the certificate") {
		t.Errorf("a certificate that is not registered:\n%s", log.String())
	}
	x.values["CLIENT_CERTIFICATE_FILE"] = filepath.Join(x.folder, "certificate.pem")
	r.environ = x.environ()
	r.reload(t.Context(), a)
	if a.Auth.Credential().Certificate == nil || !strings.Contains(log.String(), `"client credential changed"=true`) {
		t.Errorf("a certificate that is registered:\n%s", log.String())
	}
}

// A reload of unchanged systemd credentials logs that new secrets require a restart.
func TestReloadOfSystemdCredentials(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	x := newTrial(t, trialFiles(t), wrongSetting{registered: "certificate.pem"})
	copies := t.TempDir()
	put := func(secret string) { write(t, filepath.Join(copies, "client-secret"), []byte(secret+"\n")) }
	put("secret")
	delete(x.values, "CLIENT_SECRET")
	x.values["CLIENT_SECRET_FILE"] = "client-secret"
	environ := append(x.environ(), "CREDENTIALS_DIRECTORY="+copies)
	c, err := readConfig(environ)
	if err != nil {
		t.Fatal(err)
	}
	var log text
	r := newReloader(environ, c, x.logger(&log))
	a := x.app(c)
	r.reload(t.Context(), a)
	if !strings.Contains(log.String(), "restart meetdesk to use new ones") {
		t.Errorf("unchanged copies:\n%s", log.String())
	}
	var plain text
	x.values["CLIENT_SECRET_FILE"] = filepath.Join(copies, "client-secret")
	r.environ, r.log = x.environ(), x.logger(&plain)
	r.reload(t.Context(), a)
	if log := plain.String(); !strings.Contains(log, "read again") || strings.Contains(log, "restart") {
		t.Errorf("an unchanged file:\n%s", log)
	}
}
