// Package exactjson reads JSON from outside with names matched exactly.
//
// encoding/json takes a member for a field whose name differs only in case, so
// that {"roles":[],"ROLES":["Meetdesk.Admin"]} sets the field "roles" twice. RFC
// 8259 compares names exactly, and so do Entra and everybody else who reads the
// same document: JOINWEBURL is not joinWebUrl.
package exactjson

import (
	"errors"

	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// Unmarshal is encoding/json's Unmarshal with names matched exactly. A member
// whose name differs from a field's only in case is ignored like any unknown
// one. As in encoding/json, a member of an unexpected type leaves its field
// alone, the rest is still read, and the error says so: see IsType.
func Unmarshal(data []byte, v any) error {
	return json.Unmarshal(data, v, jsonv1.DefaultOptionsV1(), json.MatchCaseInsensitiveNames(false))
}

// IsType reports whether Unmarshal's error is only that members have an
// unexpected type: the document is JSON and the other members have been read.
func IsType(err error) bool {
	var odd *jsonv1.UnmarshalTypeError
	return errors.As(err, &odd)
}
