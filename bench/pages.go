package main

import (
	"context"
	"fmt"
	"strings"
)

// errand is a frequent task, together with the same task on the bare server.
type errand struct {
	figure
	person *browser
	asks   []ask // requested in turn
}

type ask struct {
	path string
	bare string // the name of the bare server's page
	args []any  // its arguments
	id   int64  // ID of the meeting that the search finds; 0 if the request is not a search
}

// errands returns the tasks whose CPU time is measured.
func (c *crew) errands(targets []target) []errand {
	quick := func(name string) figure { return figure{name: "CPU: " + name, share: floorShare, grows: true} }
	own := func(id int64) []ask {
		return []ask{{path: "/history", bare: "own", args: []any{"user", id}}}
	}
	list := []errand{
		{quick("history, first page"), c.helpDesk, []ask{{path: "/history", bare: "all"}}},
		{quick("own first page, 60 meetings"), c.quiet, own(c.filled.quiet.ID)},
		{quick("own first page, the busiest"), c.busy, own(c.people[busiest].ID)},
		{figure: quick("exact external ID"), person: c.busy},
		{figure: quick("exact join link"), person: c.busy},
		{figure: quick("exact meeting ID"), person: c.busy},
		{figure: figure{name: "CPU: meeting opened by help desk"}, person: c.helpDesk}, // this writes an audit entry too, so it has no goal
	}
	for _, t := range targets {
		key := []any{"graph", t.graphID, "organizer", t.organizer}
		external := []any{"external", t.externalID, "organizer", t.organizer}
		for i, a := range []ask{
			{searchPath(t.externalID), "external", external, t.id},
			{searchPath(t.joinURL), "key", key, t.id},
			{searchPath(grouped(t.joinNumber)), "key", key, t.id},
			{fmt.Sprintf("/meetings/%d", t.id), "meeting", []any{"id", t.id}, 0},
		} {
			list[3+i].asks = append(list[3+i].asks, a)
		}
	}
	return list
}

// pages measures the CPU time of each errand.
func (b *bench) pages(ctx context.Context, c *crew) (figures []figure, err error) {
	targets, err := targetsOf(ctx, c.filled, busyMember, 32)
	if err != nil {
		return nil, err
	}
	for _, e := range c.errands(targets) {
		b.say("%s", e.name)
		desk, bare := side{pid: c.desk.pid(), browser: e.person}, side{pid: c.bare.pid(), browser: c.bareBrowser}
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
			desk.paths, bare.paths = append(desk.paths, a.path), append(bare.paths, barePath(a.bare, size, a.args...))
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
		figures = append(figures, e.figure)
	}
	return figures, nil
}
