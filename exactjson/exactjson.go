// Package exactjson parses JSON, matching names exactly.
//
// encoding/json ignores case, so {"roles":[],"ROLES":["Meetdesk.Admin"]} sets the field
// "roles" twice. RFC 8259 and Entra treat the two names as different.
package exactjson

import (
	"errors"

	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// Unmarshal works like encoding/json's Unmarshal, except that it matches names exactly.
// If a member has an unexpected type, Unmarshal leaves its field unchanged, parses the
// rest, and returns an error for which IsType is true.
func Unmarshal(data []byte, v any) error {
	return json.Unmarshal(data, v, jsonv1.DefaultOptionsV1(), json.MatchCaseInsensitiveNames(false))
}

// IsType reports whether an error from Unmarshal only means that some members have an
// unexpected type.
func IsType(err error) bool {
	var odd *jsonv1.UnmarshalTypeError
	return errors.As(err, &odd)
}
