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
// invalid, nothing changes, and the log contains the reason.
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
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
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
