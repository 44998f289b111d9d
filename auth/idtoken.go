package auth

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/coreos/go-oidc/v3/oidc"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"meetdesk/exactjson"
	"meetdesk/meeting"
)

// readIDToken verifies an ID token, except for its nonce, and returns its claims. It
// checks the claims itself, because the oidc library ignores case in their names and
// does not report which claim is wrong.
func (p *Provider) readIDToken(ctx context.Context, found *discovered, idToken string) (c claims, err error) {
	if idToken == "" {
		return c, missing("id_token")
	}
	header, payload, err := decodeToken(idToken)
	if err != nil {
		return c, unreadable(err)
	}
	if !slices.Contains(found.Algorithms, header.Algorithm) {
		return c, wrong("alg", fmt.Errorf("%q is none of %q", header.Algorithm, found.Algorithms))
	}
	verifier := found.provider.Verifier(&oidc.Config{SkipIssuerCheck: true, SkipClientIDCheck: true, SkipExpiryCheck: true})
	_, err = verifier.Verify(p.context(ctx), idToken)
	if isSignatureError(err) {
		return c, signatureError(brief(err))
	}
	var typeErr *jsonv1.UnmarshalTypeError
	switch decodeErr := exactjson.Unmarshal(payload, &c); {
	case errors.As(decodeErr, &typeErr) && typeErr.Field != "":
		return c, wrong(typeErr.Field, decodeErr)
	case decodeErr != nil:
		return c, unreadable(decodeErr)
	}
	if refused := p.checkClaims(c); refused != nil || err == nil {
		return c, refused
	}
	return c, unreadable(brief(err)) // the library rejects the token for a reason that is not checked here
}

func checkNonce(c claims, flow Flow) error {
	switch {
	case c.Nonce == "":
		return missing("nonce")
	case !equalSecrets(flow.Nonce, c.Nonce):
		return wrong("nonce", errors.New("not the nonce of this sign-in"))
	}
	return nil
}

type tokenHeader struct {
	Algorithm string `json:"alg"`
}

// decodeToken decodes the token's header and payload. It does not verify the signature.
func decodeToken(idToken string) (header tokenHeader, payload []byte, err error) {
	segments := strings.Split(idToken, ".")
	if len(segments) != 3 {
		return header, nil, fmt.Errorf("%d segments instead of 3", len(segments))
	}
	first, err := base64.RawURLEncoding.DecodeString(segments[0])
	if err != nil {
		return header, nil, fmt.Errorf("header: %w", err)
	}
	if err := exactjson.Unmarshal(first, &header); err != nil {
		return header, nil, fmt.Errorf("header: %w", err)
	}
	if payload, err = base64.RawURLEncoding.DecodeString(segments[1]); err != nil {
		return header, nil, fmt.Errorf("payload: %w", err)
	}
	return header, payload, nil
}

// isSignatureError reports whether the library could not verify the signature. It searches
// the error's text, because the library has no error value for this case.
func isSignatureError(err error) bool {
	return err != nil && strings.Contains(err.Error(), "verify signature")
}

// signatureError returns the error for a token whose signature is wrong. If the keys could
// not be fetched, the error says that the provider is unavailable.
func signatureError(err error) error {
	if strings.Contains(err.Error(), "fetching keys") {
		return unavailable(fmt.Errorf("verify ID token: %w", err))
	}
	return wrong("signature", err)
}

// clockSkew is how far in the future nbf and iat may be, because clocks differ.
// Microsoft's libraries also allow five minutes.
const clockSkew = 5 * time.Minute

// checkClaims returns an error unless the claims are valid for this client at the current
// time (OpenID Connect Core, section 3.1.3.7).
func (p *Provider) checkClaims(c claims) error {
	switch {
	case c.Issuer == "":
		return missing("iss")
	case c.Issuer != p.cfg.Issuer:
		return wrong("iss", fmt.Errorf("%q instead of %q", c.Issuer, p.cfg.Issuer))
	case len(c.Audience) == 0:
		return missing("aud")
	case !slices.Contains(c.Audience, p.cfg.ClientID):
		return wrong("aud", fmt.Errorf("%q without %q", c.Audience, p.cfg.ClientID))
	case !p.isAuthorizedParty(c):
		return wrong("azp", fmt.Errorf("%q for the audiences %q", c.AuthorizedParty, c.Audience))
	}
	if err := checkTimes(c, p.cfg.Now()); err != nil {
		return err
	}
	switch {
	case c.TenantID == "":
		return missing("tid")
	case c.ObjectID == "":
		return missing("oid")
	case !isID(c.ObjectID):
		return wrong("oid", fmt.Errorf("%.100q", c.ObjectID))
	case c.SID != "" && !isID(c.SID):
		return wrong("sid", fmt.Errorf("%.100q", c.SID))
	}
	return nil
}

// checkTimes checks exp, nbf and iat. Only nbf is optional.
func checkTimes(c claims, now time.Time) error {
	for _, claim := range []struct {
		name     string
		date     numericDate
		optional bool
	}{{"exp", c.Expiry, false}, {"nbf", c.NotBefore, true}, {"iat", c.IssuedAt, false}} {
		if claim.date == "" && !claim.optional {
			return missing(claim.name)
		}
		if claim.date != "" && claim.date.time().IsZero() {
			return wrong(claim.name, fmt.Errorf("%.100q is not a time", claim.date))
		}
	}
	latest := now.Add(clockSkew)
	switch {
	case c.Expiry.time().Before(now):
		return claimError(meeting.ReasonSignInTokenTime, "exp", fmt.Errorf("%v is before %v", c.Expiry.time(), now))
	case c.NotBefore.time().After(latest):
		return claimError(meeting.ReasonSignInTokenTime, "nbf", fmt.Errorf("%v is after %v", c.NotBefore.time(), now))
	case c.IssuedAt.time().After(latest):
		return claimError(meeting.ReasonSignInTokenTime, "iat", fmt.Errorf("%v is after %v", c.IssuedAt.time(), now))
	}
	return nil
}

// maxID is the maximum length of an ID in a token, in bytes. Entra's IDs are GUIDs.
const maxID = 256

// isID reports whether the string is safe to use as an ID. IDs appear on pages and in the
// log, where different IDs must not look the same.
func isID(text string) bool {
	return len(text) <= maxID && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || meeting.IsControl(r) || meeting.IsInvisible(r)
	})
}

// isAuthorizedParty reports whether the token was issued to this client. A token with
// other audiences must name this client in azp.
func (p *Provider) isAuthorizedParty(c claims) bool {
	if c.AuthorizedParty == "" {
		return !slices.ContainsFunc(c.Audience, func(name string) bool { return name != p.cfg.ClientID })
	}
	return c.AuthorizedParty == p.cfg.ClientID
}

// numericDate is the JSON text of a Unix time in seconds, without quotes. It is "" if the
// time is absent or null.
type numericDate string

// UnmarshalJSON accepts any value, so that the error from checkTimes can name the claim.
// Some providers write the number in quotes.
func (d *numericDate) UnmarshalJSON(b []byte) error {
	if text := strings.Trim(string(b), `"`); text != "null" {
		*d = numericDate(text)
	}
	return nil
}

// time converts d to a time. It returns the zero time if d is not a number or is out of
// range.
func (d numericDate) time() time.Time {
	seconds, err := strconv.ParseFloat(string(d), 64)
	if err != nil || !(seconds >= 0 && seconds <= 1<<53) { // also rejects NaN
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}

// The errors below name the claim. The wrapped error, which may quote the claim's value,
// is only for the log.

func missing(name string) error {
	return claimError(meeting.ReasonSignInTokenMissing, name, errors.New("missing"))
}

func wrong(name string, err error) error {
	return claimError(meeting.ReasonSignInTokenWrong, name, err)
}

func unreadable(err error) error {
	return claimError(meeting.ReasonSignInTokenUnreadable, "id_token", err)
}

func claimError(key meeting.Reason, name string, err error) error {
	return &meeting.Error{
		Code: meeting.Forbidden, Key: key, Args: meeting.Args{"Claim": name}, Err: fmt.Errorf("ID token: %s: %w", name, err),
	}
}
