package web

import (
	"fmt"
	"strings"
	"time"

	"meetdesk/meeting"
)

// Limit is a row of the limit table. It limits the rate of requests to all of its routes
// together.
type Limit struct {
	Name    string
	Person  Rate           // the rate for each person who is signed in
	Address Rate           // the rate for each client address, with or without a session
	AtOnce  int            // how many requests of one person may run at the same time; 0 means no limit
	Wait    time.Duration  // how long a request waits while AtOnce others are running
	Busy    meeting.Reason // the reason shown to the person if none of their running requests ends in time

	// ByHandler is true if the handlers count the person's requests themselves. They count
	// only look-ups of colleagues' meetings and tickets that are shown as guesses.
	ByHandler bool
	Routes    []string
}

// Rate allows a burst of Burst requests and one more after each period of length Every. If
// Day is not 0, it allows at most 2×Day requests within 24 hours. The zero Rate allows
// everything.
type Rate struct {
	Burst int
	Every time.Duration
	Day   int
}

// DefaultLimits returns the limits that docs/operate.md describes. Each route must be in
// exactly one row.
//
// A person can view colleagues' meetings for at most 400 tickets a day, to prevent users from
// enumerating all tickets of an organization. Desks that share a database each allow an equal
// share, because a proxy spreads a person's requests over them. The limit for directory
// look-ups is much higher, because all users can read the directory anyway.
//
// An office may share one address, so an address is allowed at least ten times the rate of a
// person and has no daily limit.
func DefaultLimits() []Limit {
	return []Limit{
		{Name: "files", Routes: []string{"GET /healthz", "GET /readyz", "GET /static/{file}", "GET /favicon.ico"}}, // cheap to serve
		{Name: "sign-in", Person: Rate{Burst: 30, Every: 5 * time.Second}, Address: Rate{Burst: 300, Every: time.Second / 5}, Routes: []string{"GET /auth/login"}},
		{Name: "callback", Person: Rate{Burst: 30, Every: 5 * time.Second}, Address: Rate{Burst: 300, Every: time.Second / 5}, Routes: []string{"GET /auth/callback", "GET /auth/frontchannel-logout"}},
		{
			Name: "pages", Person: Rate{Burst: 300, Every: time.Second / 10}, Address: Rate{Burst: 3000, Every: time.Second / 100},
			Routes: []string{
				"GET /auth/signed-out", "GET /auth/session", "POST /auth/logout", "POST /preferences",
				"GET /{$}", "GET /meetings/new", "POST /meetings/new/summary", "POST /meetings/new/preset", "GET /meetings/adopt",
				"GET /meetings/{id}", "GET /meetings/{id}/invitation.ics", "GET /meetings/{id}/qr.svg",
				"GET /meetings/{id}/edit", "GET /meetings/{id}/remove", "GET /meetings/{id}/end-access", "GET /waiting/{key}",
				"GET /admin", "GET /admin/check", "GET /admin/retention", "GET /admin/presets", "GET /admin/presets/new", "GET /admin/presets/{id}",
				"GET /sessions", "GET /admin/people", "GET /admin/people/{id}", "GET /admin/imports",
				"GET /imports", "GET /imports/new", "GET /imports/template.xlsx", "GET /imports/{id}",
			},
		},
		{
			Name: "searches", Person: Rate{Burst: 60, Every: time.Second, Day: 10_000}, Address: Rate{Burst: 600, Every: time.Second / 20},
			AtOnce: 2, Wait: 3 * time.Second, Busy: meeting.ReasonSearchBusy, Routes: []string{"GET /history", "GET /admin/audit", "POST /admin/audit", "POST /admin/retention/purge", "POST /admin/retention/person", "GET /admin/people/{id}/records"},
		},
		{
			Name: "exports", Person: Rate{Burst: 10, Every: time.Minute, Day: 200}, Address: Rate{Burst: 100, Every: 5 * time.Second},
			AtOnce: 2, Busy: meeting.ReasonExportOwn, Routes: []string{"GET /history.csv", "GET /history.xlsx", "GET /admin/audit.csv", "GET /admin/audit.jsonl", "POST /admin/retention/export", "GET /imports/{id}/invitations", "GET /imports/{id}/result.csv", "GET /imports/{id}/result.xlsx"},
		},
		{
			Name: "uploads", Person: Rate{Burst: 20, Every: 20 * time.Second, Day: 200}, Address: Rate{Burst: 200, Every: 2 * time.Second},
			AtOnce: 1, Wait: 3 * time.Second, Busy: meeting.ReasonImportBusy, Routes: []string{"POST /imports"},
		},
		{
			Name: "streams", Person: Rate{Burst: 60, Every: 2 * time.Second}, Address: Rate{Burst: 600, Every: time.Second / 5},
			AtOnce: 4, Wait: time.Second, Busy: meeting.ReasonImportWatched, Routes: []string{"GET /imports/{id}/events"},
		},
		{
			Name: "directory", Person: Rate{Burst: 50, Every: time.Second / 2, Day: 3000}, Address: Rate{Burst: 500, Every: time.Second / 50},
			Routes: []string{"POST /people"},
		},
		{
			Name: "tickets", Person: Rate{Burst: 30, Every: 5 * time.Second, Day: 200}, Address: Rate{Burst: 600, Every: time.Second / 20}, ByHandler: true,
			Routes: []string{"GET /t/{external_id...}", "POST /meetings/new/guard", "POST /meetings/{id}/hand-over"},
		},
		{
			Name: "creates", Person: Rate{Burst: 60, Every: 5 * time.Second, Day: 1000}, Address: Rate{Burst: 600, Every: time.Second / 20},
			Routes: []string{"POST /meetings"},
		},
		{
			Name: "changes", Person: Rate{Burst: 60, Every: 3 * time.Second, Day: 2000}, Address: Rate{Burst: 600, Every: time.Second / 20},
			Routes: []string{
				"POST /meetings/{id}/update", "POST /meetings/{id}/remove", "POST /attempts/{id}/retry", "POST /attempts/{id}/dismiss",
				"POST /admin/retention/rule", "POST /admin/retention/erase", "POST /sessions/end", "POST /admin/people/{id}/sign-out", "POST /admin/imports/{id}/pause", "POST /admin/imports/{id}/cancel", "POST /admin/presets", "POST /admin/presets/{id}", "POST /admin/presets/{id}/remove",
				"POST /meetings/{id}/put-back", "POST /meetings/{id}/note", "POST /meetings/{id}/sent", "POST /meetings/{id}/take-back",
				"POST /meetings/{id}/end-access", "POST /meetings/{id}/give-access",
				"POST /imports/{id}/check", "POST /imports/{id}/remove", "POST /imports/{id}/pause", "POST /imports/{id}/resume", "POST /imports/{id}/cancel", "POST /imports/{id}/retry",
			},
		},
		{
			Name: "refreshes", Person: Rate{Burst: 30, Every: 5 * time.Second, Day: 1000}, Address: Rate{Burst: 300, Every: time.Second / 10},
			Routes: []string{"POST /meetings/{id}/refresh", "POST /admin/check"},
		},
		{
			Name: "adoptions", Person: Rate{Burst: 20, Every: 10 * time.Second, Day: 300}, Address: Rate{Burst: 200, Every: time.Second},
			Routes: []string{"POST /meetings/adopt"},
		},
	}
}

// NoLimits returns the table without rates, for tests and measurements. The limits on
// concurrent requests remain.
func NoLimits() []Limit {
	limits := DefaultLimits()
	for i := range limits {
		limits[i].Person, limits[i].Address = Rate{}, Rate{}
	}
	return limits
}

// useLimits assigns each route to its row of the table. It returns an error unless each
// route, apart from the sample pages, is in exactly one row.
func (s *Server) useLimits(limits []Limit) error {
	of := make(map[string]*limiter)
	for _, l := range limits {
		limiter := newLimiter(l, s.Now)
		if l.ByHandler {
			s.lookUps, limiter.desks = limiter, s.Store.Desks
		}
		for _, pattern := range l.Routes {
			if of[pattern] != nil {
				return fmt.Errorf("the route %q is in two rows of the limits", pattern)
			}
			of[pattern] = limiter
		}
	}
	s.strays = of["GET /{$}"]
	for i, route := range s.routes {
		if s.routes[i].limit = of[route.Pattern]; strings.HasPrefix(route.Pattern, "GET /dev/") {
			s.routes[i].limit = newLimiter(Limit{Name: "samples"}, s.Now)
		}
		if s.routes[i].limit == nil {
			return fmt.Errorf("the route %q has no limit: add it to a row of DefaultLimits in web/limit_table.go", route.Pattern)
		}
		delete(of, route.Pattern)
	}
	for pattern := range of {
		return fmt.Errorf("the limits have a row for %q, which is not a route", pattern)
	}
	return nil
}
