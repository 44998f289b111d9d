package graph

import (
	"net/url"
	"strings"

	"meetdesk/meeting"
)

// As is in whose name Graph is called: it joins a token to the only path that it
// may be used on. Graph refuses a program's token on /me, and a person's on
// /users (createOrGet: permissions). The zero As is nobody, and sends nothing.
type As struct {
	token string
	owner string // the path of whose meetings, escaped; "" where it cannot be told
	mode  meeting.Mode
}

// Me is a person with their delegated token: their own meetings, on /me.
func Me(token string) As {
	return As{token: token, owner: "/me", mode: meeting.Delegated}
}

// For is the program itself with its application token, for the organizer with
// that object ID, on /users/{object id}. Graph takes no UPN there and answers as
// if the person were unknown (msgraph-sdk-dotnet#1215): one is sent nothing.
func For(objectID, token string) As {
	as := As{token: token, mode: meeting.Application}
	if isPathSegment(objectID) && !strings.Contains(objectID, "@") {
		as.owner = "/users/" + url.PathEscape(objectID)
	}
	return as
}

// meetings returns the path of the owner's meetings with what follows it, or ""
// where the owner or the rest is not known.
func (as As) meetingsPath(rest string) string {
	if as.owner == "" || rest == "" {
		return ""
	}
	return as.owner + "/onlineMeetings" + rest
}

// segment returns the ID as one segment of a path, or "" where it is none. It
// is opaque, about 150 characters, and base64 may hold a slash.
func pathSegment(id string) string {
	if !isPathSegment(id) {
		return ""
	}
	return "/" + url.PathEscape(id)
}

// isSegment refuses what would name what is above it, the whole collection or
// its owner: blank, "." and "..", which any proxy may resolve.
func isPathSegment(id string) bool {
	return strings.Trim(id, ". \t\r\n") != ""
}
