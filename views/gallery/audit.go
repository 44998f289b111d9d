package gallery

import (
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func auditSamples(l Look) []Sample {
	p := l.page(alex, "Audit", paths.Audit)
	long := strings.Repeat("W", 200)
	entries := []meeting.AuditEntry{
		{ID: 9, At: Now, Person: Dana, Action: "meeting.read", MeetingID: 7, ExternalID: "INC0012345", Kept: true, Detail: "qr.svg", Address: "192.0.2.7"},
		{ID: 8, At: Now.Add(-time.Minute), Action: "refused", Detail: "signin.state GET /auth/callback", Address: "2001:db8::7", Count: 5, HasCount: true},
		{ID: 7, At: Now.Add(-time.Hour), Person: Priya, Action: "refused", MeetingID: 7, Detail: "access.administrator GET /admin/audit", Address: "192.0.2.8", Kept: true},
		{ID: 6, At: Now.Add(-2 * time.Hour), Person: Dana, Action: "history.export_end", Detail: "q=printer&state=past", Count: 1204, HasCount: true},
		{ID: 5, At: Now.Add(-3 * time.Hour), Person: Priya, Action: "role", Detail: "staff → helpdesk"},
		{ID: 4, At: Now.Add(-4 * time.Hour), Person: alex, Action: "preset.change", Detail: `{"before":{"id":1,"name":"Change review","options":{}},"after":{"id":1,"name":"Change review","minutes":60,"options":{}}}`},
		{ID: 3, At: Now.Add(-5 * time.Hour), Person: Priya, Action: "meeting.read", MeetingID: 3, Detail: ""},
		{ID: 2, At: Now.Add(-6 * time.Hour), Person: Dana, Action: "history.read", Detail: "<b>" + long},
		{ID: 1, At: Now.Add(-7 * time.Hour), Person: Dana, Action: "future.action", Detail: "unknown to this version", MeetingID: 3, Kept: true},
	}
	actions := []string{"meeting.read", "sign_in", "refused"}
	ask := views.AuditAsk{Person: Dana, Meeting: "INC0012345", Action: "meeting.read", From: "2027-03-01", To: "2027-03-31"}
	wrong := meeting.Problems{
		{Field: "who", Key: meeting.ReasonPersonUnknown, Args: meeting.Args{"Value": "zoe"}},
		{Field: "meeting", Key: meeting.ReasonAuditMeeting, Args: meeting.Args{"Value": "INC"}}, {Field: "from", Key: meeting.ReasonFilterDate},
	}
	return []Sample{
		{"audit", views.Audit(p, views.AuditData{Actions: actions, Entries: entries, Older: paths.Audit, First: paths.Audit})},
		{"audit-filtered", views.Audit(p, views.AuditData{Ask: ask, Actions: actions, Entries: entries[:1], Examined: Now, Older: paths.Audit})},
		{"audit-none", views.Audit(p, views.AuditData{Actions: actions})},
		{"audit-nothing-found", views.Audit(p, views.AuditData{Ask: ask, Actions: actions})},
		{"audit-wrong", views.Audit(p, views.AuditData{Ask: views.AuditAsk{Meeting: "INC", From: "yesterday"}, Who: "zoe", Actions: actions, Problems: wrong})},
		{"audit-which-person", views.Audit(p, views.AuditData{Who: "a", Actions: actions, People: []meeting.User{Priya, Dana, alex}})},
	}
}
