package auth_test

import (
	"net/http"
	"testing"

	"meetdesk/auth"
)

// endless is a body that never ends. Its value is the number of bytes read so far.
type endless int

func (e *endless) Read(p []byte) (int, error) {
	*e += endless(len(p))
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func (*endless) Close() error { return nil }

func TestProbesReadLittle(t *testing.T) {
	var body endless
	answers := func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: make(http.Header), Body: &body, ContentLength: -1, Request: r}, nil
	}
	p := auth.New(auth.Config{Issuer: "https://provider.example/v2.0", ClientID: "desk", HTTP: &http.Client{Transport: roundTripper(answers)}})
	if m := p.ProbeMetadata(t.Context()); m.Status != http.StatusOK || m.Issuer != "" || body > 512<<10 {
		t.Errorf("the probe read %d bytes and found %+v", body, m)
	}
}
