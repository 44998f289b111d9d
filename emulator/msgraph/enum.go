package msgraph

import (
	"net/http"
	"slices"
	"strings"

	"meetdesk/emulator/tenant"
)

// unknownValue replaces an enum member that was added after the enum's first
// release, unless the request says that it knows such members.
const unknownValue = "unknownFutureValue"

// wantsUnknownMembers reads the Prefer headers. There may be several, each with
// several preferences.
func wantsUnknownMembers(h http.Header) bool {
	for _, line := range h.Values("Prefer") {
		for preference := range strings.SplitSeq(line, ",") {
			preference, _, _ = strings.Cut(preference, ";") // drops its parameters
			if strings.EqualFold(strings.TrimSpace(preference), "include-unknown-enum-members") {
				return true
			}
		}
	}
	return false
}

// hideUnknownMembers replaces the members that were added later to role and
// scope. It changes d, which must be the caller's own copy.
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
