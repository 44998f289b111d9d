package selfcheck

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/store/postgresdb"
	"meetdesk/store/sqlitedb"
	"meetdesk/testenv"
)

func TestCausesInPortuguese(t *testing.T) {
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	dial := func(network, address string) error {
		_, err := net.DialTimeout(network, address, time.Second)
		return err
	}
	dialTLS := func(server *httptest.Server, config *tls.Config) error {
		_, err := tls.Dial("tcp", server.Listener.Addr().String(), config)
		return err
	}
	trusting := secure.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	trusting.ServerName = "meet.example.org"
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"closed port", dial("tcp", testenv.FreeAddress(t)), "a conexão foi recusada (dial tcp "},
		{"address of another machine", listen("192.0.2.1:0"), "o endereço não é desta máquina (listen tcp "},
		{"missing file", open(filepath.Join(folder, "none")), "o arquivo ou a pasta não existe (open "},
		{"below a file", open(filepath.Join(file, "none")), "uma parte do caminho não é uma pasta (open "},
		{"full disk", write("/dev/full"), "não há espaço livre (write "},
		{"no permission", os.ErrPermission, "falta a permissão (permission denied)"},
		{"late", os.ErrDeadlineExceeded, "não houve resposta a tempo (i/o timeout)"},
		{"unknown host", &net.DNSError{Err: "no such host", Name: "none.invalid", IsNotFound: true}, "nenhum endereço é conhecido para o host (lookup none.invalid"},
		{"unknown authority", dialTLS(secure, &tls.Config{RootCAs: x509.NewCertPool()}), "o certificado é de uma autoridade desconhecida (tls: "},
		{"other name", dialTLS(secure, trusting), "o certificado é de outro nome (tls: "},
		{"no TLS", dialTLS(plain, new(tls.Config)), "o servidor não oferece TLS (tls: "},
		{"damaged", &sqlitedb.DamagedError{What: "x is empty"}, "o arquivo está danificado, e nada foi alterado (x is empty"},
		{"no database", &postgresdb.OpenError{Kind: "no_database"}, "o banco de dados não existe ("},
		{"unexpected", io.ErrClosedPipe, io.ErrClosedPipe.Error()},
	} {
		found := Line{Name: "database", Outcome: "error", Args: meeting.Args{"Path": "x", "Error": tt.err}}.In(catalogue.Printer("pt-BR")).Found
		if !strings.HasPrefix(found, "Não foi possível ler: "+tt.want) {
			t.Errorf("%s: %s\nwant %s", tt.name, found, tt.want)
		}
	}
}

func open(path string) error {
	_, err := os.Open(path)
	return err
}

func write(path string) error {
	return os.WriteFile(path, []byte("x"), 0o600)
}

func listen(address string) error {
	_, err := net.Listen("tcp", address)
	return err
}

func TestCausesHaveSentences(t *testing.T) {
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range systemCauses {
		if !catalogue.Printer("en").Has("cause." + c.name) {
			t.Errorf("no sentence for %v", c.err)
		}
	}
}
