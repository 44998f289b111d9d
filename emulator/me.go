package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// readMe is the caller's own profile.
func (e *Emulator) readMe(c *graphCall) (answer, error) { return e.profileAnswer(c, c.caller) }

func (e *Emulator) profileAnswer(c *graphCall, p Person) (answer, error) {
	profile := c.profile(p)
	profile["@odata.context"] = e.options.URL + "/" + c.version + "/$metadata#users/$entity"
	return jsonAnswer(http.StatusOK, graphJSON, profile), nil
}

// profile is a user as Graph shows one, shortened to $select when there is one.
func (c *graphCall) profile(p Person) map[string]any {
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
	only := c.option("select")
	if only == "" {
		return profile
	}
	var keep []string
	for property := range strings.SplitSeq(only, ",") {
		keep = append(keep, strings.ToLower(strings.TrimSpace(property)))
	}
	for property := range profile {
		if property != "id" && !slices.Contains(keep, strings.ToLower(property)) {
			delete(profile, property)
		}
	}
	return profile
}

// option returns a query option of OData, whose $ may be left out.
func (c *graphCall) option(name string) string {
	for key, values := range c.request.URL.Query() {
		if strings.EqualFold(strings.TrimPrefix(key, "$"), name) {
			return values[0]
		}
	}
	return ""
}
