package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// readMe is the caller's own profile, shortened to $select when there is one.
func (e *Emulator) readMe(c *graphCall) (answer, error) {
	p := c.caller
	given, family, _ := strings.Cut(p.Name, " ")
	me := map[string]any{
		"id":                p.ObjectID,
		"displayName":       p.Name,
		"givenName":         given,
		"surname":           family,
		"userPrincipalName": p.UPN,
		"mail":              p.UPN,
		"preferredLanguage": nil,
		"jobTitle":          nil,
		"mobilePhone":       nil,
		"officeLocation":    nil,
		"businessPhones":    []string{},
	}
	if p.Language != "" {
		me["preferredLanguage"] = p.Language
	}
	if only := c.request.URL.Query().Get("$select"); only != "" {
		keep := strings.Split(only, ",")
		for property := range me {
			if property != "id" && !slices.Contains(keep, property) {
				delete(me, property)
			}
		}
	}
	me["@odata.context"] = e.options.URL + "/" + c.version + "/$metadata#users/$entity"
	return jsonAnswer(http.StatusOK, graphJSON, me), nil
}
