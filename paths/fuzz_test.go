package paths_test

import (
	"net/url"
	"strings"
	"testing"

	"meetdesk/paths"
)

// FuzzPaths asserts that URLs contain exactly the values from which they were built and
// only characters that are allowed in a header.
func FuzzPaths(f *testing.F) {
	f.Add("INC0012345~2", "/meetings/new?subject=a%26b", int64(7))
	f.Add("../admin", "//evil.example", int64(-1))
	f.Add("a/b?c#d\r\nX: y", "javascript:alert(1)", int64(1)<<62)
	f.Add(".", "\u202e\xff", int64(0))
	f.Fuzz(func(t *testing.T, ticket, returnTo string, id int64) {
		for _, address := range []string{paths.Ticket(ticket), paths.SignIn(returnTo, ticket), paths.StepUp(id, returnTo, ticket)} {
			u, err := url.Parse(address)
			if err != nil || u.Host != "" || u.Scheme != "" || u.Fragment != "" || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' }) {
				t.Errorf("%q: %v", address, err)
			}
		}
		u, _ := url.Parse(paths.Ticket(ticket))
		if u.Path != "/t/"+ticket || u.RawQuery != "" {
			t.Errorf("the ticket %q has the path %q", ticket, u.Path)
		}
		u, _ = url.Parse(paths.SignIn(returnTo, ticket))
		if query := u.Query(); query.Get("return_to") != returnTo || query.Get("signed_in_as") != ticket {
			t.Errorf("%q and %q become %v", returnTo, ticket, query)
		}
		if got, ok := paths.MeetingID(paths.Meeting(id)); ok != (id > 0) || ok && got != id {
			t.Errorf("meeting %d has the ID %d, %v", id, got, ok)
		}
		if got, ok := paths.MeetingID(returnTo); ok && paths.Meeting(got) != returnTo {
			t.Errorf("%q is read as meeting %d", returnTo, got)
		}
	})
}
