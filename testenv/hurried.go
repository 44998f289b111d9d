package testenv

import (
	"context"
	"sync/atomic"
)

// Hurried is a context that is cancelled after a number of uses. By trying every number, a
// test can cancel the context at each point where it is used.
type Hurried struct {
	context.Context
	End  context.CancelFunc
	left atomic.Int64
}

// Hurry returns a context that is cancelled after the given number of uses.
func Hurry(parent context.Context, uses int) *Hurried {
	ctx, end := context.WithCancel(parent)
	h := &Hurried{Context: ctx, End: end}
	h.left.Store(int64(uses))
	return h
}

func (h *Hurried) use() {
	if h.left.Add(-1) == 0 {
		h.End()
	}
}

// InTime reports whether the context has been used fewer times than the number given to
// Hurry.
func (h *Hurried) InTime() bool { return h.left.Load() > 0 }

// Done counts as one use.
func (h *Hurried) Done() <-chan struct{} { h.use(); return h.Context.Done() }

// Err counts as one use.
func (h *Hurried) Err() error { h.use(); return h.Context.Err() }

// Value counts as one use.
func (h *Hurried) Value(key any) any { h.use(); return h.Context.Value(key) }
