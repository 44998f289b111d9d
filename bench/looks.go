package main

import (
	"context"
	"time"
)

// looks is the number of requests for each page.
const looks = 500

// look measures the cost of auditing. It compares opening another user's meeting, which writes
// an audit entry, with opening one's own. Each round opens both meetings and then commits once
// to the floor database, so that other load affects all three equally.
func (b *bench) look(ctx context.Context, s *site, theirs string, f floor) error {
	b.say("%d looks at two meetings", looks)
	person := newBrowser(s.url)
	defer person.close()
	if err := person.signIn(ctx, helpDesk); err != nil {
		return err
	}
	own, _, err := person.create(ctx, "LOOK0000001")
	if err != nil {
		return err
	}
	times := make(map[string][]time.Duration)
	var commits []time.Duration
	for range looks {
		for _, path := range []string{own, theirs} {
			began := time.Now()
			if _, _, err := person.get(ctx, path); err != nil {
				return err
			}
			times[path] = append(times[path], time.Since(began))
		}
		took, err := f.commit(ctx, 1)
		if err != nil {
			return err
		}
		commits = append(commits, took)
	}
	for _, figure := range []struct {
		name string
		q    float64
	}{{"median", 0.5}, {"99th percentile", 0.99}} {
		audited, plain := quantile(times[theirs], figure.q), quantile(times[own], figure.q)
		b.table.add(row{
			figure: "look at a colleague's meeting, audited: " + figure.name, value: ms(audited),
			peer: ms(plain) + " one's own; " + ms(quantile(commits, figure.q)) + " a durable commit", against: more(audited - plain),
		})
	}
	return nil
}
