package web_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/testenv"
)

// behindNginx runs the site behind nginx, which terminates TLS and has its default buffer
// sizes and limits.
func behindNginx(s *siteSettings) {
	s.proxy = func(t testing.TB, upstream string) string {
		t.Helper()
		program := testenv.Program(t, "nginx", "nginx-light")
		port := testenv.FreePort(t)
		dir := t.TempDir()
		writeCertificate(t, dir)
		config := strings.NewReplacer("{dir}", dir).Replace(fmt.Sprintf(nginxConfig, nginxUser(), dir, port, upstream))
		if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		nginx := exec.Command(program, "-p", dir, "-c", "nginx.conf", "-e", "stderr")
		log := runProxy(t, nginx, port)
		t.Cleanup(func() {
			if strings.Contains(log.String(), "too big header") {
				t.Errorf("nginx refused a response:\n%s", log.String())
			}
		})
		return "https://localhost:" + port
	}
}

// runProxy starts a proxy, waits until it accepts connections, and stops it after the
// test. It returns a log that records the proxy's standard error.
func runProxy(t testing.TB, command *exec.Cmd, port string) *desktest.Log {
	t.Helper()
	log := new(desktest.Log)
	command.Stderr = log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
		if t.Failed() {
			t.Logf("%s:\n%s", command.Path, log.String())
		}
	})
	for range 400 {
		if c, err := net.Dial("tcp4", "127.0.0.1:"+port); err == nil {
			c.Close()
			return log
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("%s does not respond:\n%s", command.Path, log.String())
	return nil
}

// nginxUser returns nginx's user directive. If the test runs as root, nginx must also run
// as root to be able to read the test's directory.
func nginxUser() string {
	if os.Getuid() == 0 {
		return "user root;"
	}
	return ""
}

const nginxConfig = nginxHead + `	server {
		listen 127.0.0.1:%[3]s ssl;
		ssl_certificate %[2]s/certificate;
		ssl_certificate_key %[2]s/key;
		location / {
			proxy_pass %[4]s;
		}
	}
}
`

func writeCertificate(t testing.TB, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	encodedKey, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"certificate": {Type: "CERTIFICATE", Bytes: certificate}, "key": {Type: "PRIVATE KEY", Bytes: encodedKey}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
