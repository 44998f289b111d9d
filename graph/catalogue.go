package graph

import (
	"net/http"
	"slices"
	"strings"

	"meetdesk/meeting"
)

// again says after which failures a try is followed by another.
type retryRule int

const (
	neverRetry        retryRule = iota // the answer would be the same
	retryIfRepeatable                  // only where a repetition does no harm
	alwaysRetry                        // nothing was done: any operation
)

// verdict is what one failure means. Its reason is the key of the sentence for
// the person in locale; with ".advice" it is what they can do, with ".admin"
// what their administrator reads.
type verdict struct {
	kind   Kind
	reason meeting.Reason
	retry  retryRule
}

// What is known without a status, or beside it.
var (
	unreachable  = verdict{NotSent, meeting.ReasonUnreachable, alwaysRetry}   // no connection: refused, no such host, too slow
	untrusted    = verdict{NotSent, meeting.ReasonTLS, neverRetry}            // the handshake failed, before anything was sent
	noAnswer     = verdict{Unsure, meeting.ReasonNoAnswer, retryIfRepeatable} // none, or it was cut short
	garbled      = verdict{Unsure, meeting.ReasonGarbled, retryIfRepeatable}  // not what was asked for, or not JSON
	notFromGraph = verdict{Unsure, meeting.ReasonNotGraph, neverRetry}        // an answer that is not Graph's; see notGraph
	proxied      = verdict{NotSent, meeting.ReasonProxy, neverRetry}          // a proxy refused to connect the desk with Graph
	betaOff      = verdict{NotSent, meeting.ReasonBetaOff, neverRetry}        // a channel's meeting, and beta is not to be used
	unusable     = verdict{NotSent, meeting.ReasonBadRequest, neverRetry}     // the desk itself sees that Graph would refuse it
)

// challenged is a code in the catalogue that Graph also says by a challenge in
// WWW-Authenticate (Entra: claims challenges).
const codeChallenge = "insufficient_claims"

// row is one answer that is told from others.
type row struct {
	status int          // 4 and 5 are any of that class; 0 is no answer
	code   string       // "" for any, or for none
	mode   meeting.Mode // "" for either
	method string       // "" for any; the only POST is createOrGet
	verdict
}

// catalogue is every answer that is told from others. The most specific code
// that has a row counts, and goes before the status alone; among rows that fit,
// the first. Messages are never looked at (Graph: they change and are not for
// branching); what one status and code say in several words is one row.
var catalogue = []row{
	// A body, an ID or a filter that Graph cannot use, and a path that it does
	// not know.
	{status: 400, verdict: verdict{Refused, meeting.ReasonBadRequest, neverRetry}},

	// The token. Nobody can sign in for the program: its registration is at fault.
	{status: 401, mode: meeting.Application, verdict: verdict{Refused, meeting.ReasonAppToken, neverRetry}},
	{status: 401, code: codeChallenge, mode: meeting.Application, verdict: verdict{Refused, meeting.ReasonAppToken, neverRetry}},
	{status: 401, code: codeChallenge, verdict: verdict{Refused, meeting.ReasonClaims, neverRetry}},
	{status: 401, verdict: verdict{Refused, meeting.ReasonSignIn, neverRetry}},
	{status: 402, verdict: verdict{Refused, meeting.ReasonPayment, neverRetry}},

	// The right. For the program it is the application access policy, in three
	// wordings and codes over the years, one of them empty; for a person
	// whatever Graph does not tell: a licence, a policy, somebody else's meeting.
	{status: 403, code: codeChallenge, mode: meeting.Application, verdict: verdict{Refused, meeting.ReasonAppToken, neverRetry}},
	{status: 403, code: codeChallenge, verdict: verdict{Refused, meeting.ReasonClaims, neverRetry}},
	{status: 403, code: "Authorization_RequestDenied", mode: meeting.Application, verdict: verdict{Refused, meeting.ReasonAppScope, neverRetry}},
	{status: 403, code: "InvalidAuthenticationToken", mode: meeting.Application, verdict: verdict{Refused, meeting.ReasonAppScope, neverRetry}},
	{status: 403, code: "Authorization_RequestDenied", verdict: verdict{Refused, meeting.ReasonScope, neverRetry}},
	{status: 403, code: "InvalidAuthenticationToken", verdict: verdict{Refused, meeting.ReasonScope, neverRetry}},
	{status: 403, mode: meeting.Application, verdict: verdict{Refused, meeting.ReasonPolicy, neverRetry}},
	{status: 403, verdict: verdict{Refused, meeting.ReasonForbidden, neverRetry}},

	// Graph does not know the organizer: it has NotFound for a meeting.
	{status: 404, code: "UnknownError", mode: meeting.Application, method: http.MethodPost, verdict: verdict{Refused, meeting.ReasonNoOrganizer, neverRetry}},
	{status: 404, verdict: verdict{Refused, meeting.ReasonNotFound, neverRetry}},
	{status: 405, verdict: verdict{Refused, meeting.ReasonNotAllowed, neverRetry}},

	// Another change was under way (Graph: retry with back-off).
	{status: 409, verdict: verdict{Refused, meeting.ReasonConflict, retryIfRepeatable}},
	{status: 413, verdict: verdict{Refused, meeting.ReasonBadRequest, neverRetry}},
	{status: 415, verdict: verdict{Refused, meeting.ReasonBadRequest, neverRetry}},
	{status: 422, verdict: verdict{Refused, meeting.ReasonBadRequest, neverRetry}},
	{status: 429, verdict: verdict{Refused, meeting.ReasonThrottled, alwaysRetry}}, // whatever the code: UnknownError was seen

	{status: 503, verdict: verdict{Refused, meeting.ReasonBusy, alwaysRetry}},

	// Whatever else there is: 412 say, since no If-Match is ever sent; and 500,
	// 502, 504, 507 and 509, after which anything may have happened.
	{status: 4, verdict: verdict{Refused, meeting.ReasonRefused, neverRetry}},
	{status: 5, verdict: verdict{Unsure, meeting.ReasonServerError, retryIfRepeatable}},

	// No answer, or somebody else's.
	{verdict: unreachable},
	{verdict: untrusted},
	{verdict: proxied},
	{verdict: noAnswer},
	{verdict: garbled},
	{verdict: notFromGraph},
	{verdict: betaOff},
	{verdict: unusable},
}

// Reasons returns every key that Error.Reason can be, sorted: each has its
// sentences in locale.
func Reasons() []meeting.Reason {
	var keys []meeting.Reason
	for _, r := range catalogue {
		keys = append(keys, r.reason)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// judge returns what an answer of Graph's outside 2xx means. codes are Graph's,
// the most specific first; the one that it went by is returned too, or else the
// outermost, "" where there is none.
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
	return notFromGraph, outermost // a redirect, which is not followed, or 1xx: Graph sends neither
}

// fits reports whether the row is for that answer, its code aside.
func (r row) fits(op operation, status int) bool {
	return r.status != 0 && (r.status == status || r.status == min(status/100, 5)) &&
		(r.mode == "" || r.mode == op.mode) && (r.method == "" || r.method == op.method)
}
