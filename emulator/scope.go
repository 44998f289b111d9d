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

// defaultScope means every permission that the application has.
const defaultScope = ".default"

// scopes are those of a request, by what they mean. Entra does not look at
// their case; here they have the spelling of the documentation.
type scopes struct {
	protocol []string
	resource []string // Graph's permissions, bare, or .default
	spelled  []string // the same with Graph's name in front where it was asked for like that
}

// parseScopes reads a scope parameter. It refuses what does not exist, and
// .default together with permissions that are named.
func parseScopes(parameter string) (scopes, error) {
	var s scopes
	for _, asked := range strings.Fields(parameter) {
		prefix, bare := splitScope(asked)
		if known, ok := canonical(bare, protocolScopes()); ok && prefix == "" {
			s.protocol = append(s.protocol, known)
			continue
		}
		known, ok := canonical(bare, append(graphScopes(), defaultScope))
		if !ok {
			return scopes{}, refusalScope
		}
		s.resource, s.spelled = append(s.resource, known), append(s.spelled, prefix+known)
	}
	if slices.Contains(s.resource, defaultScope) && slices.ContainsFunc(s.resource, func(r string) bool { return r != defaultScope }) {
		return scopes{}, refusalDefaultMixed
	}
	return s, nil
}

func (s scopes) isDefault() bool { return slices.Contains(s.resource, defaultScope) }

func (s scopes) all() []string { return slices.Concat(s.protocol, s.spelled) }

// permissions returns the bare permissions that the scopes stand for.
func (s scopes) permissions() []string {
	if s.isDefault() {
		return graphScopes()
	}
	return s.resource
}

// splitScope takes the name of Graph off a scope that is written out, in any of
// the clouds that know online meetings.
func splitScope(scope string) (prefix, bare string) {
	for _, resource := range graphResources() {
		if n := len(resource) + 1; len(scope) > n && strings.EqualFold(scope[:n], resource+"/") {
			return scope[:n], strings.TrimPrefix(scope[n:], "/") // MSAL for .NET writes resource//.default
		}
	}
	return "", scope
}

func graphResources() []string {
	return []string{"https://graph.microsoft.com", "https://graph.microsoft.us", "https://dod-graph.microsoft.us", graphAudience}
}

// canonical returns how the list spells name, whatever its case.
func canonical(name string, list []string) (string, bool) {
	i := slices.IndexFunc(list, func(known string) bool { return strings.EqualFold(known, name) })
	if i < 0 {
		return "", false
	}
	return list[i], true
}

// without returns the list without the permissions that a person denied.
func without(list, denied []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(scope string) bool {
		_, bare := splitScope(scope)
		return slices.Contains(denied, bare)
	})
}

// replied returns the scopes that a token reply names. Entra leaves
// offline_access out, since the refresh token itself says that it was granted,
// and names what .default stood for.
func replied(asked scopes, permissions []string) string {
	named := without(asked.protocol, []string{"offline_access"})
	if !asked.isDefault() {
		return strings.Join(append(named, asked.spelled...), " ")
	}
	prefix := strings.TrimSuffix(asked.spelled[0], defaultScope)
	for _, p := range permissions {
		named = append(named, prefix+p)
	}
	return strings.Join(append(named, asked.spelled[0]), " ")
}
