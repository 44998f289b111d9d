package entra

import (
	"slices"
	"strings"
	"testing"
)

// FuzzScopes asserts that parseScopes returns one scope for each scope in a valid parameter
// and that parsing the returned scopes again does not change them.
func FuzzScopes(f *testing.F) {
	for _, parameter := range []string{"openid profile User.Read", "https://graph.microsoft.com/.default", "https://graph.microsoft.com//.default openid", "OPENID user.read", "User.Read .default", "x", "https://graph.microsoft.com/"} {
		f.Add(parameter)
	}
	f.Fuzz(func(t *testing.T, parameter string) {
		s, err := parseScopes(parameter)
		if err != nil {
			return
		}
		again, err := parseScopes(strings.Join(s.all(), " "))
		if err != nil || !slices.Equal(again.all(), s.all()) {
			t.Errorf("%q is %q, and that %q, %v", parameter, s.all(), again.all(), err)
		}
		if len(s.all()) != len(strings.Fields(parameter)) {
			t.Errorf("%q is %q", parameter, s.all())
		}
	})
}
