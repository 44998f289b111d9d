package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// createGoal is how long a create may take, excluding the wait for Graph and the time for
// the same number of bare commits.
const createGoal = 1500 * time.Microsecond

// reportLoad adds the results of the load to the table. The parameter graph maps each
// external ID to the time that the create waited for Graph.
func (b *bench) reportLoad(l load, graph map[string]time.Duration) error {
	own := make([]time.Duration, len(l.posts))
	for i, id := range l.externalIDs {
		span, ok := graph[id]
		if !ok || span > l.posts[i] {
			return fmt.Errorf("create of %s: took %v, of which the desk recorded %v in Graph", id, l.posts[i], span)
		}
		own[i] = l.posts[i] - span
	}
	if len(own) == 0 {
		return errors.New("nothing was created")
	}
	for _, f := range []struct {
		name string
		q    float64
	}{{"median", 0.5}, {"99th percentile", 0.99}} {
		cost, bare := quantile(own, f.q), quantile(l.bare, f.q)
		r := row{
			figure: fmt.Sprintf("create: the desk's own cost, %s of %d", f.name, len(own)), value: ms(cost),
			peer: fmt.Sprintf("%s %d durable commits alone", ms(bare), l.commits), against: more(cost - bare),
		}
		if f.q == 0.5 {
			r.goal = goal("at most 1.5 ms over", cost-bare <= createGoal)
		}
		b.table.add(r)
	}
	b.table.add(row{
		figure: "create: the whole POST, median", value: ms(median(l.posts)),
		peer: ms(median(slices.Collect(maps.Values(graph)))) + " of it in Graph",
	})
	b.table.add(row{
		figure: "create: pages written to the log", value: fmt.Sprint(l.pages),
		peer: fmt.Sprintf("%d by the bare commits", l.barePages), against: fmt.Sprintf("%+d", l.pages-l.barePages),
	})
	for _, r := range l.reads {
		b.table.add(row{
			figure: fmt.Sprintf("GET %s: CPU per request, %d KB", r.page, r.size/1000), value: ms(r.desk),
			peer: ms(r.bare) + " a fixed body of that size", against: times(r.desk, r.bare),
		})
	}
	b.table.add(row{
		figure: "serve: memory after all of it", value: mb(l.memory),
		peer: mb(l.fresh) + " right after the start", against: "+" + mb(l.memory-l.fresh),
	})
	return nil
}
