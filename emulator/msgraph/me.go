package msgraph

import (
	"net/http"
	"slices"
	"strings"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

func (s *Server) readMe(c *call) (wire.Response, error) { return s.profileResponse(c, c.caller) }

func (s *Server) profileResponse(c *call, p tenant.Person) (wire.Response, error) {
	profile := c.profile(p)
	profile["@odata.context"] = s.tenant.Options.URL + "/" + c.version + "/$metadata#users/$entity"
	return wire.JSON(http.StatusOK, graphJSON, profile), nil
}

// profile returns the properties of p that are listed in $select, or the default ones if
// there is no $select. The ID is always included.
func (c *call) profile(p tenant.Person) map[string]any {
	given, family, _ := strings.Cut(p.Name, " ")
	profile := map[string]any{
		"id":                p.ObjectID,
		"displayName":       p.Name,
		"givenName":         given,
		"surname":           family,
		"userPrincipalName": p.UPN,
		"mail":              p.Mail,
		"preferredLanguage": nil,
		"jobTitle":          nil,
		"mobilePhone":       nil,
		"officeLocation":    nil,
		"businessPhones":    []string{},
	}
	if p.Language != "" {
		profile["preferredLanguage"] = p.Language
	}
	selected := c.option("select")
	if selected == "" {
		return profile
	}
	var keep []string
	for property := range strings.SplitSeq(selected, ",") {
		keep = append(keep, strings.ToLower(strings.TrimSpace(property)))
	}
	for property := range profile {
		if property != "id" && !slices.Contains(keep, strings.ToLower(property)) {
			delete(profile, property)
		}
	}
	return profile
}

// option returns the value of an OData query option, whose name may be written with or
// without the $.
func (c *call) option(name string) string {
	for key, values := range c.request.URL.Query() {
		if strings.EqualFold(strings.TrimPrefix(key, "$"), name) {
			return values[0]
		}
	}
	return ""
}
