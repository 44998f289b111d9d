package selfcheck

import (
	"context"
	"sync"
	"time"

	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/store"
)

// Desk contains the configuration to check and the clients that use it.
type Desk struct {
	Auth   *auth.Provider
	Config auth.Config // the configuration with which Auth was created

	Graph *graph.Client

	App        *auth.Application // nil if the help desk cannot create meetings for others
	Organizers []string          // object IDs or UPNs

	URL      string // the desk's public URL
	Listen   string // the address on which to try to listen; "" if the desk is already listening
	Metrics  string // the address for metrics, checked like Listen; "" for none
	Data     string // SQLite's data directory
	Database string // the address of a PostgreSQL database; "" for SQLite
	Backups  string // the folder for daily backups; "" for none
	Pattern  string // the pattern for ticket numbers; "" for none
	Example  string // a valid ticket number; "" for none
	Now      func() time.Time

	Opened *store.Store // the database if this process has opened it, otherwise nil; see checkDatabase

	ReadLimit time.Duration // the maximum time for reading the database; 0 means readLimit
}

// Run runs all checks concurrently and returns their outcomes in a fixed order. The
// outcomes include those of checks that miss the context's deadline.
func (d *Desk) Run(ctx context.Context) (lines []Line) {
	checks := []func(context.Context) []Line{
		d.checkProvider, d.checkCertificates, d.checkApplication, d.checkGraph, d.checkTicket, d.checkFolder, d.checkDatabase, d.checkBackups, d.checkAddress, d.checkListen,
	}
	if d.Database != "" { // this machine cannot check the database server's disk or backups
		checks = []func(context.Context) []Line{
			d.checkProvider, d.checkCertificates, d.checkApplication, d.checkGraph, d.checkTicket, d.checkServer, d.checkAddress, d.checkListen,
		}
	}
	found := make([][]Line, len(checks))
	var all sync.WaitGroup
	for i, check := range checks {
		all.Go(func() { found[i] = check(ctx) })
	}
	all.Wait()
	for _, list := range found {
		lines = append(lines, list...)
	}
	return lines
}
