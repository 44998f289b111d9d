package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/testenv"
	"meetdesk/web"
)

// accessImport is an import that TestWhoMayDoWhatWithImports uses in request URLs.
type accessImport struct {
	id     int64
	owner  string // UPN
	state  meeting.ImportState
	ticket string // visible only to people who may see the import
}

func (i accessImport) String() string { return string(i.state) + " of " + i.owner }

// allows reports whether the person may use the route for this import. Administrators see
// other people's imports once they are started.
func (i accessImport) allows(pattern, person string) bool {
	started := i.state != meeting.ImportDraft
	switch {
	case strings.HasPrefix(pattern, "POST /imports/{id}/") && person == i.owner:
		return true // an action that the state does not permit is not refused, but changes nothing
	case pattern == "GET /imports/{id}", pattern == "GET /imports/{id}/events":
		return person == i.owner || started && roles[person] == administrator
	default: // the results
		return person == i.owner && started
	}
}

// TestWhoMayDoWhatWithImports requests every route under /imports/{id} as different people,
// for imports in every state. Only the owner may change an import or get its results.
func TestWhoMayDoWhatWithImports(t *testing.T) {
	testenv.SkipUnderRace(t)
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t, withPeople(busyAdmin))
	browsers := make(map[string]*browser)
	for _, person := range []string{"", signedOut, sam, priya, tomas, dana, alex, busyAdmin.UPN} {
		browsers[person] = s.visitorFor(person)
	}
	var imports []accessImport
	for _, owner := range []string{priya, busyAdmin.UPN} {
		for _, state := range []meeting.ImportState{meeting.ImportDraft, meeting.ImportRunning, meeting.ImportPaused, meeting.ImportDone, meeting.ImportCancelled} {
			id := int64(len(imports) + 1)
			imports = append(imports, accessImport{id, owner, state, fmt.Sprintf("SECRET%d", id)})
			s.addImport(owner, imports[id-1].ticket)
		}
	}
	// A series is an import whose rows all have the same ticket.
	imports = append(imports, accessImport{int64(len(imports) + 1), priya, meeting.ImportDraft, "SERIES1"})
	s.addImport(priya, "SERIES1", "SERIES1")
	set := func(i accessImport) {
		execute(t, s, fmt.Sprintf(`UPDATE imports SET state = '%s', started_at = 1, ends_at = 4000000000000, finished_at = 1 WHERE id = %d`, i.state, i.id))
	}
	for _, i := range imports {
		set(i)
	}
	routes := slices.DeleteFunc(idleFirst(s.server.Routes()), func(r web.Route) bool { return !isAboutImport(r.Pattern) })
	slices.SortStableFunc(routes, func(a, b web.Route) int { // drafts are removed last
		return strings.Compare(strings.Replace(a.Pattern, "POST /imports/{id}/remove", "~", 1), strings.Replace(b.Pattern, "POST /imports/{id}/remove", "~", 1))
	})
	removed := make(map[int64]bool)
	for _, route := range routes {
		for person := range browsers {
			for _, i := range imports {
				if removed[i.id] {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%v", route.Pattern, person, i), func(t *testing.T) {
					r := s.request(t, route.Pattern, [2]int64{})
					r.URL.Path = strings.Replace(r.URL.Path, "/imports/1", "/imports/"+strconv.FormatInt(i.id, 10), 1)
					if strings.HasSuffix(route.Pattern, "/events") {
						r.Method = http.MethodHead // the stream of a running import would take 25 seconds
					}
					p := browsers[person].do(r)
					got, want := isAllowed(t, route.Pattern, p), i.allows(route.Pattern, person)
					if got != want {
						t.Errorf("allowed is %v (status %d), want %v", got, p.status, want)
					}
					if !want && strings.Contains(p.body, i.ticket) {
						t.Error("the response shows a row of the import")
					}
					now, err := s.store.Import(t.Context(), i.id)
					switch known := err == nil || meeting.CodeOf(err) == meeting.NotFound; {
					case !known || !want && (err != nil || now.State != i.state):
						t.Errorf("the import is now %q, %v", now.State, err)
					case err != nil:
						removed[i.id] = true
					case now.State != i.state:
						set(i)
					}
				})
			}
		}
	}
}
