package web

import (
	"net/http"
	"slices"
	"strings"

	"meetdesk/meeting"
)

// Route is one row of the route table.
type Route struct {
	Pattern string // method and path, in the syntax of net/http
	Access  Access
	handle  handler

	page    string // for POST: the path of the page with the form or button; "" if there is no such page or more than one
	asks    bool   // whether the handler may call Microsoft
	uploads bool   // whether the form may contain a file
	refill  bool   // whether page can show the form again with the user's input
	typed   bool   // whether the form has user input that page cannot show again
	limit   *limiter
}

func open(pattern string, h handler) Route { return Route{Pattern: pattern, Access: Open, handle: h} }
func signedIn(pattern string, h handler) Route {
	return Route{Pattern: pattern, Access: SignedIn, handle: h}
}
func staff(pattern string, h handler) Route {
	return Route{Pattern: pattern, Access: ForStaff, handle: h}
}
func administrators(pattern string, h handler) Route {
	return Route{Pattern: pattern, Access: ForAdministrators, handle: h}
}

func (r Route) path() string {
	_, path, _ := strings.Cut(r.Pattern, " ")
	return path
}

// formOn returns a copy of the route for a form on the given page, which can show the form
// again with the user's input; see showTyped.
func (r Route) formOn(page string) Route {
	r.page, r.refill = page, true
	return r
}

// buttonOn returns a copy of the route for a button on the given page.
func (r Route) buttonOn(page string) Route {
	r.page = page
	return r
}

// typedOn returns a copy of the route for a form on the given page. The page cannot show
// the form again, so users must keep it open while they sign in.
func (r Route) typedOn(page string) Route {
	r.page, r.typed = page, true
	return r
}

func (r Route) withFile() Route {
	r.uploads = true
	return r
}

func (s *Server) routeTable() []Route {
	asking := func(pattern string, h handler) Route { // the handler may wait for Microsoft
		route := staff(pattern, s.patiently(h))
		route.asks = true
		return route
	}
	routes := []Route{
		open("GET /healthz", s.healthz),
		open("GET /readyz", s.readyz),
		open("GET /static/{file}", s.staticFile),
		open("GET /favicon.ico", s.favicon),

		open("GET /auth/login", s.login),
		open("GET /auth/callback", s.callback),
		open("GET /auth/frontchannel-logout", s.frontChannelLogout),
		open("GET /auth/signed-out", s.signedOut),
		open("GET /auth/session", s.session),
		open("POST /auth/logout", s.logout), // open, so that it signs the user out at the provider even if the session has ended
		signedIn("POST /preferences", s.preferences).withFile(),
		signedIn("GET /sessions", s.ownSessions),
		signedIn("POST /sessions/end", s.endOwnSession).buttonOn("/sessions"),

		staff("GET /{$}", s.home),
		staff("GET /history", s.history),
		staff("GET /history.csv", s.historyCSV),
		staff("GET /history.xlsx", s.historyXLSX),
		staff("GET /t/{external_id...}", s.ticket),
		staff("GET /waiting/{key}", s.waitingShow),
		staff("POST /people", s.people),

		staff("GET /meetings/new", s.meetingNew),
		asking("POST /meetings", s.meetingCreate).formOn("/meetings/new"),
		staff("POST /meetings/new/guard", s.meetingGuard).buttonOn("/meetings/new"), // the form's script uses this route and the next two
		staff("POST /meetings/new/summary", s.meetingSummary).buttonOn("/meetings/new"),
		staff("POST /meetings/new/preset", s.meetingPreset).buttonOn("/meetings/new"),
		staff("GET /meetings/adopt", s.meetingAdoptForm),
		asking("POST /meetings/adopt", s.meetingAdopt).formOn("/meetings/adopt"),
		staff("GET /meetings/{id}", s.meetingShow),
		staff("GET /meetings/{id}/invitation.ics", s.meetingCalendar),
		staff("GET /meetings/{id}/qr.svg", s.meetingQR),
		staff("GET /meetings/{id}/edit", s.meetingEdit),
		asking("POST /meetings/{id}/update", s.meetingUpdate).formOn("/meetings/{id}/edit"),
		asking("POST /meetings/{id}/refresh", s.meetingRefresh).buttonOn("/meetings/{id}"),
		asking("POST /meetings/{id}/put-back", s.meetingPutBack).buttonOn("/meetings/{id}"),
		staff("POST /meetings/{id}/note", s.meetingNote).formOn("/meetings/{id}"),
		staff("POST /meetings/{id}/sent", s.meetingSent).formOn("/meetings/{id}"),
		staff("POST /meetings/{id}/take-back", s.meetingTakeBack).buttonOn("/meetings/{id}"),
		staff("GET /meetings/{id}/end-access", s.meetingEndAccessForm),
		staff("POST /meetings/{id}/end-access", s.meetingEndAccess).buttonOn("/meetings/{id}"),
		staff("POST /meetings/{id}/give-access", s.meetingGiveAccess).buttonOn("/meetings/{id}"),
		staff("POST /meetings/{id}/hand-over", s.meetingHandOver).buttonOn("/meetings/{id}"),
		staff("GET /meetings/{id}/remove", s.meetingRemoveForm),
		asking("POST /meetings/{id}/remove", s.meetingRemove).buttonOn("/meetings/{id}"),

		asking("POST /attempts/{id}/retry", s.attemptRetry),
		asking("POST /attempts/{id}/dismiss", s.attemptDismiss),
	}
	routes = slices.Concat(routes, s.importRoutes(), s.adminRoutes())
	if s.Samples != nil {
		routes = append(routes, open("GET /dev/pages", s.samplePage), open("GET /dev/pages/{name}", s.samplePage))
	}
	return routes
}

func (s *Server) importRoutes() []Route {
	return []Route{
		staff("GET /imports", s.importList),
		staff("GET /imports/new", s.importNew),
		staff("GET /imports/template.xlsx", s.importTemplate),
		staff("POST /imports", s.importAdd).formOn("/imports/new").withFile(),
		staff("GET /imports/{id}", s.importShow),
		staff("POST /imports/{id}/check", s.importCheck).typedOn("/imports/{id}"),
		staff("POST /imports/{id}/remove", s.importRemove).buttonOn("/imports/{id}"),
		staff("POST /imports/{id}/pause", s.importPause).buttonOn("/imports/{id}"),
		staff("POST /imports/{id}/resume", s.importResume).buttonOn("/imports/{id}"),
		staff("POST /imports/{id}/cancel", s.importCancel).buttonOn("/imports/{id}"),
		staff("POST /imports/{id}/retry", s.importRetry).buttonOn("/imports/{id}"),
		staff("GET /imports/{id}/events", s.importEvents),
		staff("GET /imports/{id}/invitations", s.importInvitations),
		staff("GET /imports/{id}/result.csv", s.importCSV),
		staff("GET /imports/{id}/result.xlsx", s.importXLSX),
	}
}

func (s *Server) adminRoutes() []Route {
	return []Route{
		administrators("GET /admin", s.adminOverview),
		administrators("GET /admin/audit", s.auditPage),
		administrators("POST /admin/audit", s.auditFind).buttonOn("/admin/audit"),
		administrators("GET /admin/audit.csv", s.auditCSV),
		administrators("GET /admin/audit.jsonl", s.auditJSONL),
		administrators("GET /admin/check", s.checkPage),
		administrators("POST /admin/check", s.checkNow).buttonOn("/admin/check"),
		administrators("GET /admin/people", s.adminPeople),
		administrators("GET /admin/people/{id}", s.adminPerson),
		administrators("GET /admin/people/{id}/records", s.adminPersonRecords),
		administrators("POST /admin/people/{id}/sign-out", s.adminSignOut).buttonOn("/admin/people/{id}"),
		administrators("GET /admin/imports", s.adminImports),
		administrators("POST /admin/imports/{id}/pause", s.adminPauseImport).buttonOn("/admin/imports"),
		administrators("POST /admin/imports/{id}/cancel", s.adminCancelImport).buttonOn("/admin/imports"),
		administrators("GET /admin/retention", s.retentionPage),
		administrators("POST /admin/retention/purge", s.retentionPurge).buttonOn("/admin/retention"),
		administrators("POST /admin/retention/rule", s.retentionRule).buttonOn("/admin/retention"),
		administrators("POST /admin/retention/person", s.retentionPerson).buttonOn("/admin/retention"),
		administrators("POST /admin/retention/export", s.retentionExport).buttonOn("/admin/retention"),
		administrators("POST /admin/retention/erase", s.retentionErase).buttonOn("/admin/retention"),
		administrators("GET /admin/presets", s.presetList),
		administrators("GET /admin/presets/new", s.presetNew),
		administrators("POST /admin/presets", s.presetAdd).formOn("/admin/presets/new"),
		administrators("GET /admin/presets/{id}", s.presetEdit),
		administrators("POST /admin/presets/{id}", s.presetChange).formOn("/admin/presets/{id}"),
		administrators("POST /admin/presets/{id}/remove", s.presetRemove).buttonOn("/admin/presets/{id}"),
	}
}

// notFoundPages shows the site's error pages for unknown URLs and unsupported methods.
// These requests count against the limit on pages.
func (s *Server) notFoundPages(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		// A handler that is not ours is the mux's own redirect, for example from //history.
		// seeOther handles URLs that are too long for a header.
		if _, ours := h.(http.HandlerFunc); pattern != "" && (ours || len(r.URL.RequestURI()) < maxLocation) {
			mux.ServeHTTP(w, r)
			return
		}
		s.handle(func(w http.ResponseWriter, r *http.Request) error {
			if err := s.charge(r, s.strays); err != nil {
				return err
			}
			response := headerOnly{header: make(http.Header)}
			h.ServeHTTP(&response, r)
			if to := response.header.Get("Location"); to != "" {
				return s.seeOther(w, r, to)
			}
			if allow := response.header.Get("Allow"); allow != "" {
				w.Header().Set("Allow", allow)
				return &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonMethodWrong}
			}
			return &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonPageUnknown}
		}).ServeHTTP(w, r)
	})
}

// headerOnly records the headers of a response and discards the rest.
type headerOnly struct{ header http.Header }

func (a *headerOnly) Header() http.Header         { return a.header }
func (a *headerOnly) Write(p []byte) (int, error) { return len(p), nil }
func (a *headerOnly) WriteHeader(int)             {}
