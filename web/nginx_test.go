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
)

// behindNginx puts a real nginx in front of the site, which ends TLS. All that is
// set is where it listens and what it passes on: buffers and limits are as they
// come. Without nginx the test is skipped, unless PROGRAMS=required.
func behindNginx(s *siteSettings) {
	s.proxy = func(t *testing.T, upstream string) string {
		t.Helper()
		program, err := exec.LookPath("nginx")
		if err != nil {
			if os.Getenv("PROGRAMS") == "required" {
				t.Fatal("nginx is required and missing: Debian has it in nginx-light")
			}
			t.Skip("there is no nginx: Debian has it in nginx-light")
		}
		listener, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, port, _ := net.SplitHostPort(listener.Addr().String())
		listener.Close()
		folder := t.TempDir()
		writeCertificate(t, folder)
		config := fmt.Sprintf(nginxConfig, nginxUser(), folder, port, upstream)
		if err := os.WriteFile(filepath.Join(folder, "nginx.conf"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		nginx := exec.Command(program, "-p", folder, "-c", "nginx.conf", "-e", "stderr")
		said := new(desktest.Log)
		nginx.Stderr = said
		if err := nginx.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = nginx.Process.Signal(os.Interrupt)
			_ = nginx.Wait()
			if strings.Contains(said.String(), "too big header") {
				t.Errorf("nginx could not pass an answer on:\n%s", said.String())
			}
		})
		for range 200 {
			if c, err := net.Dial("tcp4", "127.0.0.1:"+port); err == nil {
				c.Close()
				return "https://localhost:" + port
			}
			time.Sleep(25 * time.Millisecond)
		}
		t.Fatalf("nginx does not answer:\n%s", said.String())
		return ""
	}
}

// nginxUser lets nginx read the test's folder where the test is run by root.
func nginxUser() string {
	if os.Getuid() == 0 {
		return "user root;"
	}
	return ""
}

const nginxConfig = `%[1]s
daemon off;
worker_processes 1;
pid %[2]s/pid;
error_log stderr warn;
events {}
http {
	access_log off;
	client_body_temp_path %[2]s/body;
	proxy_temp_path %[2]s/proxy;
	fastcgi_temp_path %[2]s/fastcgi;
	uwsgi_temp_path %[2]s/uwsgi;
	scgi_temp_path %[2]s/scgi;
	server {
		listen 127.0.0.1:%[3]s ssl;
		ssl_certificate %[2]s/certificate;
		ssl_certificate_key %[2]s/key;
		location / {
			proxy_pass %[4]s;
		}
	}
}
`

func writeCertificate(t *testing.T, folder string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, &about, &about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"certificate": {Type: "CERTIFICATE", Bytes: certificate}, "key": {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
