package desk

import (
	"context"
	"net/http"
	"sync/atomic"

	"meetdesk/meeting"
)

// Effects records whether a request may have changed anything at Microsoft. An error page
// may say that nothing was sent only if Any returns false.
type Effects struct{ any atomic.Bool }

// Any reports whether there may be effects.
func (e *Effects) Any() bool { return e.any.Load() }

type effectsKey struct{}

// WithEffects returns a context for everything that is done on behalf of one request, and
// the record of its effects.
func WithEffects(ctx context.Context) (context.Context, *Effects) {
	e := new(Effects)
	return context.WithValue(ctx, effectsKey{}, e), e
}

// noteEffects records that the calls may have changed something. Calls that only read,
// and calls that Graph refused, do not count.
func noteEffects(ctx context.Context, calls []meeting.Call) {
	e, ok := ctx.Value(effectsKey{}).(*Effects)
	if !ok {
		return
	}
	for _, c := range calls {
		if c.Method != http.MethodGet && (c.Unsure || c.Status >= 200 && c.Status < 300) {
			e.any.Store(true)
		}
	}
}
