package graph

import (
	"cmp"
	"slices"

	"meetdesk/exactjson"
)

// errorDocument is the "error" of Graph's error body. Its inner errors nest,
// each more specific than the one around it.
type errorDocument struct {
	Code    string      `json:"code"`
	Message string      `json:"message"`
	Inner   *innerError `json:"innerError"`
	Lower   *innerError `json:"innererror"` // Graph writes both
}

type innerError struct {
	Code            string      `json:"code"`
	Date            string      `json:"date"`
	RequestID       string      `json:"request-id"`
	ClientRequestID string      `json:"client-request-id"`
	Inner           *innerError `json:"innerError"`
	Lower           *innerError `json:"innererror"`
}

// parseError reads an error body: the zero document where it is none of Graph's.
func parseError(body []byte) errorDocument {
	var w struct {
		Error errorDocument `json:"error"`
	}
	if err := exactjson.Unmarshal(body, &w); err != nil && !exactjson.IsType(err) {
		return errorDocument{}
	}
	return w.Error
}

// codes returns the codes there are, the most specific first.
func (d errorDocument) codes() []string {
	var codes []string
	for inner := cmp.Or(d.Inner, d.Lower); inner != nil; inner = cmp.Or(inner.Inner, inner.Lower) {
		if inner.Code != "" {
			codes = append(codes, inner.Code)
		}
	}
	slices.Reverse(codes)
	if d.Code != "" {
		codes = append(codes, d.Code)
	}
	return codes
}

// inner returns the outermost inner error, which carries the IDs and the date.
func (d errorDocument) inner() innerError {
	if inner := cmp.Or(d.Inner, d.Lower); inner != nil {
		return *inner
	}
	return innerError{}
}
