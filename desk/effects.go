package desk

import (
	"context"
	"net/http"
	"sync/atomic"

	"meetdesk/meeting"
)

// Effects records whether a request may have sent anything to Microsoft or changed
// anything there, so that an error page can tell the user.
type Effects struct{ any, asked atomic.Bool }

// Any reports whether the request may have changed anything at Microsoft.
func (e *Effects) Any() bool { return e.any.Load() }

// Asked reports whether the request may have sent anything to Microsoft, including
// read-only calls.
func (e *Effects) Asked() bool { return e.asked.Load() }

type effectsKey struct{}

// WithEffects returns a copy of ctx for one request. The effects of the request are
// recorded in the returned Effects.
func WithEffects(ctx context.Context) (context.Context, *Effects) {
	e := new(Effects)
	return context.WithValue(ctx, effectsKey{}, e), e
}

func noteAsked(ctx context.Context) {
	if e, ok := ctx.Value(effectsKey{}).(*Effects); ok {
		e.asked.Store(true)
	}
}

// noteEffects records that the calls were sent, and whether they may have changed anything.
// Read-only calls and calls that Graph refused do not change anything.
func noteEffects(ctx context.Context, calls []meeting.Call) {
	e, ok := ctx.Value(effectsKey{}).(*Effects)
	if !ok {
		return
	}
	for _, c := range calls {
		e.asked.Store(true)
		if c.Method != http.MethodGet && (c.Unsure || c.Status >= 200 && c.Status < 300) {
			e.any.Store(true)
		}
	}
}
