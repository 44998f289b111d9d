package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// unknownValue stands in a reply for an enum member that is younger than the
// enum, unless the request says that it knows such members.
const unknownValue = "unknownFutureValue"

// knowsAllMembers reads the Prefer header, of which there may be several, each
// with several preferences.
func knowsAllMembers(h http.Header) bool {
	for _, line := range h.Values("Prefer") {
		for preference := range strings.SplitSeq(line, ",") {
			preference, _, _ = strings.Cut(preference, ";") // its parameters
			if strings.EqualFold(strings.TrimSpace(preference), "include-unknown-enum-members") {
				return true
			}
		}
	}
	return false
}

// hideYoungMembers replaces the younger members of the two enums that have some.
// It changes d, which must be the caller's own copy.
func hideYoungMembers(d document) {
	if participants, ok := d["participants"].(map[string]any); ok {
		attendees, _ := participants["attendees"].([]any)
		for _, a := range attendees {
			attendee, _ := a.(map[string]any)
			hide(attendee, "role", "producer", "coorganizer")
		}
	}
	lobby, _ := d["lobbyBypassSettings"].(map[string]any)
	hide(lobby, "scope", "invited", "organizationExcludingGuests")
}

func hide(object map[string]any, property string, members ...string) {
	if value, ok := object[property].(string); ok && slices.Contains(members, value) {
		object[property] = unknownValue
	}
}
