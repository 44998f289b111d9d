package emutest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"golang.org/x/oauth2"
)

// Claims returns the claims in a token. It does not verify the signature.
func Claims(t *testing.T, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is not a JWT", token)
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(text, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

// WantRefusal checks that err is a refusal from the token endpoint with the given OAuth
// error code and Entra error number.
func WantRefusal(t *testing.T, err error, code string, number int) {
	t.Helper()
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		t.Fatalf("error %v, want a refusal", err)
	}
	var body struct {
		Error       string
		Description string `json:"error_description"`
		Codes       []int  `json:"error_codes"`
		Timestamp   string
		Trace       string `json:"trace_id"`
		Correlation string `json:"correlation_id"`
	}
	if err := json.Unmarshal(refused.Body, &body); err != nil {
		t.Fatal(err)
	}
	if body.Error != code || len(body.Codes) != 1 || body.Codes[0] != number || !strings.HasPrefix(body.Description, "AADSTS") ||
		body.Timestamp == "" || body.Trace == "" || body.Correlation == "" {
		t.Errorf("refused with %s, want %s %d", refused.Body, code, number)
	}
}
