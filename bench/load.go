package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// Blocks of creates alternate with blocks of bare commits, so that other load affects
// both equally.
const (
	warmUp = 40
	block  = 25
)

// load is the result of one run of creates.
type load struct {
	externalIDs []string
	posts       []time.Duration // how long the browser waited for each create, in the order of externalIDs
	commits     int             // number of write transactions per create
	pages       int             // number of database pages that one create writes to the log
	// bare holds the duration of each series of bare commits. A series has as many commits
	// as a create.
	bare      []time.Duration
	barePages int   // number of database pages that one series of bare commits writes to the log
	fresh     int64 // the desk's memory before the creates, in bytes
	memory    int64 // the desk's memory after the creates, in bytes
	reads     []reading
}

func (b *bench) load(ctx context.Context, s *site) (l load, err error) {
	b.say("%d creates over HTTP, with bare commits in turn", b.creates)
	if l.fresh, err = residentMemory(s.desk.pid()); err != nil {
		return l, err
	}
	person := newBrowser(s.url)
	defer person.close()
	if err := person.signIn(ctx, staffMember); err != nil {
		return l, err
	}
	if err := b.formView(ctx, person); err != nil {
		return l, err
	}
	floor, err := newFloor(ctx, filepath.Join(s.data, "floor.db"))
	if err != nil {
		return l, err
	}
	defer floor.Close()
	if l.commits, l.pages, err = warm(ctx, person, s); err != nil {
		return l, err
	}
	if l.barePages, err = floor.pages(ctx, l.commits); err != nil {
		return l, err
	}
	meeting := ""
	for done := 0; done < b.creates; done += block {
		for i := range min(block, b.creates-done) {
			id := fmt.Sprintf("INC%07d", done+i)
			path, took, err := person.create(ctx, id)
			if err != nil {
				return l, err
			}
			l.externalIDs, l.posts, meeting = append(l.externalIDs, id), append(l.posts, took), path
		}
		for range min(block, b.creates-done) {
			took, err := floor.commit(ctx, l.commits)
			if err != nil {
				return l, err
			}
			l.bare = append(l.bare, took)
		}
	}
	for _, page := range []struct{ name, path string }{{"/history", "/history"}, {"/meetings/{id}", meeting}} {
		r, err := b.read(ctx, s, person, page.name, page.path)
		if err != nil {
			return l, err
		}
		l.reads = append(l.reads, r)
	}
	if l.memory, err = residentMemory(s.desk.pid()); err != nil {
		return l, err
	}
	return l, b.look(ctx, s, meeting, floor)
}

// warm creates the first meetings, which are not measured. It returns the median numbers of
// commits and of written pages per create.
func warm(ctx context.Context, person *browser, s *site) (commits, pages int, err error) {
	var allCommits, allPages []int
	for i := range warmUp {
		before, err := readLog(filepath.Join(s.data, databaseFile+"-wal"))
		if err != nil {
			return 0, 0, err
		}
		if _, _, err := person.create(ctx, fmt.Sprintf("WARM%05d", i)); err != nil {
			return 0, 0, err
		}
		after, err := readLog(filepath.Join(s.data, databaseFile+"-wal"))
		if err != nil {
			return 0, 0, err
		}
		// If the log was restarted during the create, its counts cannot be compared.
		if after.generation == before.generation {
			allCommits, allPages = append(allCommits, after.commits-before.commits), append(allPages, after.pages-before.pages)
		}
	}
	if commits = median(allCommits); commits < 1 {
		return 0, 0, fmt.Errorf("a create makes %d commits", commits)
	}
	return commits, median(allPages), nil
}
