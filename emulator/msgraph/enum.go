package msgraph

import (
	"net/http"
	"slices"
	"strings"

	"meetdesk/emulator/tenant"
)

// unknownValue replaces enum members that were added after the enum's first release,
// unless the request asks for them.
const unknownValue = "unknownFutureValue"

// wantsUnknownMembers reports whether a Prefer header requests the enum members that
// unknownValue would otherwise replace.
func wantsUnknownMembers(h http.Header) bool {
	for _, line := range h.Values("Prefer") {
		for preference := range strings.SplitSeq(line, ",") {
			preference, _, _ = strings.Cut(preference, ";") // drops the preference's parameters
			if strings.EqualFold(strings.TrimSpace(preference), "include-unknown-enum-members") {
				return true
			}
		}
	}
	return false
}

// hideUnknownMembers replaces newer members of the role and scope enums with
// unknownValue. It modifies d.
func hideUnknownMembers(d tenant.Document) {
	if participants, ok := d["participants"].(map[string]any); ok {
		attendees, _ := participants["attendees"].([]any)
		for _, a := range attendees {
			attendee, _ := a.(map[string]any)
			hideMembers(attendee, "role", "producer", "coorganizer")
		}
	}
	lobby, _ := d["lobbyBypassSettings"].(map[string]any)
	hideMembers(lobby, "scope", "invited", "organizationExcludingGuests")
}

func hideMembers(object map[string]any, property string, members ...string) {
	if value, ok := object[property].(string); ok && slices.Contains(members, value) {
		object[property] = unknownValue
	}
}
