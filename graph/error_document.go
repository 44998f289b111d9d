package graph

import (
	"cmp"
	"slices"

	"meetdesk/exactjson"
)

// errorDocument is the "error" member of Graph's error body. Each inner error is more
// specific than the enclosing one.
type errorDocument struct {
	Code       wireCode    `json:"code"`
	Message    string      `json:"message"`
	Inner      *innerError `json:"innerError"`
	InnerLower *innerError `json:"innererror"` // Graph uses both spellings
}

// wireCode is an error code. Graph's codes are strings. isText is false for any other JSON
// value.
type wireCode struct {
	text   string
	isText bool
}

// UnmarshalJSON accepts any JSON value.
func (c *wireCode) UnmarshalJSON(b []byte) error {
	*c = wireCode{isText: b[0] == '"'}
	if !c.isText {
		return nil
	}
	return exactjson.Unmarshal(b, &c.text)
}

type innerError struct {
	Code            string      `json:"code"`
	Date            string      `json:"date"`
	RequestID       string      `json:"request-id"`
	ClientRequestID string      `json:"client-request-id"`
	Inner           *innerError `json:"innerError"`
	InnerLower      *innerError `json:"innererror"`
}

// parseError parses an error body and reports whether it has Graph's format, in which the
// error has a string as its code. Other services send {"error":"…"} or a numeric code.
func parseError(body []byte) (d errorDocument, isGraphs bool) {
	var w struct {
		Error errorDocument `json:"error"`
	}
	if err := exactjson.Unmarshal(body, &w); err != nil && !exactjson.IsType(err) {
		return errorDocument{}, false
	}
	return w.Error, w.Error.Code.isText
}

// codes returns all codes, most specific first.
func (d errorDocument) codes() []string {
	var codes []string
	for inner := cmp.Or(d.Inner, d.InnerLower); inner != nil; inner = cmp.Or(inner.Inner, inner.InnerLower) {
		if inner.Code != "" {
			codes = append(codes, inner.Code)
		}
	}
	slices.Reverse(codes)
	if d.Code.text != "" {
		codes = append(codes, d.Code.text)
	}
	return codes
}

// inner returns the outermost inner error, which contains the IDs and the date.
func (d errorDocument) inner() innerError {
	if inner := cmp.Or(d.Inner, d.InnerLower); inner != nil {
		return *inner
	}
	return innerError{}
}
