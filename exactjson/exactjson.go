// Package exactjson parses JSON and matches names exactly.
//
// encoding/json ignores case, so {"roles":[],"ROLES":["Meetdesk.Admin"]} sets the field
// "roles" twice. According to RFC 8259, these are two different names. Entra and other
// readers of the same document treat them as different, too.
package exactjson

import (
	"errors"

	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// Unmarshal does the same as encoding/json's Unmarshal, except that it matches names
// exactly. If a member's name differs from a field's name only in case, the member is
// ignored like any unknown member. If a member has an unexpected type, Unmarshal leaves
// its field unchanged, parses the rest, and returns an error for which IsType is true.
func Unmarshal(data []byte, v any) error {
	return json.Unmarshal(data, v, jsonv1.DefaultOptionsV1(), json.MatchCaseInsensitiveNames(false))
}

// IsType reports whether an error from Unmarshal only means that some members have an
// unexpected type. In that case, all other members were parsed.
func IsType(err error) bool {
	var odd *jsonv1.UnmarshalTypeError
	return errors.As(err, &odd)
}
