package desk

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/meeting"
)

// throttled simulates Graph with a limit of ten calls per second. For each call over the
// limit, it requests a delay of one second.
type throttled struct {
	mu      sync.Mutex
	calls   []time.Time
	until   time.Time
	refused int
	random  *rand.Rand
}

func (g *throttled) call() (status int) {
	g.mu.Lock()
	latency := 80*time.Millisecond + time.Duration(g.random.IntN(80))*time.Millisecond
	g.mu.Unlock()
	time.Sleep(latency / 2)
	g.mu.Lock()
	now := time.Now()
	g.calls = append(slices.DeleteFunc(g.calls, func(at time.Time) bool { return now.Sub(at) >= time.Second }), now)
	over := len(g.calls) > 10
	if over {
		g.refused++
		g.until = now.Add(time.Second)
	}
	g.mu.Unlock()
	time.Sleep(latency / 2)
	if over {
		return 429
	}
	return 201
}

func (g *throttled) wait() (waited bool) {
	g.mu.Lock()
	left := time.Until(g.until)
	g.mu.Unlock()
	if left > 0 {
		time.Sleep(left)
	}
	return left > 0
}

// With a limit of ten calls per second, an import of 500 rows takes at most 25% longer
// than necessary.
func TestPaceComesCloseToTheLimit(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			g := &throttled{random: rand.New(rand.NewPCG(seed, 1))}
			var p pace
			var rows sync.WaitGroup
			left := make(chan int, 500)
			for i := range 500 {
				left <- i
			}
			close(left)
			began := time.Now()
			for range importWorkers {
				rows.Go(func() {
					for range left {
						for p.wait(t.Context()); g.wait(); p.wait(t.Context()) {
						}
						var a meeting.Attempt
						for status := 0; status != 201; {
							for g.wait() {
							}
							status = g.call()
							a.Calls = append(a.Calls, meeting.Call{Status: status})
						}
						p.note(a, time.Now())
					}
				})
			}
			rows.Wait()
			if took := time.Since(began); took > 50*time.Second*5/4 {
				t.Errorf("seed %d: 500 rows take %v, with %d refusals", seed, took, g.refused)
			}
		})
	}
}

func TestARefusalDoesNotRaiseTheRate(t *testing.T) {
	first := time.Now()
	refused := meeting.Attempt{Calls: []meeting.Call{{Status: 429}}}
	for after := range 2 * paceShort / time.Second {
		var p pace
		p.note(refused, first)
		before := p.limiter.Limit()
		p.note(refused, first.Add(after*time.Second+time.Second/2))
		if got := p.limiter.Limit(); got > before {
			t.Errorf("%d.5 s after the first refusal, the rate grows from %v to %v", after, before, got)
		}
	}
}
