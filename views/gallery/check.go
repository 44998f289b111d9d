package gallery

import (
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func checkSamples(l Look) []Sample {
	p, d := l.page(alex, "Check", paths.Check), checkResults(l)
	return []Sample{
		{"check", views.Check(p, d)},
		{"check-never", views.Check(p, views.CheckData{Lines: d.Lines[len(d.Lines)-1:]})},
	}
}

// checkResults returns the results of a sample check. They include every state.
func checkResults(l Look) views.CheckData {
	t := func(key string, args map[string]any) string { return l.T.T(key, args) }
	line := func(state, setting, name, outcome string, args map[string]any) views.CheckLine {
		c := views.CheckLine{State: state, Setting: setting, Looked: t("check."+name, args), Found: t("check."+name+"."+outcome, args)}
		if state != "ok" {
			c.Do = t("check."+name+"."+outcome+".do", args)
		}
		return c
	}
	issuer := "https://login.microsoftonline.com/6f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10/v2.0"
	long := strings.Repeat("W", 300)
	return views.CheckData{At: Now.Add(-time.Minute), Lines: []views.CheckLine{
		line("ok", "", "provider", "ok", map[string]any{"URL": issuer + "/.well-known/openid-configuration", "Milliseconds": 80}),
		line("wrong", "MEETDESK_ISSUER", "issuer", "slash", map[string]any{"Found": issuer, "Want": issuer + "/"}),
		line("warning", "", "certificate", "soon", map[string]any{"Setting": "MEETDESK_CLIENT_CERTIFICATE_FILE", "Until": meeting.Day(Now.AddDate(0, 0, 9)), "Left": 9 * 24 * time.Hour}),
		line("unknown", "", "address", "unreachable", map[string]any{"URL": "https://meet.example.org", "Error": "connection refused"}),
		line("wrong", "", "graph", "foreign", map[string]any{"URL": "https://graph.microsoft.com/v1.0/me", "Status": 200, "Text": "text/html: <b>" + long}),
		line("ok", "", "scopes", "ok", map[string]any{"Granted": "openid User.Read OnlineMeetings.ReadWrite"}),
	}}
}
