package emulator

import (
	"net/http"
	"strconv"
	"strings"
)

// How many users a page of a list holds.
const (
	usualUsers = 100
	mostUsers  = 999
)

// readUser is somebody's profile, by object ID or UPN.
func (e *Emulator) readUser(c *graphCall) (answer, error) {
	name := c.request.PathValue("user")
	p, ok := e.people.atGraph(name)
	if !ok || p.Tenant != e.options.Tenant {
		return answer{}, graphError{
			status: http.StatusNotFound, code: "Request_ResourceNotFound",
			message: "Resource '" + name + "' does not exist or one of its queried reference-property objects are not present.",
		}
	}
	return e.profileAnswer(c, p)
}

// listUsers is the directory, or what a $search or a $filter leaves of it.
func (e *Emulator) listUsers(c *graphCall) (answer, error) {
	match, err := c.userMatch()
	if err != nil {
		return answer{}, err
	}
	top, skip, err := c.page()
	if err != nil {
		return answer{}, err
	}
	found := []map[string]any{}
	for _, p := range e.people.people {
		if p.Tenant == e.options.Tenant && match(p) {
			found = append(found, c.profile(p))
		}
	}
	reply := map[string]any{"@odata.context": e.options.URL + "/" + c.version + "/$metadata#users"}
	if strings.EqualFold(c.option("count"), "true") {
		reply["@odata.count"] = len(found)
	}
	found = found[min(skip, len(found)):]
	if len(found) > top {
		found = found[:top]
		reply["@odata.nextLink"] = e.nextPage(c, skip+top)
	}
	reply["value"] = found
	return jsonAnswer(http.StatusOK, graphJSON, reply), nil
}

// userMatch reads $search or $filter. What the directory calls an advanced
// query needs a header, so that nobody uses its slower index by accident.
func (c *graphCall) userMatch() (func(Person) bool, error) {
	search, filter, count := c.option("search"), c.option("filter"), c.option("count")
	eventual := strings.EqualFold(c.request.Header.Get("ConsistencyLevel"), "eventual")
	switch {
	case (search != "" || strings.EqualFold(count, "true")) && !eventual:
		return nil, unsupportedQuery("$search and $count need the header ConsistencyLevel: eventual")
	case search != "" && filter != "":
		return nil, unsupportedQuery("the emulator does not combine $search and $filter")
	case search != "":
		return parseUserSearch(search)
	case filter != "":
		return parseUserFilter(filter)
	}
	return func(Person) bool { return true }, nil
}

func unsupportedQuery(reason string) graphError {
	return graphError{status: http.StatusBadRequest, code: "Request_UnsupportedQuery", message: "Unsupported Query.", reason: reason}
}

// page reads $top, and the token that nextPage put into a link.
func (c *graphCall) page() (top, skip int, err error) {
	top = usualUsers
	if given := c.option("top"); given != "" {
		if top, err = strconv.Atoi(given); err != nil || top < 1 || top > mostUsers {
			return 0, 0, badRequest("Invalid page size specified: '"+given+"'. Must be between 1 and 999 inclusive.", "")
		}
	}
	if given := c.option("skiptoken"); given != "" {
		if skip, err = strconv.Atoi(given); err != nil || skip < 0 {
			return 0, 0, badRequest("The $skiptoken is not valid.", "it comes from @odata.nextLink")
		}
	}
	return top, skip, nil
}

func (e *Emulator) nextPage(c *graphCall, skip int) string {
	q := c.request.URL.Query()
	q.Set("$skiptoken", strconv.Itoa(skip))
	return e.options.URL + "/" + c.version + "/users?" + q.Encode()
}
