package msgraph

import (
	"net/http"
	"strconv"
	"strings"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// The default and maximum number of users per page.
const (
	defaultPageSize = 100
	maxPageSize     = 999
)

func (s *Server) readUser(c *call) (wire.Response, error) {
	name := c.request.PathValue("user")
	p, ok := s.findUser(name)
	if !ok || p.Tenant != s.tenant.Options.Tenant {
		return wire.Response{}, graphError{
			status: http.StatusNotFound, code: "Request_ResourceNotFound",
			message: "Resource '" + name + "' does not exist or one of its queried reference-property objects are not present.",
		}
	}
	return s.profileResponse(c, p)
}

// findUser returns the user with the given object ID or UPN. As in Graph, object IDs are
// case-sensitive (traverse-the-graph.md).
func (s *Server) findUser(name string) (tenant.Person, bool) {
	p, ok := s.tenant.People.Find(name)
	return p, ok && (p.ObjectID == name || !strings.EqualFold(p.ObjectID, name))
}

func (s *Server) listUsers(c *call) (wire.Response, error) {
	match, err := c.userMatch()
	if err != nil {
		return wire.Response{}, err
	}
	top, skip, err := c.page()
	if err != nil {
		return wire.Response{}, err
	}
	found := []map[string]any{}
	for _, p := range s.tenant.People.All() {
		if p.Tenant == s.tenant.Options.Tenant && match(p) {
			found = append(found, c.profile(p))
		}
	}
	reply := map[string]any{"@odata.context": s.tenant.Options.URL + "/" + c.version + "/$metadata#users"}
	if strings.EqualFold(c.option("count"), "true") {
		reply["@odata.count"] = len(found)
	}
	found = found[min(skip, len(found)):]
	if len(found) > top {
		found = found[:top]
		reply["@odata.nextLink"] = s.nextPage(c, skip+top)
	}
	reply["value"] = found
	return wire.JSON(http.StatusOK, graphJSON, reply), nil
}

// userMatch returns a function that reports whether a person matches $search or $filter.
// $search and $count require the header ConsistencyLevel: eventual
// (aad-advanced-queries.md).
func (c *call) userMatch() (func(tenant.Person) bool, error) {
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
	return func(tenant.Person) bool { return true }, nil
}

func unsupportedQuery(reason string) graphError {
	return graphError{status: http.StatusBadRequest, code: "Request_UnsupportedQuery", message: "Unsupported Query.", reason: reason}
}

// page parses $top and $skiptoken. Links from nextPage contain a $skiptoken.
func (c *call) page() (top, skip int, err error) {
	top = defaultPageSize
	if given := c.option("top"); given != "" {
		if top, err = strconv.Atoi(given); err != nil || top < 1 || top > maxPageSize {
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

func (s *Server) nextPage(c *call, skip int) string {
	q := c.request.URL.Query()
	q.Set("$skiptoken", strconv.Itoa(skip))
	return s.tenant.Options.URL + "/" + c.version + "/users?" + q.Encode()
}
