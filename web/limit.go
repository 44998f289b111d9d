package web

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"meetdesk/meeting"
)

// limiter counts the requests to which a row of the limit table applies, by person and by
// client address. It counts only the requests to this process.
type limiter struct {
	Limit
	now     func() time.Time
	desks   func() int // returns how many desks share the daily limit; nil if the limit is not divided
	running atOnce

	mu    sync.Mutex
	known map[whose]*allowance
	swept time.Time // when the full allowances were last removed
}

type whose struct {
	person  int64
	address netip.Addr
}

// allowance is the part of a Rate that a person or client address has not used up.
type allowance struct{ short, day *rate.Limiter }

// These constants bound the size of a limiter. Full allowances are removed at intervals of
// at least sweepEvery. Beyond maxKnown allowances, all further addresses share one.
const (
	sweepEvery = time.Minute
	maxKnown   = 20_000
)

func newLimiter(l Limit, now func() time.Time) *limiter {
	return &limiter{Limit: l, now: now, known: make(map[whose]*allowance)}
}

// allow counts one request by the person, or by the address if personID is 0. If the
// allowance is used up, it returns the time at which the next request will be allowed.
func (l *limiter) allow(personID int64, address netip.Addr) (until time.Time, ok bool) {
	who, r := whose{person: personID}, l.Person
	if personID == 0 {
		who, r = whose{address: address}, l.Address
	}
	if r == (Rate{}) {
		return until, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	a := l.allowanceOf(who, r, now)
	wait := max(delay(a.short, now, 1), delay(a.day, now, l.daily()))
	if wait > 0 {
		return now.Add(wait), false
	}
	a.short.AllowN(now, 1)
	a.day.AllowN(now, l.daily())
	return until, true
}

// take counts up to n look-ups by the person. It returns how many of them are allowed and,
// if that is fewer than n, when the next one will be.
func (l *limiter) take(personID int64, n int) (taken int, until time.Time) {
	for taken < n {
		var ok bool
		if until, ok = l.allow(personID, netip.Addr{}); !ok {
			break
		}
		taken++
	}
	return taken, until
}

// giveBack uncounts look-ups that showed nothing. Look-ups are counted in advance, because
// checking the limit first and counting later would let simultaneous requests exceed it.
func (l *limiter) giveBack(personID int64, n int) {
	if n <= 0 || l.Person == (Rate{}) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	a := l.allowanceOf(whose{person: personID}, l.Person, now)
	a.short.AllowN(now, -n)
	a.day.AllowN(now, -n*l.daily())
}

// daily returns the cost of one request against the daily limit. The cost is the number of
// desks, so that each of n desks allows 1/n of the limit.
func (l *limiter) daily() int {
	if l.desks == nil || l.Person.Day == 0 {
		return 1
	}
	return min(l.desks(), l.Person.Day)
}

func delay(l *rate.Limiter, now time.Time, n int) time.Duration {
	if l.Limit() == rate.Inf {
		return 0
	}
	missing := float64(n) - l.TokensAt(now)
	return time.Duration(max(missing, 0) / float64(l.Limit()) * float64(time.Second))
}

// allowanceOf returns the allowance of a person or address. The caller must hold the lock.
func (l *limiter) allowanceOf(who whose, r Rate, now time.Time) *allowance {
	if since := now.Sub(l.swept); since > sweepEvery || since < 0 { // since is negative if the clock was set back
		l.swept = now
		for who, a := range l.known {
			if a.isFull(now) {
				delete(l.known, who)
			}
		}
	}
	if a, ok := l.known[who]; ok {
		a.refill(now)
		return a
	}
	if len(l.known) >= maxKnown && who.person == 0 {
		who = whose{}
		if a, ok := l.known[who]; ok {
			a.refill(now)
			return a
		}
	}
	a := &allowance{short: rate.NewLimiter(rate.Every(r.Every), r.Burst), day: rate.NewLimiter(rate.Inf, 1)}
	if r.Day > 0 {
		a.day = rate.NewLimiter(rate.Every(24*time.Hour/time.Duration(r.Day)), r.Day)
	}
	l.known[who] = a
	return a
}

// refill brings the allowance up to the present time. Without it, an exhausted allowance
// would stay empty for hours after the clock is set back.
func (a *allowance) refill(now time.Time) {
	a.short.SetBurstAt(now, a.short.Burst())
	a.day.SetBurstAt(now, a.day.Burst())
}

func (a *allowance) isFull(now time.Time) bool {
	return a.short.TokensAt(now) >= float64(a.short.Burst()) && (a.day.Limit() == rate.Inf || a.day.TokensAt(now) >= float64(a.day.Burst()))
}

// charge counts a request against the limits of its route. If a limit is used up, the error
// says when the next request will be allowed.
func (s *Server) charge(r *http.Request, l *limiter) error {
	if until, ok := l.allow(0, limitedAddress(s.clientAddress(r))); !ok {
		return limitError(meeting.ReasonLimitAddress, until)
	}
	if session := visitOf(r).session; session != nil && !l.ByHandler {
		if until, ok := l.allow(session.User.ID, netip.Addr{}); !ok {
			return limitError(meeting.ReasonLimitPerson, until)
		}
	}
	return nil
}

// lookUp counts one look-up of colleagues' meetings by the person. It returns an error if
// the person's limit is used up.
func (s *Server) lookUp(personID int64) error {
	if until, ok := s.lookUps.allow(personID, netip.Addr{}); !ok {
		return limitError(meeting.ReasonGuardLimited, until)
	}
	return nil
}

// colleagues returns the ticket's meetings, except those of the given organizer. Showing any
// number of them counts as one look-up. The result is empty if the person has no look-ups
// left.
func (s *Server) colleagues(r *http.Request, organizer meeting.User, externalID string) ([]meeting.TicketMeeting, error) {
	person := visitOf(r).session.User
	if s.lookUp(person.ID) != nil {
		return nil, nil
	}
	found, err := s.Desk.Colleagues(r.Context(), person, organizer, externalID)
	if len(found) == 0 {
		s.lookUps.giveBack(person.ID, 1)
	}
	return found, err
}

// guess returns tickets that the text may abbreviate. Each of them counts as one look-up by
// the person.
func (s *Server) guess(ctx context.Context, person meeting.User, text string) ([]string, error) {
	allowed, _ := s.lookUps.take(person.ID, maxGuesses)
	if allowed == 0 {
		return nil, nil
	}
	tickets, err := s.Desk.GuessTickets(ctx, person, text, allowed)
	s.lookUps.giveBack(person.ID, allowed-len(tickets))
	return tickets, err
}

func limitError(key meeting.Reason, until time.Time) error {
	return &meeting.Error{Code: meeting.Unavailable, Key: key, Args: meeting.Args{"Until": until}}
}
