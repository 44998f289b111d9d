package main

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"meetdesk/demo"
	"meetdesk/paths"
)

// diskRouteRows maps routes that write to the names of the rows that send requests to them
// while the desk cannot write.
var diskRouteRows = map[string]string{
	"GET /auth/callback":                "sign in",
	"GET /auth/frontchannel-logout":     "sign out at the provider",
	"POST /auth/logout":                 "sign out",
	"POST /preferences":                 "language",
	"POST /sessions/end":                "end one's other session",
	"GET /history.csv":                  "audit of an export",
	"GET /history.xlsx":                 "audit of a workbook",
	"GET /t/{external_id...}":           "audit of a ticket",
	"POST /meetings":                    "create",
	"POST /meetings/new/guard":          "guard card",
	"POST /meetings/adopt":              "adopt",
	"GET /meetings/{id}":                "audit of a look",
	"GET /meetings/{id}/invitation.ics": "audit of a calendar file",
	"GET /meetings/{id}/qr.svg":         "audit of a QR code",
	"POST /meetings/{id}/update":        "change",
	"POST /meetings/{id}/refresh":       "refresh",
	"POST /meetings/{id}/put-back":      "put back",
	"POST /meetings/{id}/note":          "note",
	"POST /meetings/{id}/sent":          "sent mark",
	"POST /meetings/{id}/take-back":     "take back a note",
	"POST /meetings/{id}/end-access":    "end access",
	"POST /meetings/{id}/give-access":   "give access back",
	"POST /meetings/{id}/hand-over":     "hand-over",
	"POST /meetings/{id}/remove":        "remove",
	"POST /attempts/{id}/retry":         "retry",
	"POST /attempts/{id}/dismiss":       "dismiss",
	"POST /imports":                     "upload a table",
	"POST /imports/{id}/check":          "correct a row",
	"POST /imports/{id}/remove":         "remove an upload",
	"POST /imports/{id}/pause":          "pause",
	"POST /imports/{id}/resume":         "resume",
	"POST /imports/{id}/cancel":         "cancel",
	"POST /imports/{id}/retry":          "retry the rows",
	"POST /admin/audit":                 "audit of a person to find in the audit",
	"GET /admin/audit.csv":              "audit of the audit",
	"GET /admin/audit.jsonl":            "audit of the audit as JSON",
	"POST /admin/check":                 "audit of a check",
	"GET /admin/people/{id}":            "audit of a person",
	"GET /admin/people/{id}/records":    "records of a person",
	"POST /admin/people/{id}/sign-out":  "sign somebody out",
	"GET /admin/imports":                "audit of the imports",
	"POST /admin/imports/{id}/pause":    "pause somebody else's",
	"POST /admin/imports/{id}/cancel":   "cancel somebody else's",
	"POST /admin/retention/purge":       "purge",
	"POST /admin/retention/rule":        "retention rule",
	"POST /admin/retention/person":      "audit of a person to erase",
	"POST /admin/retention/export":      "export of a person",
	"POST /admin/retention/erase":       "erasure",
	"POST /admin/presets":               "preset",
	"POST /admin/presets/{id}":          "change a preset",
	"POST /admin/presets/{id}/remove":   "remove a preset",
}

// diskReads maps routes that only read to the paths that testReads requests while the desk
// cannot write. The status of each response must be the same as before.
var diskReads = map[string]string{
	"GET /healthz":                  paths.Health,
	"GET /favicon.ico":              "/favicon.ico",
	"GET /auth/login":               paths.Login,
	"GET /auth/signed-out":          paths.SignedOut,
	"GET /auth/session":             "/auth/session",
	"GET /sessions":                 paths.Sessions,
	"GET /{$}":                      paths.Home,
	"GET /meetings/new":             paths.NewMeeting,
	"POST /meetings/new/summary":    paths.MeetingSummary,
	"POST /meetings/new/preset":     paths.MeetingPreset,
	"GET /meetings/adopt":           paths.AdoptMeeting,
	"GET /meetings/{id}/edit":       paths.EditMeeting(1),
	"GET /meetings/{id}/end-access": paths.EndAccess(1) + "?person=2",
	"GET /meetings/{id}/remove":     paths.RemoveMeeting(1),
	"GET /imports":                  paths.Imports,
	"GET /imports/new":              paths.NewImport,
	"GET /imports/template.xlsx":    paths.ImportTemplate,
	"GET /imports/{id}":             paths.Import(1),
	"GET /imports/{id}/invitations": paths.ImportInvitations(1),
	"GET /imports/{id}/result.csv":  paths.ImportCSV(1),
	"GET /imports/{id}/result.xlsx": paths.ImportXLSX(1),
	"GET /admin":                    paths.Admin,
	"GET /admin/check":              paths.Check,
	"GET /admin/retention":          paths.Retention,
	"GET /admin/presets":            paths.Presets,
	"GET /admin/presets/new":        paths.NewPreset,
	"GET /admin/presets/{id}":       paths.Preset(1),
}

// notOnDisk lists the routes that are in neither diskRouteRows nor diskReads. The value says
// why, or names the test that covers the route.
var notOnDisk = map[string]string{
	"GET /static/{file}":       "reads only what is in the program",
	"GET /readyz":              "TestReady reports a full disk",
	"GET /history":             "testQueuedAudit",
	"GET /admin/audit":         "testQueuedAudit",
	"GET /admin/people":        "testQueuedAudit",
	"POST /people":             "testQueuedAudit",
	"GET /waiting/{key}":       "reads only memory; the rows with a held response go through it when Microsoft is slow",
	"GET /imports/{id}/events": "a stream that ends with the import; reads only",
}

// Every route is tried on a full disk, or is listed with a reason in notOnDisk.
func TestEveryRouteIsTriedOnAFullDisk(t *testing.T) {
	g := newGround(t)
	a := g.app()
	defer a.Close()
	named := make(map[string]bool)
	for _, row := range slices.Concat(diskRows(), moreDiskRows(""), importDiskRows(), []diskRow{{name: "cancel"}}) {
		named[row.name] = true
	}
	known := make(map[string]bool)
	for _, route := range a.Site.Routes() {
		known[route.Pattern] = true
		row, writes := diskRouteRows[route.Pattern]
		_, reads := diskReads[route.Pattern]
		_, excused := notOnDisk[route.Pattern]
		switch {
		case writes && !named[row]:
			t.Errorf("%s: there is no row %q", route.Pattern, row)
		case !writes && !reads && !excused:
			t.Errorf("add a row for %s to the tests of the full disk, or a reason", route.Pattern)
		}
	}
	for pattern := range diskRouteRows {
		if !known[pattern] {
			t.Errorf("there is no route %s", pattern)
		}
	}
}

// wantRoute checks that the row's request went to the route for which diskRouteRows lists
// the row.
func (row diskRow) wantRoute(t *testing.T, asked *http.Request) {
	t.Helper()
	for pattern, name := range diskRouteRows {
		if name != row.name {
			continue
		}
		mux := http.NewServeMux()
		mux.HandleFunc(pattern, http.NotFound)
		if asked == nil {
			t.Errorf("no response from %s", pattern)
		} else if _, got := mux.Handler(asked); got != pattern {
			t.Errorf("the row sent %s %s, want %s", asked.Method, asked.URL, pattern)
		}
	}
}

// testReads requests every path in diskReads twice: while the desk can write, and while it
// cannot.
func testReads(t *testing.T, g *ground, people map[string]*visitor, block blockWrites) {
	statuses := func() map[string]int {
		got := make(map[string]int)
		for pattern, path := range diskReads {
			method, _, _ := strings.Cut(pattern, " ")
			who := demo.Priya
			if strings.HasPrefix(path, paths.Admin) {
				who = demo.Alex
			}
			client := *people[who].Client
			client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			r := httptest.NewRequest(method, g.site.String()+path, nil)
			r.RequestURI = ""
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			response, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			got[pattern] = response.StatusCode
		}
		return got
	}
	before := statuses()
	for pattern, status := range before {
		if status >= 400 {
			t.Errorf("%s: %d with space on the disk", pattern, status)
		}
	}
	end := block(t, g.dir)
	defer end()
	if during := statuses(); !maps.Equal(before, during) {
		t.Errorf("on the full disk: %v\nbefore: %v", during, before)
	}
}
