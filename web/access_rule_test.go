package web

import "testing"

func TestUnknownAccessRuleIsRefused(t *testing.T) {
	t.Parallel()
	for name, access := range map[string]Access{"a route without a rule": 0, "a rule that requiredRole lacks": ForAdministrators + 1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("guard accepts %s, want a panic: otherwise its page would be open to people without the role", name)
				}
			}()
			new(Server).guard(Route{Pattern: "GET /admin/people", Access: access})
		}()
	}
}
