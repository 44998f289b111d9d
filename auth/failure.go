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

// failure is an error reply of the provider without its texts, which may name
// people and are never for a page. It is safe for the log.
type failure struct {
	Name        string // OAuth's error, "" where the reply had none
	Numbers     []int  // Entra's AADSTS numbers
	Correlation string
	Status      int           // of the token endpoint; 0 for a redirect or no answer
	Wait        time.Duration // for which the endpoint asked to be left alone
	Err         error         // where no proper answer came
}

// Error describes the failure for the log.
func (f *failure) Error() string {
	if f.Err != nil {
		return fmt.Sprintf("no proper answer from the provider: %v", f.Err)
	}
	return fmt.Sprintf("provider: error %q, codes %v, status %d, correlation-id %q", f.Name, f.Numbers, f.Status, f.Correlation)
}

// Unwrap returns the cause, if there is one.
func (f *failure) Unwrap() error { return f.Err }

// What may be shown of a provider's reply, and Entra's number at the start of a
// description: a redirect carries it nowhere else.
var (
	plainName   = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
	aadstsStart = regexp.MustCompile(`^AADSTS([0-9]{4,9})\b`)
)

// redirected reads a failure from the query that the browser came back with.
func redirected(query url.Values) *failure {
	f := &failure{Name: plain(query.Get("error"))}
	if found := aadstsStart.FindStringSubmatch(query.Get("error_description")); found != nil {
		number, _ := strconv.Atoi(found[1])
		f.Numbers = []int{number}
	}
	return f
}

// fromExchange reads a failure from what oauth2 returned. Its RetrieveError holds
// the whole reply and goes no further.
func fromExchange(err error) *failure {
	var reply *oauth2.RetrieveError
	if !errors.As(err, &reply) {
		return &failure{Err: err}
	}
	var body struct {
		Name        string `json:"error"`
		Numbers     []int  `json:"error_codes"`
		Correlation string `json:"correlation_id"`
	}
	_ = exactjson.Unmarshal(reply.Body, &body) // other providers send less, or no JSON at all
	return &failure{
		Name: plain(body.Name), Numbers: body.Numbers,
		Correlation: plain(body.Correlation), Status: reply.Response.StatusCode, Wait: retryafter.Of(reply.Response.Header, time.Now()),
	}
}

func plain(name string) string {
	if name == "" || plainName.MatchString(name) {
		return name
	}
	return "unknown"
}

// sentences is what a refused sign-in tells the person: the first row that fits
// counts, by number or by name (Entra: error codes).
var sentences = []struct {
	number int
	name   string
	key    meeting.Reason
}{
	{number: 65001, key: meeting.ReasonSignInScope},    // no consent yet
	{number: 90094, key: meeting.ReasonSignInScope},    // an administrator must consent
	{number: 90095, key: meeting.ReasonSignInScope},    // the same, with a request for it
	{number: 65004, key: meeting.ReasonSignInDeclined}, // the person said no
	{name: "consent_required", key: meeting.ReasonSignInScope},
	{name: "access_denied", key: meeting.ReasonSignInDeclined},
}

// signInFailure turns a failure into what the person reads on signing in. It is
// never Unauthorized, which would send the browser round in circles.
func signInFailure(f *failure) error {
	for _, row := range sentences {
		if row.number != 0 && slices.Contains(f.Numbers, row.number) || row.name != "" && f.Name == row.name {
			return &meeting.Error{Code: meeting.Forbidden, Key: row.key, Err: f}
		}
	}
	switch {
	case f.setup():
		return unaccepted(f)
	case f.transient():
		return unavailable(f)
	default:
		return refused(f.code(), f)
	}
}

// refreshFailure turns a failure into what becomes of the grant.
func refreshFailure(f *failure) error {
	switch {
	case slices.Contains([]string{"invalid_grant", "interaction_required", "consent_required", "login_required"}, f.Name):
		return over(f)
	case f.transient():
		return unavailable(f)
	default: // a wrong or expired secret, a missing registration: the grant is kept
		return unaccepted(f)
	}
}

// setup reports whether the desk's own registration is at fault, a secret that
// is over say: no person can mend that by trying again.
func (f *failure) setup() bool {
	return slices.Contains([]string{"invalid_client", "unauthorized_client", "invalid_scope", "invalid_resource"}, f.Name)
}

func unaccepted(f *failure) error {
	return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonSignInSetup, Args: meeting.Args{"Code": f.code()}, Err: f}
}

// transient reports whether the same request may succeed later.
func (f *failure) transient() bool {
	return f.Name == "temporarily_unavailable" || f.Name == "server_error" || f.Name == "" ||
		f.Status >= 500 || f.Status == http.StatusTooManyRequests
}

// code is what a person may quote to their administrator.
func (f *failure) code() string {
	if len(f.Numbers) == 0 {
		return f.Name
	}
	return fmt.Sprintf("%s AADSTS%d", f.Name, f.Numbers[0])
}

func refused(code string, err error) error {
	return &meeting.Error{Code: meeting.Forbidden, Key: meeting.ReasonSignInRefused, Args: meeting.Args{"Code": code}, Err: err}
}

// over says why a grant is over, as far as the person can do something else about
// it than sign in again (Entra: error codes).
func over(f *failure) error {
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
	return dead(f)
}

func dead(err error) error {
	return &meeting.Error{Code: meeting.Unauthorized, Key: meeting.ReasonSignIn, Err: err}
}
