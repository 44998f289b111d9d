package desk

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"meetdesk/meeting"
)

const (
	paceBelow = 0.9              // factor applied to the rate after a refusal
	paceGrow  = 1.05             // factor applied to the rate at each increase
	paceEdge  = 0.95             // a rate above this fraction of the refused rate counts as near that rate
	paceEvery = 2 * time.Second  // time between increases of the rate
	paceNear  = 30 * time.Second // time between increases near the refused rate
	paceShort = 3 * time.Second  // refusals within this time after a reduction do not lower the rate again
)

// pace adapts the rate at which an import sends rows to the rate that Microsoft accepts.
// Each process has a separate pace for each import. The rate is unlimited until the first
// refusal.
type pace struct {
	mu      sync.Mutex
	limiter *rate.Limiter
	refused rate.Limit // the rate before the last reduction; 0 if it was never reduced
	begun   time.Time  // when the first row ended
	ended   int        // number of rows that have ended
	changed time.Time
	lowered time.Time
}

func (p *pace) limits() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.limiter != nil
}

func (p *pace) wait(ctx context.Context) {
	p.mu.Lock()
	limiter := p.limiter
	p.mu.Unlock()
	if limiter != nil {
		_ = limiter.Wait(ctx) // the caller checks the context
	}
}

// note counts a finished row and adjusts the rate. The first refusal limits the rate to
// slightly less than the average so far. Later refusals lower the rate at most once per
// paceShort. Without refusals, the rate grows slowly.
func (p *pace) note(a meeting.Attempt, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.begun.IsZero() {
		p.begun = now
	}
	p.ended++
	switch {
	case wasRefused(a) && p.limiter == nil:
		took := max(now.Sub(p.begun), time.Second)
		p.limiter = rate.NewLimiter(rate.Limit(float64(p.ended)/took.Seconds()*paceBelow), 1)
		p.changed, p.lowered = now, now
	case wasRefused(a) && now.Sub(p.lowered) > paceShort:
		p.refused = p.limiter.Limit()
		p.limiter.SetLimit(p.refused * paceBelow)
		p.changed, p.lowered = now, now
	case wasRefused(a): // the rate was lowered a moment ago
	case p.limiter != nil && now.Sub(p.changed) > p.growsEvery():
		p.limiter.SetLimit(p.limiter.Limit() * paceGrow)
		p.changed = now
	}
	if wasRefused(a) {
		p.limiter.Reserve() // for the row's retry, which did not wait
	}
}

// growsEvery returns the minimum time between a change of the rate and its next increase.
func (p *pace) growsEvery() time.Duration {
	if p.refused > 0 && p.limiter.Limit()*paceGrow > p.refused*paceEdge {
		return paceNear
	}
	return paceEvery
}
