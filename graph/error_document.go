package graph

import (
	"cmp"
	"slices"

	"meetdesk/exactjson"
)

// errorDocument is the "error" of Graph's error body. Its inner errors nest,
// each more specific than the one around it.
type errorDocument struct {
	Code       wireCode    `json:"code"`
	Message    string      `json:"message"`
	Inner      *innerError `json:"innerError"`
	InnerLower *innerError `json:"innererror"` // Graph writes both
}

// wireCode is a code, and whether it is text as Graph's are; "" is one.
type wireCode struct {
	text   string
	isText bool
}

// UnmarshalJSON reads any value.
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

// parseError reads an error body and reports whether it is in Graph's form: an
// error with a code that is text. Others say {"error":"…"} or have a number there.
func parseError(body []byte) (d errorDocument, isGraphs bool) {
	var w struct {
		Error errorDocument `json:"error"`
	}
	if err := exactjson.Unmarshal(body, &w); err != nil && !exactjson.IsType(err) {
		return errorDocument{}, false
	}
	return w.Error, w.Error.Code.isText
}

// codes returns the codes there are, the most specific first.
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

// inner returns the outermost inner error, which carries the IDs and the date.
func (d errorDocument) inner() innerError {
	if inner := cmp.Or(d.Inner, d.InnerLower); inner != nil {
		return *inner
	}
	return innerError{}
}
