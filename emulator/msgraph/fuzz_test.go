package msgraph

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator/tenant"
)

// FuzzUserQuery asserts that evaluating a valid $search or $filter twice gives the same
// result. Filtering by a person's name must find that person.
func FuzzUserQuery(f *testing.F) {
	for _, query := range []string{`"displayName:priya" OR "mail:priya"`, `"displayName:a" AND "mail:b" OR "id:c"`, `startswith(displayName,'O''Hara') or mail eq 'x'`, `"displayName:a\"b"`, `startswith(x,'y')`, `mail eq 'a' and`, ``} {
		f.Add(query, "Priya Nair")
	}
	f.Fuzz(func(t *testing.T, query, name string) {
		person := tenant.Person{Name: name, Mail: "priya@contoso.example", UPN: "priya@contoso.example", ObjectID: "o"}
		for _, parse := range []func(string) (func(tenant.Person) bool, error){parseUserSearch, parseUserFilter} {
			match, err := parse(query)
			if (match == nil) == (err == nil) {
				t.Errorf("%q: %v", query, err)
			}
			if err != nil {
				continue
			}
			if first, second := match(person), match(person); first != second {
				t.Errorf("%q matches %q only sometimes", query, name)
			}
		}
		match, err := parseUserFilter("displayName eq '" + strings.ReplaceAll(name, "'", "''") + "'")
		if err != nil || !match(person) {
			t.Errorf("%q does not match itself: %v", name, err)
		}
	})
}

// FuzzPath asserts that withCanonicalPath leaves canonical paths unchanged and never
// changes a meeting's ID.
func FuzzPath(f *testing.F) {
	for _, path := range []string{"/v1.0/me/onlineMeetings/x", "/V1.0/Users('a''b')/ONLINEMEETINGS/microsoft.graph.createOrGet()/", "/beta/%24batch", "/v1.0//me", "/v1.0/users/%2e%2e", "/v2", "/"} {
		f.Add(path, "MSo1/x*")
	}
	f.Fuzz(func(t *testing.T, path, id string) {
		canonical := func(path string) string {
			u, err := url.Parse("http://graph.example" + path)
			if err != nil {
				return path
			}
			return withCanonicalPath(&http.Request{Method: http.MethodGet, URL: u}).URL.EscapedPath()
		}
		if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "?#") {
			return
		}
		if once := canonical(path); strings.HasPrefix(once, "/") && canonical(once) != once {
			t.Errorf("%q becomes %q, and then %q", path, once, canonical(once))
		}
		if id = strings.Trim(id, "/"); id != "" && !isCreateOrGet(id) {
			if got, want := canonical("/V1.0/ME/onlinemeetings/"+url.PathEscape(id)), "/v1.0/me/onlineMeetings/"+url.PathEscape(id); got != want {
				t.Errorf("%q becomes %q", want, got)
			}
		}
	})
}

// FuzzTime asserts that a time is stored as the same instant, to within 100 nanoseconds.
func FuzzTime(f *testing.F) {
	for _, text := range []string{"2026-12-01T09:00:00Z", "2026-12-01T09:00:00.123456789+14:00", "2026-12-01T09:00-03:00", "2026-12-01", "0001-01-01T00:00:00Z", "9999-12-31T23:59:60Z", "\\u0032"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quoted, err := json.Marshal(text)
		if err != nil {
			return
		}
		var at, again edmTime
		if json.Unmarshal(quoted, &at) != nil {
			return
		}
		if err := json.Unmarshal([]byte(`"`+formatTime(at.Time)+`"`), &again); at.Year() >= 1 && at.Year() <= 9999 && (err != nil || !again.Equal(at.Time)) {
			t.Errorf("%q is stored as %v and read as %v, %v", text, at, again, err)
		}
		if parsed, err := time.Parse(time.RFC3339Nano, text); err == nil && parsed.Sub(at.Time).Abs() >= 100*time.Nanosecond {
			t.Errorf("%q is stored as %v", text, at)
		}
	})
}
