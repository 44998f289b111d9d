package emulator

import (
	"slices"
	"strings"
)

// Delegated permissions that routes of the Graph side ask for.
const (
	scopeMeetingsRead  = "OnlineMeetings.Read"
	scopeMeetingsWrite = "OnlineMeetings.ReadWrite"
	scopeUserRead      = "User.Read"
)

// Application permissions. Those of people are delegated permissions as well.
const (
	roleMeetingsRead  = "OnlineMeetings.Read.All"
	roleMeetingsWrite = "OnlineMeetings.ReadWrite.All"
	roleUserBasic     = "User.ReadBasic.All"
	roleUserRead      = "User.Read.All"
)

// graphScopes are the delegated permissions that can be asked for. Some have no
// endpoint here yet; a sign-in that asks for them works all the same.
func graphScopes() []string {
	return []string{
		scopeMeetingsRead, scopeMeetingsWrite, scopeUserRead,
		roleUserBasic, roleUserRead, "People.Read", "MailboxSettings.Read",
		"Calendars.Read", "Calendars.ReadBasic", "Calendars.ReadWrite", "Mail.Send", "ChatMessage.Send",
		"OnlineMeetingArtifact.Read.All",
	}
}

// protocolScopes belong to OpenID Connect, not to Graph.
func protocolScopes() []string {
	return []string{"openid", "profile", "email", "offline_access"}
}

// bareScope takes the name of Graph off a scope that is written out, in any of
// the clouds that know online meetings.
func bareScope(scope string) string {
	for _, resource := range graphResources() {
		if bare, ok := strings.CutPrefix(scope, resource+"/"); ok {
			return bare
		}
	}
	return scope
}

func graphResources() []string {
	return []string{"https://graph.microsoft.com", "https://graph.microsoft.us", "https://dod-graph.microsoft.us"}
}

func scopeExists(scope string) bool {
	return slices.Contains(protocolScopes(), scope) || slices.Contains(graphScopes(), bareScope(scope))
}

// granted returns what remains of the asked scopes after the person's consent.
func granted(asked, denied []string) []string {
	return slices.DeleteFunc(slices.Clone(asked), func(scope string) bool {
		return slices.Contains(denied, bareScope(scope))
	})
}

// graphPermissions returns the Graph scopes among scopes, bare.
func graphPermissions(scopes []string) []string {
	var list []string
	for _, s := range scopes {
		if !slices.Contains(protocolScopes(), s) {
			list = append(list, bareScope(s))
		}
	}
	return list
}

// replied returns the scopes that a token reply names. Entra leaves
// offline_access out: the refresh token itself says that it was granted.
func replied(scopes []string) string {
	named := slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return s == "offline_access" })
	return strings.Join(named, " ")
}
