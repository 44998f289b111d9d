// Package linear helps tests check that parsers of untrusted text run in linear time.
package linear

import (
	"math"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"meetdesk/testenv"
)

// limit is the maximum factor by which the work may grow when the input doubles.
const limit = 2.5

// units are repeated to build hostile input: unclosed brackets, bare separators, repeated
// escapes, and text that almost matches what parsers look for.
var units = []string{
	"a", " ", "\n", "\t", "\r\n", ",", ";", ":", "@", "<", ">", "(", ")", "[", "]", "{", "\"", "'", "“", "*", "_", "-", ".", "/", "\\", "|", "=", "&", "#", "+", "~", "0", "1", "é", "\u200b", "会", "\u0301", "\xff",
	"a,", "a;", "a@", "a@b", "a@b,", "a,b@c;", "a b@c ", "<a@b", "a@b>", "<a@b>", "\"a\",", "\",", "(,", "[;", "<;", "\"\\", "a\n", "To: ", "mailto:", "<mailto:", "[mailto:", "](", "\t\"",
	"%25", "%2525", "%", "&amp;", "&#x26;", "\\u0026", "\\/", "=3D", "> ", "*a", "_a_ ",
	"1 ", "123 ", "123-", "12.", "123,", ",,1", "1#", "+1 ", "(12) ", "id 1", "INC1 ", "a1-", "#1", "~2", "x~2", "I N C ",
	"https://", "http://a/", "https://teams.microsoft.com/", "msteams:", "meet/123456789", "19:", "19:a@thread.", "19:a@thread.v2 ", "meetup-join", "l/message/", "threadid=", "messageid=1", "MSo", "MSoxMjM", "00000000-0000-0000-0000-000000000000", "urldefense.com/v2/url?u=", "urldefense.com/v2/url?u=a&", "urldefense.com/v3/__", "dialin.teams.x/?id=12345", "dialin.teams.x/?&id=12345 ", "light-meetings/launch?coords=", "conference id 1", "meeting id ", "passcode: 1",
	"q=0.5,", "en-a-", "en,", "a-x-", "gzip;q=1,", "k=v; ", "a=\"", "a=\"b\",", "Bearer ", "Bearer a=b,", "{\"a\":", "[[", "[{},", "null,", "true", "1e9", "2026-01-01T00:00:00", ".000",
}

// Texts calls Check with each of the units, repeated between head and tail. size is the
// approximate length of the shortest text in bytes, not counting head and tail.
func Texts(t *testing.T, size int, head, tail string, parse func(text string)) {
	t.Helper()
	for _, unit := range units {
		text := func(times int) string {
			return head + strings.Repeat(unit, max(times, times*size/len(unit))) + tail
		}
		Check(t, strconv.Quote(unit), text, parse)
	}
}

// Check asserts that the work callback takes at most 2.5 times as much time and memory when
// its input doubles. It compares sizes 1 and 8, which are three doublings apart. With fewer
// doublings, the cache could make a linear callback look quadratic.
func Check[T any](t *testing.T, name string, input func(size int) T, work func(T)) {
	t.Helper()
	testenv.SkipUnderRace(t) // the race detector makes recursion and memory disproportionately expensive
	testenv.SkipUnlessLong(t)
	small, large := input(1), input(1<<doublings)
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // excludes garbage collection from the measurements
	least, most := unknown, unknown
	for round := range rounds {
		if round > 0 {
			settle() // skipped in the first round, because it takes longer than most parsers
		}
		least = least.best(effortOf(small, work)).best(effortOf(small, work))
		most = most.best(effortOf(large, work))
		if growth(least, most) <= limit {
			return
		}
	}
	t.Errorf("%s: twice as much takes %.1f times the work (%v and %d bytes became %v and %d with %d times as much), want at most %.1f",
		name, growth(least, most), least.time, least.bytes, most.time, most.bytes, 1<<doublings, limit)
}

// growth returns the factor by which the work grows when the input doubles.
func growth(small, large effort) float64 {
	return math.Pow(max(float64(large.time)/float64(small.time), float64(large.bytes)/float64(small.bytes)), 1./doublings)
}

// settle frees memory so that the next allocations cause no page faults. It then grows the
// stack again, because the garbage collector has shrunk it.
func settle() {
	runtime.GC()
	deepen(1 << 12)
}

const (
	doublings = 3
	rounds    = 9
)

type effort struct {
	time  time.Duration
	bytes uint64
}

var (
	unknown = effort{math.MaxInt64, math.MaxUint64}
	// floor is the lowest cost that can be measured reliably. Lower costs count as floor.
	floor = effort{100 * time.Microsecond, 64 << 10}
)

// best returns the lower of the two times and the lower of the two numbers of bytes.
// Values in the argument that are below floor count as floor.
func (e effort) best(other effort) effort {
	return effort{min(e.time, max(other.time, floor.time)), min(e.bytes, max(other.bytes, floor.bytes))}
}

// deepen grows the stack beyond what a parser's recursion needs.
//
//go:noinline
func deepen(levels int) byte {
	var frame [1 << 10]byte
	if levels > 0 {
		frame[levels%len(frame)] = deepen(levels - 1)
	}
	return frame[0]
}

// effortOf measures one run. On Linux, it measures CPU time, so the result does not depend
// on other processes.
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
