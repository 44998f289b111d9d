package main

import (
	"context"
	"errors"
	"fmt"
)

// The numbers of page views and creates in the demo. Creates are limited to a burst of 60
// per person.
const (
	demoViews   = 60
	demoCreates = 50
)

// demoMemory measures the resident memory of the demo after the page views, and again after
// the creates. Both are compared with the memory of the same process right after its start.
func (b *bench) demoMemory(ctx context.Context) (err error) {
	creates := min(b.creates, demoCreates)
	b.say("memory of the demo: %d page views, %d creates", demoViews, creates)
	p, site, err := b.startDemo(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	fresh, err := residentMemory(p.pid())
	if err != nil {
		return err
	}
	report := func(after string) error {
		memory, err := residentMemory(p.pid())
		if err != nil {
			return err
		}
		b.table.add(row{
			figure: "demo: memory after " + after, value: mb(memory),
			peer: mb(fresh) + " right after the start", against: "+" + mb(memory-fresh),
			goal: goal("under 80 MB", memory < memoryGoal),
		})
		return nil
	}
	if err := lookAround(ctx, site, demoViews); err != nil {
		return err
	}
	if err := report(fmt.Sprintf("%d page views", demoViews)); err != nil {
		return err
	}
	creator := newBrowser(site)
	defer creator.close()
	if err := creator.signIn(ctx, staffMember); err != nil {
		return err
	}
	for i := range creates {
		if _, _, err := creator.create(ctx, fmt.Sprintf("MEM%07d", i)); err != nil {
			return err
		}
	}
	return report(fmt.Sprintf("%d creates more", creates))
}

// lookAround creates a meeting and opens the given number of pages, alternating between two
// users with different roles.
func lookAround(ctx context.Context, site string, views int) error {
	var people []*browser
	for _, upn := range []string{staffMember, helpDesk} {
		person := newBrowser(site)
		defer person.close()
		if err := person.signIn(ctx, upn); err != nil {
			return err
		}
		people = append(people, person)
	}
	meeting, _, err := people[0].create(ctx, "LOOK-1")
	if err != nil {
		return err
	}
	pages := []string{"/", "/history", "/history?q=printer", "/meetings/new", meeting}
	for i := range views {
		if _, _, err := people[i%len(people)].get(ctx, pages[i/len(people)%len(pages)]); err != nil {
			return err
		}
	}
	return nil
}
