package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Limits on the readiness checks. The endpoint is public, so the checks run at most once
// a second, and runs never overlap.
const (
	readyCache  = time.Second
	checksLimit = 1500 * time.Millisecond // the time limit for a whole run of the checks
)

// Part is the state of something that the desk depends on, such as the database.
type Part struct {
	Name string
	OK   bool
	Says string // the problem, without details that only administrators may see
}

// readiness runs the checks and caches their result for readyCache.
type readiness struct {
	mu    sync.Mutex
	done  chan struct{} // closed when the current run ends; nil if there is none
	at    time.Time     // when the last run ended
	parts []Part

	running sync.WaitGroup
}

// Ready checks whether the database is writable, the disk has free space, the schema matches
// this program, and the sign-in provider has been reached since the desk started. If ctx ends
// before the checks do, Ready reports only that the database did not answer in time.
func (s *Server) Ready(ctx context.Context) []Part {
	done := s.ready.begin(s)
	select {
	case <-done:
	case <-ctx.Done():
		return []Part{{Name: "database", Says: "did not answer in time"}}
	}
	s.ready.mu.Lock()
	defer s.ready.mu.Unlock()
	return s.ready.parts
}

// begin starts the checks, unless they are running or their result is still fresh. The
// returned channel is closed when a result is available.
func (r *readiness) begin(s *Server) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done != nil {
		return r.done
	}
	done := make(chan struct{})
	if time.Since(r.at) < readyCache {
		close(done)
		return done
	}
	r.done = done
	r.running.Go(func() {
		parts := s.checkParts(r.parts)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.parts, r.at, r.done = parts, time.Now(), nil
		close(done)
	})
	return done
}

// checkParts runs all checks concurrently and returns their results. It logs what has
// changed since the previous run.
func (s *Server) checkParts(before []Part) []Part {
	ctx, cancel := context.WithTimeout(context.Background(), checksLimit)
	defer cancel()
	checks := []struct {
		name, says string
		check      func(context.Context) error
	}{
		{"database", "cannot be written", s.Store.CheckWritable},
		{"disk", "is almost full", s.Store.CheckDisk},
		{"schema", "is not this program's", s.Store.CheckSchema},
		{"provider", "has not answered since the start", s.Auth.Discover},
	}
	results := make([]chan error, len(checks))
	for i, c := range checks {
		results[i] = make(chan error, 1)
		s.ready.running.Go(func() { results[i] <- c.check(ctx) })
	}
	parts := make([]Part, len(checks))
	for i, c := range checks {
		err := resultOr(ctx, results[i])
		parts[i] = Part{Name: c.name, OK: err == nil}
		if err != nil {
			parts[i].Says = c.says
		}
		s.logPart(before == nil || before[i].OK, parts[i], err)
	}
	return parts
}

// resultOr returns the result of a check, or the context's error if the context ends first.
// SQLite itself may wait up to 5 seconds for a lock, even after the context has ended.
func resultOr(ctx context.Context, result <-chan error) error {
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-result: // prefer a result that has already arrived
		return err
	default:
		return ctx.Err()
	}
}

func (s *Server) logPart(worked bool, part Part, err error) {
	switch {
	case worked && !part.OK:
		s.Log.Warn("not ready", "part", part.Name, "error", err)
	case !worked && part.OK:
		s.Log.Info("ready again", "part", part.Name)
	}
}

// readyz writes the state of each part on a line of its own. The status is 503 unless all
// parts work.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) error {
	status := http.StatusOK
	var b strings.Builder
	for _, part := range s.Ready(r.Context()) {
		if part.OK {
			fmt.Fprintf(&b, "%s ok\n", part.Name)
			continue
		}
		status = http.StatusServiceUnavailable
		fmt.Fprintf(&b, "%s failed: %s\n", part.Name, part.Says)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, err := w.Write([]byte(b.String()))
	return err
}
