package desk

import (
	"context"
	"errors"
	"sync"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
)

const (
	// importWorkers is the number of rows of an import that a process handles concurrently.
	importWorkers = 8
	// importLease is how long a row is reserved for a worker. It is much longer than a worker
	// needs to process a row.
	importLease = 2 * time.Minute
	// importLook is the interval at which the desk polls for imports, and at which idle
	// workers poll for rows.
	importLook = time.Second
)

// RunImports processes all running imports until ctx is done. It then finishes the rows in
// progress. Several desks may process the same import.
func (d *Desk) RunImports(ctx context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	var mu sync.Mutex
	here := make(map[int64]bool) // the imports that this process is working on
	for {
		list, err := d.Store.OpenImports(ctx, 0)
		if err != nil && ctx.Err() == nil {
			d.Log.ErrorContext(ctx, "look for imports", "error", err)
		}
		for _, i := range list {
			mu.Lock()
			begin := i.State == meeting.ImportRunning && !here[i.ID]
			here[i.ID] = here[i.ID] || begin
			mu.Unlock()
			if !begin {
				continue
			}
			running.Go(func() {
				d.runImport(ctx, i)
				mu.Lock()
				defer mu.Unlock()
				delete(here, i.ID)
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-d.importWake():
		case <-time.After(importLook):
		}
	}
}

// WakeImports makes RunImports check for imports immediately.
func (d *Desk) WakeImports() {
	select {
	case d.importWake() <- struct{}{}:
	default:
	}
}

func (d *Desk) importWake() chan struct{} {
	d.importsOnce.Do(func() { d.importsWake = make(chan struct{}, 1) })
	return d.importsWake
}

func (d *Desk) runImport(ctx context.Context, i meeting.Import) {
	r := &importRun{desk: d, ID: i.ID, user: i.User.ID}
	var workers sync.WaitGroup
	for range importWorkers {
		workers.Go(func() { r.work(ctx) })
	}
	workers.Wait()
}

type importRun struct {
	desk *Desk
	ID   int64
	user int64
	pace pace
}

// turn describes what a worker may do next.
type turn struct {
	run   store.ImportRun
	actor Actor          // for the next row
	until time.Time      // when to check again; zero if a row may be sent now
	why   meeting.Reason // why the import must pause, or ""
}

// pause pauses the import, unless somebody has paused or continued it since the turn began.
func (r *importRun) pause(ctx context.Context, t turn, why meeting.Reason) {
	if why == meeting.ReasonSignIn {
		why = meeting.ReasonImportSignedOut // the message for ReasonSignIn says that nothing was done
	}
	err := r.desk.Store.PauseRun(context.WithoutCancel(ctx), r.ID, t.run, why)
	if err != nil && meeting.CodeOf(err) != meeting.Conflict {
		r.desk.Log.ErrorContext(ctx, "pause import", "import", r.ID, "error", err)
	}
}

// work processes rows until none are left, the import is paused, or ctx is done. It always
// records the result of the row in progress.
func (r *importRun) work(ctx context.Context) {
	var done *meeting.RowResult
	record := func() {
		if done != nil {
			r.record(context.WithoutCancel(ctx), *done)
		}
		done = nil
	}
	defer record()
	for ctx.Err() == nil {
		if r.pace.limits() {
			record() // before the wait, which may be long
			r.pace.wait(ctx)
		}
		t, running := r.check(ctx)
		if !running {
			return
		}
		if t.why != "" {
			record()
			r.pause(ctx, t, t.why)
			return
		}
		if !t.until.IsZero() || done != nil && done.State == meeting.RowWaiting {
			record()
			if !r.rest(ctx, t.until) {
				return
			}
			continue
		}
		row, ok, more, err := r.desk.Store.NextImportRow(context.WithoutCancel(ctx), r.ID, done, importLease)
		if err != nil {
			r.desk.Log.ErrorContext(ctx, "import", "import", r.ID, "error", err)
			pause(ctx, importLook)
			continue // the result is recorded in the next iteration
		}
		done = nil
		switch {
		case ok:
			result := r.row(context.WithoutCancel(ctx), t, row)
			done = &result
		case !more || !pause(ctx, importLook):
			return
		}
	}
}

func (r *importRun) record(ctx context.Context, done meeting.RowResult) {
	if err := r.desk.Store.EndImportRow(ctx, done); err != nil {
		r.desk.Log.ErrorContext(ctx, "import", "import", r.ID, "row", done.Position, "error", err)
	}
}

// check returns what the worker may do next. The second result is false if the import is
// not running. The grant and the role are read each time, because they may change while the
// import runs.
func (r *importRun) check(ctx context.Context) (t turn, running bool) {
	retry := func(err error) (turn, bool) {
		if ctx.Err() == nil {
			r.desk.Log.WarnContext(ctx, "import waits", "import", r.ID, "error", err)
		}
		t.until = r.desk.Now().Add(importLook)
		return t, true
	}
	var err error
	t.run, running, err = r.desk.Store.ImportRun(ctx, r.ID)
	if err != nil {
		return retry(err)
	}
	if !running {
		return t, false
	}
	if !r.desk.Now().Before(t.run.EndsAt) {
		t.why = meeting.ReasonImportDayOver
		return t, true
	}
	person, err := r.desk.Store.User(ctx, r.user)
	if err != nil {
		return retry(err)
	}
	if !person.Role.Has(meeting.Staff) {
		t.why = meeting.ReasonImportNoRole
		return t, true
	}
	t.actor = Actor{User: person, GrantID: t.run.GrantID}
	if t.until, err = r.desk.WaitUntil(ctx, meeting.Delegated, person); err == nil && t.until.IsZero() {
		_, err = r.desk.token(ctx, t.actor, "")
	}
	if why, pauses := pausesImport(err); pauses {
		t.why = why
	} else if err != nil {
		return retry(err)
	}
	return t, true
}

// rest waits until the given time, but at least 10 ms and at most importLook. It returns
// false if ctx is done.
func (r *importRun) rest(ctx context.Context, until time.Time) bool {
	wait := importLook
	if left := until.Sub(r.desk.Now()); left < wait {
		wait = max(left, 10*time.Millisecond)
	}
	return pause(ctx, wait)
}

// pausesImport reports whether the error pauses the import, and returns the reason. An
// error pauses the import if it requires a new sign-in or an administrator's intervention.
func pausesImport(err error) (why meeting.Reason, pauses bool) {
	var known *meeting.Error
	if !errors.As(err, &known) {
		return "", false
	}
	return known.Key, isSignInReason(known.Key) || known.Code == meeting.Unauthorized
}

// isSignInReason reports whether the reason concerns the person's sign-in or permissions
// rather than the meeting.
func isSignInReason(why meeting.Reason) bool {
	switch why {
	case meeting.ReasonSignIn, meeting.ReasonClaims, meeting.ReasonConsent, meeting.ReasonBlocked, meeting.ReasonScope, meeting.ReasonSetup:
		return true
	}
	return false
}

// pause waits for the given time. It returns false if ctx is done first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// ImportWait returns the end of a delay that Microsoft requested for a running import, or
// the zero time if there is no such delay.
func (d *Desk) ImportWait(ctx context.Context, i meeting.Import) (time.Time, error) {
	if i.State != meeting.ImportRunning {
		return time.Time{}, nil
	}
	return d.Store.Wait(ctx, store.Graph, i.User.ID)
}
