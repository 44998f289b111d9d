package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"meetdesk/paths"
)

// samplePaths contains an example of each URL path in package paths. The keys are the names
// of the constants and functions.
var samplePaths = map[string]string{
	"Home": paths.Home, "Preferences": paths.Preferences, "People": paths.People,
	"History": paths.History, "HistoryCSV": paths.HistoryCSV, "HistoryXLSX": paths.HistoryXLSX,
	"Meetings": paths.Meetings, "NewMeeting": paths.NewMeeting, "AdoptMeeting": paths.AdoptMeeting,
	"MeetingGuard": paths.MeetingGuard, "MeetingSummary": paths.MeetingSummary, "MeetingPreset": paths.MeetingPreset,
	"Admin": paths.Admin, "Check": paths.Check, "Audit": paths.Audit, "AdminPeople": paths.AdminPeople, "AdminPerson": paths.AdminPerson(7), "PersonRecords": paths.PersonRecords(7), "SignOutPerson": paths.SignOutPerson(7), "AdminImports": paths.AdminImports, "AdminPauseImport": paths.AdminPauseImport(7), "AdminCancelImport": paths.AdminCancelImport(7), "Sessions": paths.Sessions, "EndSession": paths.EndSession, "AuditCSV": paths.AuditCSV, "AuditJSONL": paths.AuditJSONL, "Retention": paths.Retention, "RetentionPurge": paths.RetentionPurge, "RetentionRule": paths.RetentionRule, "RetentionPerson": paths.RetentionPerson, "RetentionExport": paths.RetentionExport, "RetentionErase": paths.RetentionErase, "Presets": paths.Presets, "NewPreset": paths.NewPreset, "Preset": paths.Preset(7), "RemovePreset": paths.RemovePreset(7),
	"Imports": paths.Imports, "NewImport": paths.NewImport, "ImportTemplate": paths.ImportTemplate, "Import": paths.Import(7),
	"CheckImport": paths.CheckImport(7), "RemoveImport": paths.RemoveImport(7), "PauseImport": paths.PauseImport(7), "ResumeImport": paths.ResumeImport(7),
	"CancelImport": paths.CancelImport(7), "RetryImport": paths.RetryImport(7), "ImportEvents": paths.ImportEvents(7), "ImportCSV": paths.ImportCSV(7), "ImportXLSX": paths.ImportXLSX(7), "ImportInvitations": paths.ImportInvitations(7),
	"Login": paths.Login, "Callback": paths.Callback, "Logout": paths.Logout,
	"SignedOut": paths.SignedOut, "FrontChannelLogout": paths.FrontChannelLogout,
	"Ticket": paths.Ticket("INC0012345/2"), "Meeting": paths.Meeting(7), "EditMeeting": paths.EditMeeting(7), "UpdateMeeting": paths.UpdateMeeting(7),
	"RefreshMeeting": paths.RefreshMeeting(7), "HandOverMeeting": paths.HandOverMeeting(7), "RemoveMeeting": paths.RemoveMeeting(7),
	"PutBackMeeting": paths.PutBackMeeting(7), "NoteMeeting": paths.NoteMeeting(7), "SentMeeting": paths.SentMeeting(7), "TakeBackNote": paths.TakeBackNote(7),
	"EndAccess": paths.EndAccess(7), "GiveAccess": paths.GiveAccess(7),
	"MeetingCalendar": paths.MeetingCalendar(7), "MeetingQR": paths.MeetingQR(7),
	"Waiting":      paths.Waiting("KEY"),
	"RetryAttempt": paths.RetryAttempt(7), "DismissAttempt": paths.DismissAttempt(7),
	"Health":      paths.Health,
	"Ready":       paths.Ready,
	"Submit":      paths.Submit(paths.Audit),
	"SamplePages": paths.SamplePages, "SamplePage": paths.SamplePage("a name/with a slash"),
	"SignIn": paths.SignIn("/meetings/7", "1.signed"),
	"StepUp": paths.StepUp(7, "/meetings/7", "1.signed"),
	"With":   paths.With(paths.History, map[string][]string{"q": {"a b"}}),
}

// notAddresses lists the exported names in package paths that are not URL paths.
var notAddresses = []string{"Auth", "MeetingID"}

// writtenElsewhere lists the routes that do not need a path in package paths.
var writtenElsewhere = []string{
	"GET /healthz",       // requested by monitoring
	"GET /readyz",        // requested by monitoring
	"GET /favicon.ico",   // requested by browsers
	"GET /static/{file}", // written in package static
	"GET /auth/session",  // written in static/app.js
}

func TestPathsMatchRoutes(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	unmatched := make(map[string]bool)
	for _, route := range everyRoute() {
		mux.Handle(route.Pattern, http.NotFoundHandler())
		unmatched[route.Pattern] = true
	}
	for _, pattern := range writtenElsewhere {
		if !unmatched[pattern] {
			t.Errorf("writtenElsewhere has %q, which is not a route", pattern)
		}
		delete(unmatched, pattern)
	}
	for name, path := range samplePaths {
		matched := false
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			_, pattern := mux.Handler(httptest.NewRequest(method, path, nil))
			matched = matched || pattern != ""
			delete(unmatched, pattern)
		}
		if !matched {
			t.Errorf("paths.%s gives %q, which matches no route", name, path)
		}
	}
	for _, pattern := range slices.Sorted(maps.Keys(unmatched)) {
		t.Errorf("no path matches the route %q: add its path to paths/paths.go, and an example to samplePaths in web/paths_test.go", pattern)
	}
}

// TestLiteralAddresses checks that the code in web, views, desk and cmd takes its URL paths
// from package paths. Only the route table and tests may contain literal paths.
func TestLiteralAddresses(t *testing.T) {
	t.Parallel()
	var segments []string
	for _, route := range everyRoute() {
		_, path, _ := strings.Cut(route.Pattern, " /")
		segment, _, _ := strings.Cut(path, "/")
		segments = append(segments, regexp.QuoteMeta(segment))
	}
	spelled := regexp.MustCompile("[\"`]/(" + strings.Join(segments, "|") + ")(/|\\?|\"|`)")
	searched := 0
	for _, dir := range []string{".", "../views", "../desk", "../cmd"} {
		err := filepath.WalkDir(dir, func(file string, _ fs.DirEntry, err error) error {
			isTest, isGenerated := strings.HasSuffix(file, "_test.go"), strings.HasSuffix(file, "_templ.go")
			isSource := filepath.Ext(file) == ".go" && !isTest && !isGenerated || filepath.Ext(file) == ".templ"
			if err != nil || !isSource || file == "routes.go" {
				return err
			}
			searched++
			text, err := os.ReadFile(file)
			for i, line := range strings.Split(string(text), "\n") {
				if code, _, _ := strings.Cut(line, "//"); spelled.MatchString(code) || strings.Contains(code, `href="/`) || strings.Contains(code, `action="/`) {
					t.Errorf("%s:%d has a literal address: %s", file, i+1, strings.TrimSpace(line))
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if searched < 100 {
		t.Errorf("only %d files were searched, want at least 100", searched)
	}
}

func TestSamplePathsAreComplete(t *testing.T) {
	t.Parallel()
	exported := exportedNames(t, "../paths/paths.go")
	for _, name := range exported {
		if samplePaths[name] == "" && !slices.Contains(notAddresses, name) {
			t.Errorf("paths.%s has no entry in samplePaths", name)
		}
	}
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(samplePaths)), notAddresses) {
		if !slices.Contains(exported, name) {
			t.Errorf("package paths exports no %s", name)
		}
	}
}

func TestFormPagesAreRoutes(t *testing.T) {
	t.Parallel()
	patterns := make(map[string]bool)
	for _, route := range everyRoute() {
		patterns[route.Pattern] = true
	}
	for _, route := range everyRoute() {
		isPost := strings.HasPrefix(route.Pattern, "POST ")
		if route.page != "" && (!isPost || !patterns["GET "+route.page]) {
			t.Errorf("%s: the page of its form, %q, is not a route", route.Pattern, route.page)
		}
		isListed := route.page == paths.AdminImports // the page lists all imports, so it has no ID
		if hasID := strings.Contains(route.Pattern, "{id}"); route.page != "" && !isListed && strings.Contains(route.page, "{id}") != hasID {
			t.Errorf("%s: the page of its form, %q, is not about the same meeting", route.Pattern, route.page)
		}
		if isPost && route.page == "" && strings.HasPrefix(route.Pattern, "POST /meetings") {
			t.Errorf("%s does not name the page of its form", route.Pattern)
		}
	}
}

func TestMeetingIDOfPath(t *testing.T) {
	t.Parallel()
	if id, ok := paths.MeetingID(paths.Meeting(7)); id != 7 || !ok {
		t.Errorf("MeetingID(Meeting(7)) is %d, %v", id, ok)
	}
	for _, path := range []string{"", "/", "7", "/meetings", "/meetings/", "/meetings/0", "/meetings/-7", "/meetings/new", "/meetings/7/edit", "/history/7"} {
		if id, ok := paths.MeetingID(path); ok {
			t.Errorf("MeetingID(%q) is %d, want none", path, id)
		}
	}
}

func everyRoute() []Route {
	return (&Server{Config: Config{Samples: func(*http.Request) templ.Component { return nil }}}).routeTable()
}

func exportedNames(t *testing.T, file string) (names []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range parsed.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			names = append(names, d.Name.Name)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if value, ok := spec.(*ast.ValueSpec); ok {
					for _, name := range value.Names {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return !ast.IsExported(name) })
}
