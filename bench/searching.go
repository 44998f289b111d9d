package main

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// searchRequests is the number of requests for each kind of search. At the fixed rate,
// they take about seven seconds per kind.
const searchRequests = 7 * clients * perSecond

func (b *bench) searching(ctx context.Context, c *crew) (figures []figure, err error) {
	for _, s := range searchesIn(c.filled) {
		b.say("search: %s", s.kind)
		person := c.helpDesk
		if s.quiet {
			person = c.quiet
		}
		took, idle, err := c.during(ctx, person, "/history", func(i int) error {
			_, _, err := person.get(ctx, searchPath(s.queries[i%len(s.queries)]))
			return err
		}, searchRequests)
		if err != nil {
			return nil, err
		}
		figures = append(figures, figure{
			name: "search: " + s.kind + ", 99th percentile", value: quantile(took, 0.99), median: median(took), floor: quantile(idle, 0.99),
			under: searchGoal, grows: true,
		})
	}
	return figures, nil
}

// idlePath is a path that the server can answer with almost no work. Its response time shows
// how busy the machine is.
const idlePath = "/favicon.ico"

// during calls do(0) to do(n-1) at a fixed rate and requests idlePath after every other
// call. It returns response times from the desk's log: took for the GET requests that the
// calls sent, and idle for the requests for idlePath. If path is not "", took covers only
// the requests for that path.
func (c *crew) during(ctx context.Context, person *browser, path string, do func(i int) error, n int) (took, idle []time.Duration, err error) {
	offset, err := c.desk.logSize()
	if err != nil {
		return nil, nil, err
	}
	done, err := paced(ctx, n, func(i int) error {
		if err := do(i); err != nil || i%2 > 0 {
			return err
		}
		_, _, err := person.get(ctx, idlePath)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	took, err = c.desk.loggedSince(ctx, offset, done, func(l logged) bool {
		return l.method == http.MethodGet && l.path != idlePath && !strings.HasPrefix(l.path, "/static/") && (path == "" || l.path == path)
	})
	if err != nil {
		return nil, nil, err
	}
	idle, err = c.desk.readLogged(offset, func(l logged) bool { return l.path == idlePath })
	return took, idle, err
}
