package graph

import (
	"net/http"
	"strings"

	"meetdesk/meeting"
)

type retryRule int

const (
	neverRetry        retryRule = iota // a retry would have the same result
	retryIfRepeatable                  // retry if the operation is idempotent
	alwaysRetry                        // retry, because the operation was not carried out
)

// verdict describes one kind of failure and whether to retry. Package locale has three
// messages for each reason: what happened, advice for the user (key suffix ".advice"), and
// information for the administrator (".admin").
type verdict struct {
	kind   Kind
	reason meeting.Reason
	retry  retryRule
}

// Verdicts that are not based on a status from Graph.
var (
	unreachable  = verdict{NotSent, meeting.ReasonUnreachable, alwaysRetry}   // no connection to Graph could be established
	untrusted    = verdict{NotSent, meeting.ReasonTLS, neverRetry}            // the TLS handshake failed before anything was sent
	late         = verdict{NotSent, meeting.ReasonLate, neverRetry}           // the deadline passed before anything was sent
	noResponse   = verdict{Unsure, meeting.ReasonNoAnswer, retryIfRepeatable} // no response, or a truncated one
	garbled      = verdict{Unsure, meeting.ReasonGarbled, retryIfRepeatable}  // the response is not JSON, or not what was requested
	notFromGraph = verdict{Unsure, meeting.ReasonNotGraph, neverRetry}        // Graph did not send the response; see notFromGraphVerdict
	proxied      = verdict{NotSent, meeting.ReasonProxy, neverRetry}          // a proxy refused to connect to Graph
	betaOff      = verdict{NotSent, meeting.ReasonBetaOff, neverRetry}        // a meeting in a channel was requested, but beta is off
	unusable     = verdict{NotSent, meeting.ReasonBadRequest, neverRetry}     // Graph would refuse the request
)

// codeChallenge is Graph's code for a response with a claims challenge. The
// desk also uses it for a challenge in WWW-Authenticate (Entra: claims challenges).
const codeChallenge = "insufficient_claims"

type row struct {
	status int          // 4 matches any 4xx, and 5 any 5xx
	code   string       // "" matches any code or none
	mode   meeting.Mode // "" matches both modes
	method string       // "" matches any; the only POST is createOrGet
	verdict
}

// catalogue lists the failures that the desk distinguishes by Graph's response. A row
// with a code takes precedence over one without, and a more specific code over a less
// specific one. Otherwise, the first matching row wins. Error messages are ignored:
// according to Graph's documentation, programs must not depend on them.
var catalogue = []row{
	// Graph rejects the body, an ID or a filter, or does not know the path.
	{status: 400, verdict: verdict{Refused, meeting.ReasonBadRequest, neverRetry}},

	// Graph refuses the token. A user can sign in again. For the program, the cause is the
	// app registration.
	{status: 401, mode: meeting.Application, verdict: verdict{Refused, meeting.ReasonAppToken, neverRetry}},
	{status: 401, code: codeChallenge, mode: meeting.Application, verdict: verdict{Refused, meeting.ReasonAppToken, neverRetry}},
	{status: 401, code: codeChallenge, verdict: verdict{Refused, meeting.ReasonClaims, neverRetry}},
	{status: 401, verdict: verdict{Refused, meeting.ReasonSignIn, neverRetry}},
	{status: 402, verdict: verdict{Refused, meeting.ReasonPayment, neverRetry}},

	// A permission is missing. For the program, a code that is not listed here means that
	// no application access policy allows the call. For a user, the cause may be a licence,
	// a policy, or another user's meeting.
	{status: 403, code: codeChallenge, mode: meeting.Application, verdict: verdict{Refused, meeting.ReasonAppToken, neverRetry}},
	{status: 403, code: codeChallenge, verdict: verdict{Refused, meeting.ReasonClaims, neverRetry}},
	{status: 403, code: "Authorization_RequestDenied", mode: meeting.Application, verdict: verdict{Refused, meeting.ReasonAppScope, neverRetry}},
	{status: 403, code: "InvalidAuthenticationToken", mode: meeting.Application, verdict: verdict{Refused, meeting.ReasonAppScope, neverRetry}},
	{status: 403, code: "Authorization_RequestDenied", verdict: verdict{Refused, meeting.ReasonScope, neverRetry}},
	{status: 403, code: "InvalidAuthenticationToken", verdict: verdict{Refused, meeting.ReasonScope, neverRetry}},
	{status: 403, mode: meeting.Application, verdict: verdict{Refused, meeting.ReasonPolicy, neverRetry}},
	{status: 403, verdict: verdict{Refused, meeting.ReasonForbidden, neverRetry}},

	// If createOrGet on /users fails with UnknownError, Graph does not know the organizer.
	// Any other 404 means that the meeting or person does not exist.
	{status: 404, code: "UnknownError", mode: meeting.Application, method: http.MethodPost, verdict: verdict{Refused, meeting.ReasonNoOrganizer, neverRetry}},
	{status: 404, verdict: verdict{Refused, meeting.ReasonNotFound, neverRetry}},
	{status: 405, verdict: verdict{Refused, meeting.ReasonNotAllowed, neverRetry}},

	// Another change is in progress (Graph: retry with back-off).
	{status: 409, verdict: verdict{Refused, meeting.ReasonConflict, retryIfRepeatable}},
	{status: 413, verdict: verdict{Refused, meeting.ReasonBadRequest, neverRetry}},
	{status: 415, verdict: verdict{Refused, meeting.ReasonBadRequest, neverRetry}},
	{status: 422, verdict: verdict{Refused, meeting.ReasonBadRequest, neverRetry}},
	{status: 429, verdict: verdict{Refused, meeting.ReasonThrottled, alwaysRetry}}, // the code is sometimes UnknownError

	{status: 503, verdict: verdict{Refused, meeting.ReasonBusy, alwaysRetry}},

	// All other 4xx and 5xx statuses. 412 has no row, because the desk never sends If-Match.
	// After any other 5xx, the operation may have been carried out.
	{status: 4, verdict: verdict{Refused, meeting.ReasonRefused, neverRetry}},
	{status: 5, verdict: verdict{Unsure, meeting.ReasonServerError, retryIfRepeatable}},
}

// judge returns the verdict on a response from Graph whose status is not 2xx, and the code
// that determined it. codes lists Graph's codes, most specific first. If no code
// determined the verdict, judge returns the outermost code or "".
func judge(op operation, status int, codes []string) (verdict, string) {
	for _, code := range codes {
		for _, r := range catalogue {
			if r.code != "" && strings.EqualFold(r.code, code) && r.fits(op, status) {
				return r.verdict, code
			}
		}
	}
	outermost := ""
	if n := len(codes); n > 0 {
		outermost = codes[n-1]
	}
	for _, r := range catalogue {
		if r.code == "" && r.fits(op, status) {
			return r.verdict, outermost
		}
	}
	return notFromGraph, outermost // a redirect or a 1xx status, which Graph never sends
}

// fits reports whether everything in the row except its code matches the response.
func (r row) fits(op operation, status int) bool {
	return (r.status == status || r.status == min(status/100, 5)) &&
		(r.mode == "" || r.mode == op.mode) && (r.method == "" || r.method == op.method)
}
