package main

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"
)

// errand is a common task and its counterpart on the bare server.
type errand struct {
	figure
	person  *browser
	workers int
	asks    []ask // requested in turn
}

// side returns the errand as one side of a comparison. The callback used returns the CPU
// time that the server has used so far.
func (e errand) side(used func() (time.Duration, error)) side {
	s := side{used: used, workers: e.workers, browser: e.person}
	for _, a := range e.asks {
		s.paths = append(s.paths, a.path)
	}
	return s
}

type ask struct {
	path string
	bare string // the name of the bare server's page
	args []any  // the query parameters of that page
	id   int64  // ID of the meeting that an exact search or a ticket link finds; otherwise 0
}

// errands returns the tasks whose CPU time is measured. The parameter large is the path of
// a large meeting's page. The parameter progress is the path of an import's page.
func (c *crew) errands(targets []target, large, progress string) []errand {
	task := func(name string, most float64, person *browser, asks ...ask) errand {
		return errand{figure{name: "CPU: " + name, most: most, grows: true}, person, clients, asks}
	}
	page := func(path string) ask { return ask{path: path, bare: "nothing"} }
	rows := func(path string, args ...any) ask { return ask{path: path, bare: "list", args: args} }
	list := []errand{
		task("exact external ID", meetingGoal, c.busy),
		task("exact join link", meetingGoal, c.busy),
		task("exact meeting ID", meetingGoal, c.busy),
		task("ticket link", meetingGoal, c.busy),
		task("meeting opened by its organizer", meetingGoal, c.busy),
		task("meeting opened by help desk", auditedGoal, c.helpDesk), // this also writes an audit entry
		task("form to change a meeting", 0, c.busy),
	}
	for _, t := range targets {
		key := []any{"graph", t.graphID, "organizer", t.organizer}
		external := []any{"external", t.externalID, "organizer", t.organizer}
		opened, id := fmt.Sprintf("/meetings/%d", t.id), []any{"id", t.id}
		for i, a := range []ask{
			{searchPath(t.externalID), "external", external, t.id},
			{searchPath(t.joinURL), "key", key, t.id},
			{searchPath(grouped(t.joinNumber)), "key", key, t.id},
			{"/t/" + url.PathEscape(t.externalID), "external", external, t.id},
			{opened, "meeting", id, 0},
			{opened, "meeting", id, 0},
			{opened + "/edit", "meeting", id, 0},
		} {
			list[i].asks = append(list[i].asks, a)
		}
	}
	home := task("home, the busiest", listGoal, c.busy, ask{path: "/", bare: "home", args: []any{"user", c.people[busiest].ID, "now", time.Now().UnixMilli()}})
	home.grows = false // in a small database, this user has few or no upcoming meetings
	list = append(list,
		task(fmt.Sprintf("meeting with %d attendees and %d attempts", largeAttendees, largeAttempts), meetingGoal, c.busy,
			ask{path: large, bare: "meeting", args: []any{"id", path.Base(large)}}),
		task("import, paused", 0, c.quiet, page(progress)),
	)
	export := task("own CSV, 60 meetings", 0, c.quiet, rows("/history.csv", "user", c.filled.quiet.ID))
	export.workers = 1 // the desk allows two concurrent exports per person
	list = append(list, export)
	for _, s := range searchesIn(c.filled) {
		e := task("search: "+s.kind, searchFloorGoal, c.helpDesk)
		if s.quiet {
			e.person = c.quiet
		}
		for _, q := range s.queries {
			e.asks = append(e.asks, rows(searchPath(q)))
		}
		list = append(list, e)
	}
	return append([]errand{
		home,
		task("form for a new meeting", 0, c.busy, page("/meetings/new")),
		task("history, first page", listGoal, c.helpDesk, rows("/history")),
		task("own first page, 60 meetings", listGoal, c.quiet, rows("/history", "user", c.filled.quiet.ID)),
		task("own first page, the busiest", listGoal, c.busy, rows("/history", "user", c.people[busiest].ID)),
		task("form for an import", 0, c.busy, page("/imports/new")),
		task("administrator: overview", 0, c.admin, page("/admin")),
		task("administrator: people", 0, c.admin, page("/admin/people")),
		task("administrator: audit log", 0, c.admin, page("/admin/audit")),
		task("administrator: imports", 0, c.admin, page("/admin/imports")),
		task("administrator: retention", 0, c.admin, page("/admin/retention")),
	}, list...)
}

func (b *bench) pages(ctx context.Context, c *crew) (figures []figure, err error) {
	targets, err := targetsOf(ctx, c.filled, busyMember, 32)
	if err != nil {
		return nil, err
	}
	large, err := c.addLarge(ctx)
	if err != nil {
		return nil, err
	}
	progress, err := c.addImport(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range c.errands(targets, large, progress) {
		b.say("%s", e.name)
		desk, bare := e.side(c.desk.cpu), side{used: c.bare.cpu, workers: e.workers, browser: c.bareBrowser}
		opened := 0
		for _, a := range e.asks {
			end, size, err := e.person.get(ctx, a.path)
			if err != nil {
				return nil, err
			}
			if a.id != 0 && strings.HasPrefix(end.Path, "/meetings/") {
				if end.Path != fmt.Sprintf("/meetings/%d", a.id) {
					return nil, fmt.Errorf("%s leads to %s, want meeting %d", a.path, end, a.id)
				}
				opened++
				a.args = append(a.args, "open", a.id)
			}
			e.size += size
			bare.paths = append(bare.paths, barePath(a.bare, size, a.args...))
		}
		switch {
		case e.asks[0].id == 0:
		case opened == len(e.asks):
			e.note = "opened"
		case opened == 0:
			e.note = "a list"
		default:
			e.note = fmt.Sprintf("%d of %d opened", opened, len(e.asks))
		}
		if e.value, e.floor, err = compare(ctx, desk, bare); err != nil {
			return nil, err
		}
		e.size /= int64(len(e.asks))
		figures = append(figures, e.figure)
	}
	return figures, nil
}
