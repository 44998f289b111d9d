package attack_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"meetdesk/emulator/emutest"
)

type object = map[string]any

// forgery is a forged ID token. It starts as a copy of the token that the provider issued.
type forgery struct {
	s       *site
	header  object
	claims  object
	payload string // replaces the claims
	key     any    // *rsa.PrivateKey or []byte; nil for a token without a signature
	whole   string // replaces the whole token
	reply   object // the whole response from the token endpoint
}

// strangerKey is a key that the provider never published.
var strangerKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// forge calls change for each ID token that the provider issues and then signs the result.
func (s *site) forge(change func(f *forgery)) {
	s.tamper(func(w http.ResponseWriter, r *http.Request, emulator http.Handler) bool {
		if !isTokenRequest(r) {
			return false
		}
		answer := httptest.NewRecorder()
		emulator.ServeHTTP(answer, r)
		f := &forgery{s: s, key: emutest.Key()}
		if json.Unmarshal(answer.Body.Bytes(), &f.reply) != nil || f.reply["id_token"] == nil {
			copyResponse(w, answer)
			return true
		}
		token := splitToken(s.t, f.reply["id_token"].(string))
		f.header, f.claims = token[0], token[1]
		if change(f); f.reply["id_token"] != nil {
			f.reply["id_token"] = f.sign()
		}
		maps.DeleteFunc(f.reply, func(_ string, v any) bool { return v == nil })
		writeJSON(w, f.reply)
		return true
	})
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func splitToken(t *testing.T, token string) (parts [2]object) {
	t.Helper()
	segments := splitDots(token)
	for i := range parts {
		text, err := base64.RawURLEncoding.DecodeString(segments[i])
		if err != nil || json.Unmarshal(text, &parts[i]) != nil {
			t.Errorf("the provider's token cannot be read: %v", err)
		}
	}
	return parts
}

// sign returns f.whole if it is set. Otherwise, it returns the token signed with f.key. If
// the header names an unknown algorithm, sign uses the key's default algorithm.
func (f *forgery) sign() any {
	if f.whole != "" {
		return f.whole
	}
	maps.DeleteFunc(f.claims, func(_ string, v any) bool { return v == nil })
	payload, err := json.Marshal(f.claims)
	header, errHeader := json.Marshal(f.header)
	if err != nil || errHeader != nil {
		f.s.t.Error(err, errHeader)
	}
	if f.payload != "" {
		payload = []byte(f.payload)
	}
	text := encode(header) + "." + encode(payload)
	return text + "." + encode(signature(f.s.t, f.header["alg"], f.key, text))
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func signature(t *testing.T, alg, key any, text string) (signed []byte) {
	sum256, sum512 := sha256.Sum256([]byte(text)), sha512.Sum512([]byte(text))
	var err error
	switch key := key.(type) {
	case []byte:
		hash := sha256.New
		if alg == "HS512" {
			hash = sha512.New
		}
		mac := hmac.New(hash, key)
		mac.Write([]byte(text))
		signed = mac.Sum(nil)
	case *rsa.PrivateKey:
		switch alg {
		case "PS256":
			signed, err = rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum256[:], nil)
		case "RS512":
			signed, err = rsa.SignPKCS1v15(nil, key, crypto.SHA512, sum512[:])
		default:
			signed, err = rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum256[:])
		}
	}
	if err != nil {
		t.Error(err)
	}
	return signed
}
