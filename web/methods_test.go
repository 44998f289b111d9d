package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"meetdesk/testenv"
)

// TestMethods sends requests with unsupported methods to the path of every route. They must
// change nothing, and the responses must list the allowed methods. The response to a HEAD
// request must be like the one to GET.
func TestMethods(t *testing.T) {
	testenv.SkipUnderRace(t)
	t.Parallel()
	testenv.SkipUnlessLong(t)
	s := newSite(t)
	s.signIn(priya).post("/meetings", s.form()).want(200)
	allowed := make(map[string][]string) // by path
	for _, route := range s.server.Routes() {
		method, path, _ := strings.Cut(route.Pattern, " ")
		allowed[path] = append(allowed[path], method)
		if method == http.MethodGet {
			allowed[path] = append(allowed[path], http.MethodHead)
		}
	}
	allowed["/admin/presets/new"] = append(allowed["/admin/presets/new"], "POST") // matches the route of a preset, with "new" as the ID
	before := len(s.graph.Requests())
	people := map[string]*browser{"nobody": s.visitor(""), priya: s.visitor(priya), tomas: s.visitor(tomas), alex: s.visitor(alex)}
	for path, methods := range allowed {
		for person, b := range people {
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"} {
				t.Run(fmt.Sprintf("%s/%s/%s", path, method, person), func(t *testing.T) {
					if slices.Contains(methods, method) {
						if method == http.MethodHead {
							b.wantLikeGet(t, path)
						}
						return // covered by TestWhoMayDoWhat
					}
					r := s.request(t, "POST "+path, [2]int64{1, 1})
					r.Method = method
					p := b.do(r)
					if wantStrict(t, p); p.status != http.StatusMethodNotAllowed {
						t.Errorf("status %d, want 405", p.status)
					}
					for _, m := range methods {
						if !strings.Contains(p.header.Get("Allow"), m) {
							t.Errorf("Allow is %q, want %s in it", p.header.Get("Allow"), m)
						}
					}
				})
			}
		}
	}
	if got := len(s.graph.Requests()); got != before {
		t.Errorf("Graph got %d requests, want none", got-before)
	}
	if got := record(t, s); len(got) != 1 || got[0].Subject != "Printer on fire" {
		t.Errorf("the meetings are %v, want only the first, unchanged", got)
	}
}

func (b *browser) wantLikeGet(t *testing.T, path string) {
	t.Helper()
	get := b.do(b.request(t, "GET "+path, [2]int64{1, 1}))
	head := b.do(b.request(t, "HEAD "+path, [2]int64{1, 1}))
	if head.status != get.status || head.body != "" {
		t.Errorf("HEAD has status %d and %d bytes, GET has status %d", head.status, len(head.body), get.status)
	}
	wantStrict(t, head)
}
