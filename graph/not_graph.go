package graph

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"meetdesk/meeting"
)

// maxCame is how many characters of such a response are kept.
const maxExcerpt = 200

// notGraph is the verdict on a response that Graph did not send: a web filter, a proxy,
// a load balancer, or a server that MEETDESK_GRAPH_URL names by mistake did. The
// response does not show whether the request was carried out. A filter answers a
// repetition in the same way; an overloaded gateway may not.
func notFromGraphVerdict(status int) verdict {
	v := notFromGraph
	if status < 300 || status >= 500 || status == http.StatusRequestTimeout || status == http.StatusTooManyRequests {
		v.retry = retryIfRepeatable
	}
	return v
}

// stranger returns the call with a description of the response for the administrator:
// its type, its Location, and its first characters.
func (x *exchange) describeForeign(call meeting.Call, resp *http.Response, body []byte) meeting.Call {
	came := x.excerpt(contentType(resp))
	if to, err := url.Parse(resp.Header.Get("Location")); err == nil && to.String() != "" {
		to.RawQuery, to.Fragment, to.User = "", "", nil // may carry whose it is
		came += ", Location " + x.excerpt(to.String())
	}
	if text := x.excerpt(string(body)); text != "" {
		came += ": " + text
	}
	call.Message = came
	return call
}

func contentType(resp *http.Response) string {
	return cmp.Or(resp.Header.Get("Content-Type"), "no Content-Type")
}

// legible returns the first characters of the text on one line, without what
// shows nothing or turns the direction of writing, and without the token: some
// servers answer with the request that they got.
func (x *exchange) excerpt(text string) string {
	if x.token != "" {
		text = strings.ReplaceAll(text, x.token, "…")
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text[:min(len(text), 50*maxExcerpt)], ""))
	if text = strings.Join(strings.Fields(text), " "); len([]rune(text)) > maxExcerpt {
		text = string([]rune(text)[:maxExcerpt]) + "…"
	}
	return text
}
