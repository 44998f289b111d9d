// Package exactjson parses JSON, matching names exactly.
//
// encoding/json ignores case, so {"roles":[],"ROLES":["Meetdesk.Admin"]} sets the field
// "roles" twice. In RFC 8259, and for Entra, these are two different names.
package exactjson

import (
	"errors"

	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// Unmarshal works like encoding/json's Unmarshal, except that it matches names exactly.
// If a member has an unexpected type, its field stays unchanged, the rest is parsed, and
// IsType is true for the error.
func Unmarshal(data []byte, v any) error {
	return json.Unmarshal(data, v, jsonv1.DefaultOptionsV1(), json.MatchCaseInsensitiveNames(false))
}

// IsType reports whether an error from Unmarshal only means that some members have an
// unexpected type.
func IsType(err error) bool {
	var odd *jsonv1.UnmarshalTypeError
	return errors.As(err, &odd)
}
