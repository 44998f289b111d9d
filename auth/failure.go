package auth

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	"golang.org/x/oauth2"

	"meetdesk/exactjson"
	"meetdesk/meeting"
	"meetdesk/retryafter"
)

// failure describes an error response from the provider, or the lack of a valid response.
// It is safe to log, because it omits error descriptions, which may name people.
type failure struct {
	Name        string // the OAuth error code; "" if the response had none
	Numbers     []int  // the numbers of Entra's AADSTS error codes
	Correlation string
	Status      int           // HTTP status from the token endpoint; 0 for a redirect or if there was no valid response
	Wait        time.Duration // delay from the endpoint's Retry-After header; 0 without that header
	Err         error         // set if there was no valid response
}

// Error describes the failure for the log.
func (f *failure) Error() string {
	if f.Err != nil {
		return fmt.Sprintf("no valid response from the provider: %v", f.Err)
	}
	return fmt.Sprintf("provider: error %q, codes %v, status %d, correlation-id %q", f.Name, f.Numbers, f.Status, f.Correlation)
}

// Unwrap returns the cause, or nil.
func (f *failure) Unwrap() error { return f.Err }

var (
	// safeName matches the error codes of OAuth and OpenID Connect. It does not match
	// tokens or generated secrets, which a provider may echo.
	safeName = regexp.MustCompile(`^[a-z_]{1,40}$`)
	// safeCorrelation matches Entra's correlation_id, which is a GUID.
	safeCorrelation = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	// aadstsStart matches an Entra error code at the start of a description. A redirect
	// contains this code only in the description.
	aadstsStart = regexp.MustCompile(`^AADSTS([0-9]{4,9})\b`)
)

func failureOfRedirect(query url.Values) *failure {
	f := &failure{Name: safe(safeName, query.Get("error"))}
	if found := aadstsStart.FindStringSubmatch(query.Get("error_description")); found != nil {
		number, _ := strconv.Atoi(found[1])
		f.Numbers = []int{number}
	}
	return f
}

// failureOfExchange returns the failure for an error from the oauth2 package. The failure
// never wraps a RetrieveError, because a RetrieveError contains the whole response.
func failureOfExchange(err error) *failure {
	var response *oauth2.RetrieveError
	if !errors.As(err, &response) {
		return &failure{Err: err}
	}
	var body struct {
		Name        string `json:"error"`
		Numbers     []int  `json:"error_codes"`
		Correlation string `json:"correlation_id"`
	}
	_ = exactjson.Unmarshal(response.Body, &body) // providers other than Entra may omit members or send no JSON
	return &failure{
		Name: safe(safeName, body.Name), Numbers: body.Numbers,
		Correlation: safe(safeCorrelation, body.Correlation), Status: response.Response.StatusCode, Wait: retryafter.Of(response.Response.Header, time.Now()),
	}
}

func safe(pattern *regexp.Regexp, text string) string {
	if text == "" || pattern.MatchString(text) {
		return text
	}
	return "unknown"
}

// signInReasons lists the reasons for a refused sign-in. The first row with a matching
// number or name is used (Entra: error codes).
var signInReasons = []struct {
	number int
	name   string
	key    meeting.Reason
}{
	{number: 65001, key: meeting.ReasonSignInScope},    // no consent yet
	{number: 90094, key: meeting.ReasonSignInScope},    // an administrator must consent
	{number: 90095, key: meeting.ReasonSignInScope},    // an administrator must consent; the user can request it
	{number: 65004, key: meeting.ReasonSignInDeclined}, // the person refused consent
	{name: "consent_required", key: meeting.ReasonSignInScope},
	{name: "access_denied", key: meeting.ReasonSignInDeclined},
}

// signInFailure converts f to the error that a sign-in returns. The error's code is never
// Unauthorized, because that code would cause a redirect loop.
func signInFailure(f *failure) error {
	for _, row := range signInReasons {
		if row.number != 0 && slices.Contains(f.Numbers, row.number) || row.name != "" && f.Name == row.name {
			return &meeting.Error{Code: meeting.Forbidden, Key: row.key, Err: f}
		}
	}
	switch {
	case f.isSetup():
		return setupError(f)
	case f.isTransient():
		return unavailable(f)
	default:
		return refusedError(f.code(), f)
	}
}

func refreshFailure(f *failure) error {
	switch {
	case slices.Contains([]string{"invalid_grant", "interaction_required", "consent_required", "login_required"}, f.Name):
		return grantError(f)
	case f.isTransient():
		return unavailable(f)
	default: // a wrong or expired secret, or a missing registration, does not invalidate the grant
		return setupError(f)
	}
}

// isSetup reports whether the desk's own registration is wrong, for example because its
// secret has expired. Retrying does not help.
func (f *failure) isSetup() bool {
	return slices.Contains([]string{"invalid_client", "unauthorized_client", "invalid_scope", "invalid_resource"}, f.Name)
}

func setupError(f *failure) error {
	return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSignInSetup, Args: meeting.Args{"Code": f.code()}, Err: f}
}

// isTransient reports whether the same request might succeed later.
func (f *failure) isTransient() bool {
	return f.Name == "temporarily_unavailable" || f.Name == "server_error" || f.Name == "" ||
		f.Status >= 500 || f.Status == http.StatusTooManyRequests
}

// code returns the error code that a person can quote to their administrator.
func (f *failure) code() string {
	if len(f.Numbers) == 0 {
		return f.Name
	}
	return fmt.Sprintf("%s AADSTS%d", f.Name, f.Numbers[0])
}

func refusedError(code string, err error) error {
	return &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonSignInRefused, Args: meeting.Args{"Code": code}, Err: err}
}

// grantError returns the error for a grant that the provider rejected. The error asks
// the person to sign in again, unless a new sign-in would fail for the same reason
// (Entra: error codes).
func grantError(f *failure) error {
	for key, numbers := range map[meeting.Reason][]int{
		meeting.ReasonConsent: {65001, 90094, 90095},
		meeting.ReasonBlocked: {53000, 53001, 53003, 50105},
	} {
		if slices.ContainsFunc(numbers, func(n int) bool { return slices.Contains(f.Numbers, n) }) {
			return &meeting.Error{Code: meeting.Unauthorized, Key: key, Args: meeting.Args{"Code": f.code()}, Err: f}
		}
	}
	if f.Name == "consent_required" {
		return &meeting.Error{Code: meeting.Unauthorized, Key: meeting.ReasonConsent, Args: meeting.Args{"Code": f.code()}, Err: f}
	}
	return signInAgain(f)
}

// isStepUp reports whether the person must confirm the sign-in, for example with another
// factor. The grant stays valid (Entra: error codes).
func isStepUp(f *failure) bool {
	return f.Name == "interaction_required" || f.Name == "login_required" ||
		slices.ContainsFunc([]int{50072, 50074, 50076, 50079, 50158}, func(n int) bool { return slices.Contains(f.Numbers, n) })
}

// GrantState is the state of a grant after Refresh has returned an error.
type GrantState int

// The states of a grant.
const (
	GrantKept   GrantState = iota // the grant is still valid, for example after a timeout
	GrantStepUp                   // the user must sign in again, but the grant is not revoked
	GrantEnded                    // the account is disabled, or the grant was revoked, has expired or is blocked
)

// StateAfter returns the state of the grant after Refresh has returned err.
func StateAfter(err error) GrantState {
	var (
		known *meeting.Error
		f     *failure
	)
	switch {
	case !errors.As(err, &known) || known.Key != meeting.ReasonSignIn && known.Key != meeting.ReasonBlocked, errors.Is(err, errNoRefreshToken):
		return GrantKept
	case errors.As(err, &f) && isStepUp(f):
		return GrantStepUp
	}
	return GrantEnded
}

var errNoRefreshToken = errors.New("no refresh token")

func signInAgain(err error) error {
	return &meeting.Error{Code: meeting.Unauthorized, Key: meeting.ReasonSignIn, Err: err}
}
