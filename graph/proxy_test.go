package graph

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"meetdesk/meeting"
)

func TestProxyRefusesConnection(t *testing.T) {
	for _, status := range []int{407, 403, 502, 503} {
		requests := 0
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests++
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
		}))
		address, err := url.Parse(strings.Replace(proxy.URL, "http://", "http://desk:hidden@", 1))
		if err != nil {
			t.Fatal(err)
		}
		transport := newTransport()
		transport.Proxy = http.ProxyURL(address)
		c := &Client{BaseURL: "https://graph.invalid/v1.0", HTTP: &http.Client{Transport: transport}}
		result, err := c.CreateOrGet(t.Context(), Me("token"), meeting.Asked{ExternalID: "1"})
		proxy.Close()
		var e *Error
		if !errors.As(err, &e) || e.Kind != NotSent || e.Reason != meeting.ReasonProxy || e.Status != status || requests != 1 || strings.Contains(err.Error(), "hidden") {
			t.Errorf("status %d after %d requests: %v", status, requests, err)
		}
		if call := result.Calls[0]; call.Unsure || call.Status != status {
			t.Errorf("call %+v, want one with status %d that is not unsure", call, status)
		}
	}
}
