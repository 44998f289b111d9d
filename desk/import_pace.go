package desk

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"meetdesk/meeting"
)

const (
	paceBelow = 0.95            // the fraction of the measured rate at which an import continues after a refusal
	paceGrow  = 1.05            // the factor by which the rate grows while nothing is refused
	paceEvery = 5 * time.Second // how often the rate grows
)

// pace learns how many rows a second Microsoft accepts. Until the first refusal it does
// not limit anything. Each import has its own pace in each process.
type pace struct {
	mu      sync.Mutex
	limiter *rate.Limiter
	since   time.Time // the beginning of the current measurement
	ended   int       // number of rows that have ended since then
	grown   time.Time
}

// wait waits until the next row may be sent. It returns false if the context ends first.
func (p *pace) wait(ctx context.Context) bool {
	p.mu.Lock()
	limiter := p.limiter
	p.mu.Unlock()
	return limiter == nil || limiter.Wait(ctx) == nil
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
		limit := rate.Limit(float64(p.ended) / took.Seconds() * paceBelow)
		if p.limiter == nil {
			p.limiter = rate.NewLimiter(limit, 1)
		}
		p.limiter.SetLimit(limit)
		p.since, p.ended, p.grown = now, 0, now
	case p.limiter != nil && now.Sub(p.grown) > paceEvery:
		p.limiter.SetLimit(p.limiter.Limit() * paceGrow)
		p.grown = now
	}
}
