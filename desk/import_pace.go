package desk

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"meetdesk/meeting"
)

const (
	paceBelow = 0.95             // the fraction of the refused rate at which an import continues
	paceGrow  = 1.05             // by how much the rate grows while nothing is refused
	paceEvery = 5 * time.Second  // how often the rate grows
	paceNear  = 30 * time.Second // how often it grows if it would come near the refused rate
)

// pace learns how many rows a second Microsoft accepts. Until the first refusal it does
// not limit anything. Each import has its own pace in each process.
type pace struct {
	mu      sync.Mutex
	limiter *rate.Limiter
	refused rate.Limit // the rate at which Microsoft last refused a call
	since   time.Time  // the beginning of the current measurement
	ended   int        // rows that ended since then
	grown   time.Time
}

// limits reports whether rows have to wait.
func (p *pace) limits() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.limiter != nil
}

// wait waits until the next row may be sent. It returns early if the context ends.
func (p *pace) wait(ctx context.Context) {
	p.mu.Lock()
	limiter := p.limiter
	p.mu.Unlock()
	if limiter != nil {
		_ = limiter.Wait(ctx) // the caller looks at the context
	}
}

// note counts a row that ended. If Graph refused one of its calls, the rate becomes a
// little less than the one at which rows have ended since the last refusal.
func (p *pace) note(a meeting.Attempt, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.since.IsZero() {
		p.since = now
	}
	p.ended++
	switch took := now.Sub(p.since); {
	case wasRefused(a) && took < time.Second:
		// Several workers were refused at the same moment; this measurement is too short.
	case wasRefused(a):
		p.refused = rate.Limit(float64(p.ended) / took.Seconds())
		if p.limiter == nil {
			p.limiter = rate.NewLimiter(p.refused, 1)
		}
		p.limiter.SetLimit(p.refused * paceBelow)
		p.since, p.ended, p.grown = now, 0, now
	case p.limiter != nil && now.Sub(p.grown) > p.growsEvery():
		p.limiter.SetLimit(p.limiter.Limit() * paceGrow)
		p.grown = now
	}
}

// growsEvery returns how often the rate grows at the moment.
func (p *pace) growsEvery() time.Duration {
	if p.limiter.Limit()*paceGrow > p.refused*paceBelow {
		return paceNear
	}
	return paceEvery
}
