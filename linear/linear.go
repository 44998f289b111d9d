// Package linear is for tests alone: it shows that a parser of text from outside
// takes time in proportion to its input.
package linear

import (
	"math"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

// most is how many times the work may grow when the input doubles.
const most = 2.5

// units are repeated to make hostile texts: what opens and never closes, what
// separates nothing, what was escaped many times, and what almost is something.
var units = []string{
	"a", " ", "\n", "\t", "\r\n", ",", ";", ":", "@", "<", ">", "(", ")", "[", "]", "{", "\"", "'", "“", "*", "_", "-", ".", "/", "\\", "|", "=", "&", "#", "+", "~", "0", "1", "é", "\u200b", "会", "\u0301", "\xff",
	"a,", "a;", "a@", "a@b", "a@b,", "a,b@c;", "a b@c ", "<a@b", "a@b>", "<a@b>", "\"a\",", "\",", "(,", "[;", "<;", "\"\\", "a\n", "To: ", "mailto:", "<mailto:", "[mailto:", "](", "\t\"",
	"%25", "%2525", "%", "&amp;", "&#x26;", "\\u0026", "\\/", "=3D", "> ", "*a", "_a_ ",
	"1 ", "123 ", "123-", "12.", "123,", ",,1", "1#", "+1 ", "(12) ", "id 1", "INC1 ", "a1-", "#1", "~2", "x~2", "I N C ",
	"https://", "http://a/", "https://teams.microsoft.com/", "msteams:", "meet/123456789", "19:", "19:a@thread.", "19:a@thread.v2 ", "meetup-join", "l/message/", "threadid=", "messageid=1", "MSo", "MSoxMjM", "00000000-0000-0000-0000-000000000000", "urldefense.com/v2/url?u=", "urldefense.com/v2/url?u=a&", "urldefense.com/v3/__", "dialin.teams.x/?id=12345", "dialin.teams.x/?&id=12345 ", "light-meetings/launch?coords=", "conference id 1", "meeting id ", "passcode: 1",
	"q=0.5,", "en-a-", "en,", "a-x-", "gzip;q=1,", "k=v; ", "a=\"", "a=\"b\",", "Bearer ", "Bearer a=b,", "{\"a\":", "[[", "[{},", "null,", "true", "1e9", "2026-01-01T00:00:00", ".000",
}

// Texts asserts for every text that is one of the units repeated, between head and
// tail, that parse takes time in proportion to its length; size is that of the
// shortest in bytes. See Check.
func Texts(t *testing.T, size int, head, tail string, parse func(text string)) {
	t.Helper()
	for _, unit := range units {
		text := func(times int) string {
			return head + strings.Repeat(unit, max(times, times*size/len(unit))) + tail
		}
		Check(t, strconv.Quote(unit), text, parse)
	}
}

// Check asserts that work does at most 2.5 times as much when its input doubles,
// counted in processor time and in allocated bytes. The input is made for a size of
// 1 and of 8, and the cube root of what was measured is compared: three doublings
// tell work that grows with the square from work whose larger input leaves a cache.
func Check[T any](t *testing.T, name string, input func(size int) T, work func(T)) {
	t.Helper()
	if unmeasured != "" {
		t.Skip(unmeasured)
	}
	small, large := input(1), input(1<<doublings)
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // the collector's work is not the parser's
	work(large)
	least, grown := none, none
	growth := func() float64 {
		return math.Pow(max(float64(grown.time)/float64(least.time), float64(grown.bytes)/float64(least.bytes)), 1./doublings)
	}
	for range rounds {
		runtime.GC() // memory that was used before costs no page faults
		deepen(1 << 12)
		least = least.best(effortOf(small, work)).best(effortOf(small, work))
		grown = grown.best(effortOf(large, work))
		if growth() <= most {
			return
		}
	}
	t.Errorf("%s: twice as much takes %.1f times the work (%v and %d bytes became %v and %d with %d times as much), want at most %.1f",
		name, growth(), least.time, least.bytes, grown.time, grown.bytes, 1<<doublings, most)
}

const (
	doublings = 3
	rounds    = 8 // of which the fastest counts
)

// effort is what one run costs. What costs next to nothing grows by the steps of
// the clock and the heap, so that no run counts as less than a little.
type effort struct {
	time  time.Duration
	bytes uint64
}

var (
	none   = effort{math.MaxInt64, math.MaxUint64}
	little = effort{100 * time.Microsecond, 64 << 10}
)

func (e effort) best(other effort) effort {
	return effort{min(e.time, max(other.time, little.time)), min(e.bytes, max(other.bytes, little.bytes))}
}

// deepen makes the stack larger than a parser's recursion needs. The collector
// shrinks it, and growing it again is not the parser's work.
//
//go:noinline
func deepen(levels int) byte {
	var frame [1 << 10]byte
	if levels > 0 {
		frame[levels%len(frame)] = deepen(levels - 1)
	}
	return frame[0]
}

// effortOf measures one run. Others use the machine too: time is what this thread
// spent on a processor.
func effortOf[T any](input T, work func(T)) effort {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begun := spent()
	work(input)
	took := spent() - begun
	runtime.ReadMemStats(&after)
	return effort{took, after.TotalAlloc - before.TotalAlloc}
}
