package entra

import (
	"slices"
	"strings"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// graphScopes returns the delegated permissions that a sign-in may request. The emulator
// does not have routes for all of them.
func graphScopes() []string {
	return []string{
		tenant.MeetingsRead, tenant.MeetingsReadWrite, tenant.UserRead,
		tenant.UserReadBasicAll, tenant.UserReadAll, "People.Read", "MailboxSettings.Read",
		"Calendars.Read", "Calendars.ReadBasic", "Calendars.ReadWrite", "Mail.Send", "ChatMessage.Send",
		"OnlineMeetingArtifact.Read.All",
	}
}

// protocolScopes returns the OpenID Connect scopes, which are not Graph permissions.
func protocolScopes() []string {
	return []string{"openid", "profile", "email", "offline_access"}
}

// defaultScope is the scope that requests all of the application's permissions.
const defaultScope = ".default"

// scopes holds the scopes from a request, grouped by kind. Entra ignores their case, so
// they are stored with the capitalization used in Entra's documentation.
type scopes struct {
	protocol []string
	resource []string // Graph permissions without the URL prefix, or .default
	full     []string // the same permissions, with the URL prefix if the request had one
}

// parseScopes parses a scope parameter. It refuses unknown scopes. It also refuses
// .default if the parameter contains other permissions.
func parseScopes(parameter string) (scopes, error) {
	var s scopes
	for _, scope := range strings.Fields(parameter) {
		prefix, bare := splitScope(scope)
		if known, ok := wire.Canonical(bare, protocolScopes()); ok && prefix == "" {
			s.protocol = append(s.protocol, known)
			continue
		}
		known, ok := wire.Canonical(bare, append(graphScopes(), defaultScope))
		if !ok {
			return scopes{}, refusalScope
		}
		s.resource, s.full = append(s.resource, known), append(s.full, prefix+known)
	}
	if slices.Contains(s.resource, defaultScope) && slices.ContainsFunc(s.resource, func(r string) bool { return r != defaultScope }) {
		return scopes{}, refusalDefaultMixed
	}
	return s, nil
}

func (s scopes) isDefault() bool { return slices.Contains(s.resource, defaultScope) }

func (s scopes) all() []string { return slices.Concat(s.protocol, s.full) }

// permissions returns the permissions without Graph's URL. It replaces .default with the
// permissions that .default includes.
func (s scopes) permissions() []string {
	if s.isDefault() {
		return graphScopes()
	}
	return s.resource
}

// splitScope separates Graph's URL from the permission in a scope. It recognizes Graph's
// URL in every cloud that offers online meetings.
func splitScope(scope string) (prefix, bare string) {
	for _, resource := range graphResources() {
		if n := len(resource) + 1; len(scope) > n && strings.EqualFold(scope[:n], resource+"/") {
			return scope[:n], strings.TrimPrefix(scope[n:], "/") // MSAL for .NET writes resource//.default
		}
	}
	return "", scope
}

func graphResources() []string {
	return []string{"https://graph.microsoft.com", "https://graph.microsoft.us", "https://dod-graph.microsoft.us", tenant.GraphAudience}
}

// without returns a copy of list that omits the scopes for denied permissions.
func without(list, denied []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(scope string) bool {
		_, bare := splitScope(scope)
		return slices.Contains(denied, bare)
	})
}

// scopeReply returns the scope for a token response. As in Entra, it omits offline_access
// and adds the permissions that .default includes.
func scopeReply(requested scopes, permissions []string) string {
	named := without(requested.protocol, []string{"offline_access"})
	if !requested.isDefault() {
		return strings.Join(append(named, requested.full...), " ")
	}
	prefix := strings.TrimSuffix(requested.full[0], defaultScope)
	for _, p := range permissions {
		named = append(named, prefix+p)
	}
	return strings.Join(append(named, requested.full[0]), " ")
}
