package main

import (
	"fmt"
	"slices"
	"time"
)

// register records the values written to and read from one property of a meeting, such as
// its subject.
type register struct {
	writes []*write
	reads  []read
}

// write is a value that a user submitted.
type write struct {
	value      string
	start, end time.Time // end is when a page confirmed the value; zero without a confirmation
	void       bool      // a page reported that nothing was sent
}

// read is a value that a page showed.
type read struct {
	value string
	start time.Time // when the page was requested
}

func (r *register) write(value string, start time.Time) *write {
	w := &write{value: value, start: start}
	r.writes = append(r.writes, w)
	return w
}

// acknowledge records that a page confirmed the value. It reports whether this is the first
// confirmation.
func (r *register) acknowledge(w *write) bool {
	if !w.end.IsZero() {
		return false
	}
	w.end = time.Now()
	r.reads = append(r.reads, read{value: w.value, start: w.start})
	return true
}

// wrong returns the reason why the value cannot be correct, or "" if it can be. The value
// must come from one of the register's writes or from one of the additional writes (more).
// No page requested after the confirmation of that write may have shown a different value.
func (r *register) wrong(value string, more []*write) string {
	known := false
	for _, w := range slices.Concat(r.writes, more) {
		if w.value != value || w.void {
			continue
		}
		known = true
		newer := slices.ContainsFunc(r.reads, func(seen read) bool {
			return seen.value != value && !w.end.IsZero() && seen.start.After(w.end)
		})
		if !newer {
			return ""
		}
	}
	if !known {
		return fmt.Sprintf("%q was never asked for, or nothing was said to be sent; last shown: %q", value, r.last())
	}
	return fmt.Sprintf("%q is older than %q, which was shown later", value, r.last())
}

// last returns the value of the latest read, or "".
func (r *register) last() string {
	if len(r.reads) == 0 {
		return ""
	}
	return slices.MaxFunc(r.reads, func(a, b read) int { return a.start.Compare(b.start) }).value
}
