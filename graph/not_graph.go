package graph

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"meetdesk/meeting"
)

// maxExcerpt is the maximum length, in characters, of an excerpt from a response that is
// garbled or from another server.
const maxExcerpt = 200

// notFromGraphVerdict returns the verdict on a response from a web filter, proxy, load
// balancer or wrong server. The request may have been carried out. A retry may help with
// an overloaded gateway, but not with a filter.
func notFromGraphVerdict(status int) verdict {
	v := notFromGraph
	if status < 300 || status >= 500 || status == http.StatusRequestTimeout || status == http.StatusTooManyRequests {
		v.retry = retryIfRepeatable
	}
	return v
}

// describeForeign returns the call with a message that describes the response, which is
// garbled or comes from another server.
func describeForeign(call meeting.Call, resp *http.Response, body []byte) meeting.Call {
	call.Message = originOf(resp)
	if text := excerpt(string(body)); text != "" {
		call.Message += ": " + text
	}
	return call
}

func originOf(resp *http.Response) string {
	description := excerpt(contentType(resp))
	if to, err := url.Parse(resp.Header.Get("Location")); err == nil && to.String() != "" {
		to.RawQuery, to.Fragment, to.User = "", "", nil // these parts may contain personal data
		description += ", Location " + excerpt(to.String())
	}
	return description
}

func contentType(resp *http.Response) string {
	return cmp.Or(resp.Header.Get("Content-Type"), "no Content-Type")
}

// excerpt returns the beginning of the text as one line, without characters that are
// invisible or change the writing direction.
func excerpt(text string) string {
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
