package server

import (
	"context"
	"errors"
	"time"

	"meetdesk/graph"
	"meetdesk/metrics"
	"meetdesk/store"
	"meetdesk/store/backup"
	"meetdesk/web"
)

func (a *App) observe(s Settings, config *web.Config) {
	if s.Metrics == nil && s.Tracing == nil {
		return
	}
	config.Observe = func(ctx context.Context, route string, status int, took time.Duration) {
		s.Tracing.Request(ctx, route, status)
		if s.Metrics != nil {
			s.Metrics.Request(route, status, took)
		}
	}
	a.Desk.Graph.OnCall = func(ctx context.Context, c graph.Call) {
		s.Tracing.Call(ctx, c.Endpoint, c.Status, c.Retry, c.Duration)
		if s.Metrics != nil {
			s.Metrics.Call(c.Endpoint, c.Status, c.Retry, c.Duration)
		}
	}
	if s.Metrics == nil {
		return
	}
	a.Desk.OnWait = func(service store.Service, wait time.Duration) { s.Metrics.Throttled(string(service), wait) }
	a.Desk.OnCreate = s.Metrics.Create
}

// stateLimit is the maximum time that a scrape waits for the database.
const stateLimit = 3 * time.Second

func (a *App) state(backups string) (metrics.State, error) {
	ctx, cancel := context.WithTimeout(context.Background(), stateLimit)
	defer cancel()
	state := metrics.State{Ready: make(map[string]bool)}
	for _, part := range a.Site.Ready(ctx) {
		state.Ready[part.Name] = part.OK
	}
	db, err := a.Store.State(ctx)
	state.Unfinished, state.Sessions, state.AuditQueue = db.Unfinished, db.Sessions, db.AuditQueue
	state.DatabaseBytes, state.LogBytes, state.FreeBytes = db.Bytes, db.LogBytes, db.FreeBytes
	if backups != "" {
		var failed error
		state.LastBackup, failed = backup.Newest(backups)
		err = errors.Join(err, failed)
	}
	return state, err
}
