package graph

import (
	"net/url"
	"strings"

	"meetdesk/meeting"
)

// As joins a token to the only path that it may be used on. Graph refuses the program's
// token on /me, and a person's on /users (createOrGet: permissions). The zero As has no
// token, and nothing is sent with it.
type As struct {
	token string
	owner string // the escaped path of the person whose meetings are used; "" if the ID is unusable
	mode  meeting.Mode
}

// Me returns the As of a person with their delegated token. It reaches their own
// meetings, on /me.
func Me(token string) As {
	return As{token: token, owner: "/me", mode: meeting.Delegated}
}

// For returns the As of the program with its application token. It reaches the meetings of
// the organizer with that object ID, on /users/{object id}. Graph does not accept a UPN
// there and responds as if the person were unknown (msgraph-sdk-dotnet#1215), so nothing
// is sent with a UPN.
func For(objectID, token string) As {
	as := As{token: token, mode: meeting.Application}
	if isPathSegment(objectID) && !strings.Contains(objectID, "@") {
		as.owner = "/users/" + url.PathEscape(objectID)
	}
	return as
}

// meetingsPath returns the path of the owner's meetings followed by rest, or "" if the
// owner or rest is unknown.
func (as As) meetingsPath(rest string) string {
	if as.owner == "" || rest == "" {
		return ""
	}
	return as.owner + "/onlineMeetings" + rest
}

// pathSegment returns the ID as one segment of a path with its slash, or "" if it cannot
// be one. A meeting's ID is opaque, about 150 characters long, and may contain a slash.
func pathSegment(id string) string {
	if !isPathSegment(id) {
		return ""
	}
	return "/" + url.PathEscape(id)
}

// isPathSegment refuses IDs that would address the collection or its owner instead: blank
// ones, "." and "..", which any proxy may resolve.
func isPathSegment(id string) bool {
	return strings.Trim(id, ". \t\r\n") != ""
}
