package web_test

import (
	"net/url"
	"testing"
)

// A purge requires a number of months and a confirmation. In the retention rule, a blank
// field means that records are kept.
func TestRetentionForms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.signIn(alex)
	const months = "Enter a whole number of months from 1 to 1200"
	for _, wrong := range []string{"0", "-1", "1201", "many"} {
		for _, field := range []string{"meetings", "audit"} {
			a.post("/admin/retention/purge", url.Values{field: {wrong}}).want(422, months)
			a.post("/admin/retention/rule", url.Values{"rule_" + field: {wrong}}).want(422, months)
		}
	}
	const nothing = "Enter how old meetings or audit entries must be"
	a.post("/admin/retention/purge", url.Values{}).want(422, nothing)
	a.post("/admin/retention/purge", url.Values{"confirmed": {"1"}}).want(422, nothing)
	a.post("/admin/retention/purge", url.Values{"meetings": {"12"}, "audit": {""}}).want(200, "Nothing is that old")
	a.post("/admin/retention/rule", url.Values{"rule_meetings": {"60"}, "rule_audit": {""}}).want(200)
	if rule := readColumn(t, s, `SELECT meeting_months || ' ' || audit_months FROM retention_rule`); rule != "60 0" {
		t.Errorf("the rule is %q, want 60 months for meetings alone", rule)
	}
}

// A user can be found by part of their name or address. Someone who was only invited can be
// found by their full address.
func TestRetentionFindsAPerson(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.signIn(alex)
	s.signIn(priya)
	s.signIn(dana)
	for who, texts := range map[string][]string{
		"priya":                  {"To confirm, type priya@contoso.example"},
		"guest@fabrikam.example": {"To confirm, type guest@fabrikam.example"},
		"contoso":                {"priya@contoso.example", "dana@contoso.example", "alex@contoso.example"},
	} {
		a.post("/admin/retention/person", url.Values{"who": {who}}).want(200, texts...)
	}
	a.post("/admin/retention/person", url.Values{"who": {"nobody"}}).want(422)
	a.post("/admin/retention/export", url.Values{}).want(200, "What is kept about a person")
}
