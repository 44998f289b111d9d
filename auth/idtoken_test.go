package auth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"meetdesk/auth"
	"meetdesk/meeting"
)

// The error for an invalid ID token names the claim or the part that is wrong.
func TestInvalidIDToken(t *testing.T) {
	const isMissing, isWrong, isOutOfTime = meeting.ReasonSignInTokenMissing, meeting.ReasonSignInTokenWrong, meeting.ReasonSignInTokenTime
	otherKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		claims object
		change func(*provider)
		key    meeting.Reason
		claim  string
	}{
		{"no issuer", object{"iss": nil}, nil, isMissing, "iss"},
		{"another issuer", object{"iss": "https://elsewhere.example"}, nil, isWrong, "iss"},
		{"issuer with a slash", object{"iss": "ISSUER/"}, nil, isWrong, "iss"},
		{"issuer of another type", object{"iss": 7}, nil, isWrong, "iss"},
		{"no audience", object{"aud": nil}, nil, isMissing, "aud"},
		{"an empty audience", object{"aud": []string{}}, nil, isMissing, "aud"},
		{"audience of another type", object{"aud": object{"desk": true}}, nil, isMissing, "aud"},
		{"another audience", object{"aud": "another"}, nil, isWrong, "aud"},
		{"audience in another case", object{"aud": "DESK"}, nil, isWrong, "aud"},
		{"several other audiences", object{"aud": []string{"another", "third"}}, nil, isWrong, "aud"},
		{"no expiry", object{"exp": nil}, nil, isMissing, "exp"},
		{"expiry that is text", object{"exp": "tomorrow"}, nil, isWrong, "exp"},
		{"an empty expiry", object{"exp": ""}, nil, isMissing, "exp"},
		{"expiry of another type", object{"exp": object{}}, nil, isWrong, "exp"},
		{"expiry beyond all numbers", object{"exp": json.Number("1e400")}, nil, isWrong, "exp"},
		{"expiry that is no number", object{"exp": "NaN"}, nil, isWrong, "exp"},
		{"expired", object{"exp": time.Now().Add(-time.Minute).Unix()}, nil, isOutOfTime, "exp"},
		{"expired before 1970", object{"exp": -5}, nil, isWrong, "exp"},
		{"not valid yet", object{"nbf": time.Now().Add(time.Hour).Unix()}, nil, isOutOfTime, "nbf"},
		{"valid from a time in words", object{"nbf": "soon"}, nil, isWrong, "nbf"},
		{"valid from a time out of range", object{"nbf": 1e300}, nil, isWrong, "nbf"},
		{"no issue time", object{"iat": nil}, nil, isMissing, "iat"},
		{"issue time of another type", object{"iat": "today"}, nil, isWrong, "iat"},
		{"issue time out of range", object{"iat": 1e300}, nil, isWrong, "iat"},
		{"issued in the future", object{"iat": time.Now().Add(time.Hour).Unix()}, nil, isOutOfTime, "iat"},
		{"a second audience", object{"aud": []string{"desk", "another"}}, nil, isWrong, "azp"},
		{"a second audience for another party", object{"aud": []string{"desk", "another"}, "azp": "another"}, nil, isWrong, "azp"},
		{"our audience for another party", object{"azp": "another"}, nil, isWrong, "azp"},
		{"a party of another type", object{"azp": []string{"desk"}}, nil, isWrong, "azp"},
		{"no nonce", object{"nonce": nil}, nil, isMissing, "nonce"},
		{"another nonce", object{"nonce": "m"}, nil, isWrong, "nonce"},
		{"nonce in another case", object{"nonce": "N"}, nil, isWrong, "nonce"},
		{"no tid", object{"tid": nil}, nil, isMissing, "tid"},
		{"tid null in the token", nil, func(p *provider) { p.payload = payloadWith(`"tid":null,"oid":"O"`) }, isMissing, "tid"},
		{"tid of another type", object{"tid": []string{"T"}}, nil, isWrong, "tid"},
		{"no oid", object{"oid": nil}, nil, isMissing, "oid"},
		{"oid of another type", object{"oid": 7}, nil, isWrong, "oid"},
		{"a name of another type", object{"name": true}, nil, isWrong, "name"},
		{"symmetric signature", nil, func(p *provider) { p.signer = []byte(strings.Repeat("k", 32)) }, isWrong, "alg"},
		{"the client secret as key", nil, func(p *provider) {
			p.signer, p.discovery = []byte(secret+strings.Repeat(" ", 32)), object{"id_token_signing_alg_values_supported": []string{"HS256"}}
		}, isWrong, "alg"},
		{"an algorithm that was not offered", nil, func(p *provider) {
			p.discovery = object{"id_token_signing_alg_values_supported": []string{"ES256"}}
		}, isWrong, "alg"},
		{"unsigned", nil, func(p *provider) { p.reply = object{"id_token": "eyJhbGciOiJub25lIn0.eyJ0aWQiOiJUIn0."} }, isWrong, "alg"},
		{"algorithm in another case", nil, func(p *provider) { p.reply = object{"id_token": "eyJBTEciOiJSUzI1NiJ9.eyJ0aWQiOiJUIn0.AA"} }, isWrong, "alg"},
		{"somebody else's key", nil, func(p *provider) { p.signer = otherKey }, isWrong, "signature"},
		{"signature that is cut off", nil, func(p *provider) { p.reply = object{"id_token": "eyJhbGciOiJSUzI1NiJ9.eyJ0aWQiOiJUIn0.AAAA"} }, isWrong, "signature"},
		{"no ID token", nil, func(p *provider) { p.reply = object{"id_token": nil} }, isMissing, "id_token"},
		{"ID token of another type", nil, func(p *provider) { p.reply = object{"id_token": 7} }, isMissing, "id_token"},
		{"ID token under a name in another case", nil, func(p *provider) { p.reply = object{"id_token": nil, "ID_TOKEN": "x"} }, isMissing, "id_token"},
		{"text that is not a token", nil, func(p *provider) { p.reply = object{"id_token": "opaque"} }, meeting.ReasonSignInTokenUnreadable, "id_token"},
		{"four segments", nil, func(p *provider) { p.reply = object{"id_token": "eyJ9.eyJ9.eyJ9.x"} }, meeting.ReasonSignInTokenUnreadable, "id_token"},
		{"payload that is a list", nil, func(p *provider) { p.payload = `["T"]` }, meeting.ReasonSignInTokenUnreadable, "id_token"},
		{"payload that is cut off", nil, func(p *provider) { p.payload = `{"tid":"T"` }, meeting.ReasonSignInTokenUnreadable, "id_token"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t)
			p.claims = maps.Clone(tt.claims)
			if p.claims["iss"] == "ISSUER/" {
				p.claims["iss"] = p.URL + "/"
			}
			if tt.change != nil {
				tt.change(p)
			}
			who, tokens, err := auth.New(p.config()).Finish(t.Context(), flow, back)
			e := wantError(t, err, meeting.Forbidden, tt.key)
			if e.Args["Claim"] != tt.claim || who != (auth.Identity{}) || tokens != (auth.Tokens{}) {
				t.Errorf("the claim is %v, want %s (%v)", e.Args["Claim"], tt.claim, err)
			}
		})
	}
}

func TestIDTokenExpiresByTheDesksClock(t *testing.T) {
	p := newProvider(t)
	config := p.config()
	config.Now = func() time.Time { return time.Now().Add(2 * time.Hour) }
	_, _, err := auth.New(config).Finish(t.Context(), flow, back)
	wantError(t, err, meeting.Forbidden, meeting.ReasonSignInTokenTime)
}

func payloadWith(more string) string {
	return `{"iss":"ISSUER","aud":"desk","exp":EXPIRY,"iat":5,"nonce":"n","preferred_username":"` + priya + `",` + more + `}`
}

// Claim names are case-sensitive. If a claim appears twice, the last one is used (RFC
// 7519, section 4).
func TestClaimNamesMatchExactly(t *testing.T) {
	for _, tt := range []struct {
		name, payload string
		role          meeting.Role
		key           meeting.Reason // the key of the expected error; "" for no error
		claim         string
	}{
		{"roles in capitals after", payloadWith(`"tid":"T","oid":"O","roles":[],"ROLES":["A"]`), meeting.NoRole, "", ""},
		{"roles in capitals before", payloadWith(`"tid":"T","oid":"O","Roles":["A"],"roles":["S"]`), meeting.Staff, "", ""},
		{"roles in capitals alone", payloadWith(`"tid":"T","oid":"O","rOLES":"A"`), meeting.NoRole, "", ""},
		{"a long s in roles", payloadWith(`"tid":"T","oid":"O","role\u017f":["A"]`), meeting.NoRole, "", ""},
		{"roles with an escape in the name", payloadWith(`"tid":"T","oid":"O","\u0072oles":["S"]`), meeting.Staff, "", ""},
		{"roles twice", payloadWith(`"tid":"T","oid":"O","roles":["A"],"roles":["S"]`), meeting.Staff, "", ""},
		{"roles within another claim", payloadWith(`"tid":"T","oid":"O","x":{"roles":["A"]}`), meeting.NoRole, "", ""},
		{"tid in capitals", payloadWith(`"TID":"T","oid":"O"`), 0, meeting.ReasonSignInTokenMissing, "tid"},
		{"oid in capitals", payloadWith(`"tid":"T","Oid":"O"`), 0, meeting.ReasonSignInTokenMissing, "oid"},
		{"a second tid in capitals", payloadWith(`"tid":"U","oid":"O","Tid":"T"`), 0, meeting.ReasonSignInTenant, ""},
		{"acct in capitals", payloadWith(`"tid":"T","oid":"O","ACCT":1,"roles":["S"]`), meeting.Staff, "", ""},
		{"a second acct in capitals", payloadWith(`"tid":"T","oid":"O","acct":1,"ACCT":0`), 0, meeting.ReasonSignInGuest, ""},
		{"nonce in capitals", strings.Replace(payloadWith(`"tid":"T","oid":"O"`), "nonce", "Nonce", 1), 0, meeting.ReasonSignInTokenMissing, "nonce"},
		{"a second nonce in capitals", strings.Replace(payloadWith(`"tid":"T","oid":"O","NONCE":"n"`), `"nonce":"n"`, `"nonce":"m"`, 1), 0, meeting.ReasonSignInTokenWrong, "nonce"},
		{"a second issuer in capitals", strings.Replace(payloadWith(`"tid":"T","oid":"O","ISS":"ISSUER"`), `"iss":"ISSUER"`, `"iss":"x"`, 1), 0, meeting.ReasonSignInTokenWrong, "iss"},
		{"a second audience in capitals", strings.Replace(payloadWith(`"tid":"T","oid":"O","Aud":"desk"`), `"aud":"desk"`, `"aud":"x"`, 1), 0, meeting.ReasonSignInTokenWrong, "aud"},
		{"a second expiry in capitals", strings.Replace(payloadWith(`"tid":"T","oid":"O","Exp":EXPIRY`), `"exp":EXPIRY`, `"exp":5`, 1), 0, meeting.ReasonSignInTokenTime, "exp"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t)
			p.payload = tt.payload
			config := p.config()
			config.RoleAdmin = "A"
			who, _, err := auth.New(config).Finish(t.Context(), flow, back)
			if tt.key != "" {
				if e := wantError(t, err, meeting.Forbidden, tt.key); tt.claim != "" && e.Args["Claim"] != tt.claim {
					t.Errorf("the claim is %v, want %s", e.Args["Claim"], tt.claim)
				}
				return
			}
			if err != nil || who.Role != tt.role {
				t.Errorf("role %s, %v; want %s", who.Role, err, tt.role)
			}
		})
	}
}

// TestTokenResponseNamesMatchExactly checks that the desk reads a member of a token response
// only if its name matches exactly. The oauth2 package ignores case, so it still refuses a
// response with an ERROR member.
func TestTokenResponseNamesMatchExactly(t *testing.T) {
	old := auth.Tokens{AccessToken: "old", RefreshToken: "r", IDToken: "i", Scope: "s"}
	for _, tt := range []struct {
		name, body string
		want       auth.Tokens
		code       meeting.Code // the code of the expected error; "" for no error
		key        meeting.Reason
	}{
		{"valid", `{"access_token":"a","refresh_token":"q","scope":"z"}`, auth.Tokens{AccessToken: "a", RefreshToken: "q", IDToken: "i", Scope: "z"}, "", ""},
		{"a second name in capitals", `{"access_token":"a","ACCESS_TOKEN":"b","Refresh_Token":"q","SCOPE":"z","Expires_In":60}`,
			auth.Tokens{AccessToken: "a", RefreshToken: "r", IDToken: "i", Scope: "s"}, "", ""},
		{"the only name in capitals", `{"Access_Token":"b"}`, auth.Tokens{}, meeting.Unavailable, meeting.ReasonSignInUnavailable},
		{"an access token of another type", `{"access_token":7}`, auth.Tokens{}, meeting.Unavailable, meeting.ReasonSignInUnavailable},
		{"an error in capitals next to a token", `{"access_token":"a","ERROR":"invalid_grant"}`, auth.Tokens{}, meeting.Unavailable, meeting.ReasonSignInUnavailable},
		{"an error", `{"error":"invalid_grant","error_codes":[50173]}`, auth.Tokens{}, meeting.Unauthorized, meeting.ReasonSignIn},
		{"codes in capitals", `{"error":"invalid_grant","Error_Codes":[65001]}`, auth.Tokens{}, meeting.Unauthorized, meeting.ReasonSignIn},
		{"codes of another type", `{"error":"invalid_grant","error_codes":"65001"}`, auth.Tokens{}, meeting.Unauthorized, meeting.ReasonSignIn},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProvider(t)
			p.tokens = tt.body
			got, err := auth.New(p.config()).Refresh(t.Context(), old)
			if tt.key != "" {
				wantError(t, err, tt.code, tt.key)
			} else if err != nil {
				t.Error(err)
			}
			if got != tt.want {
				t.Errorf("tokens %+v, want %+v", got, tt.want)
			}
		})
	}
}
