package graph

import (
	"net/url"
	"strings"

	"meetdesk/meeting"
)

// As combines a token with the only path on which it may be used. Graph refuses the
// program's token on /me, and a person's token on /users (createOrGet: permissions).
// Operations with the zero As fail without sending a request.
type As struct {
	token string
	owner string // the escaped path of the meetings' owner: /me or /users/{id}; "" if the ID is unusable
	mode  meeting.Mode
}

// Me returns an As for a person's delegated token, which gives access to that person's own
// meetings on /me.
func Me(token string) As {
	return As{token: token, owner: "/me", mode: meeting.Delegated}
}

// For returns an As for the program's application token, which gives access to an
// organizer's meetings on /users/{object id}. No request is sent if objectID is a UPN,
// because Graph does not accept UPNs in that path (msgraph-sdk-dotnet#1215).
func For(objectID, token string) As {
	as := As{token: token, mode: meeting.Application}
	if isPathSegment(objectID) && !strings.Contains(objectID, "@") {
		as.owner = "/users/" + url.PathEscape(objectID)
	}
	return as
}

func (as As) meetingsPath(rest string) string {
	if as.owner == "" || rest == "" {
		return ""
	}
	return as.owner + "/onlineMeetings" + rest
}

// pathSegment returns a slash and the escaped ID, or "" if the ID cannot be a segment. A
// meeting's ID is opaque and may contain a slash.
func pathSegment(id string) string {
	if !isPathSegment(id) {
		return ""
	}
	return "/" + url.PathEscape(id)
}

// isPathSegment reports whether the ID is usable as a path segment. An ID that consists
// only of dots and white space is not usable, because a proxy that cleans the path would
// send the request to another resource.
func isPathSegment(id string) bool {
	return strings.Trim(id, ". \t\r\n") != ""
}
