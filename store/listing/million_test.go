package listing

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"
)

// TestMostExpensiveList checks that no list, search or count exceeds its time limit on a
// large database. The environment variable MILLION is its path, such as
// folder/rows-1000000 after "make bench N=1000000 KEEP=folder".
func TestMostExpensiveList(t *testing.T) {
	path := os.Getenv("MILLION")
	if path == "" {
		t.Skip("MILLION does not name a database")
	}
	l, err := Open(path, time.Now, new(atomic.Int64))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var longest time.Duration
	for _, c := range expensiveCriteria() {
		for name, read := range map[string]func() error{
			"History": func() error { _, err := l.History(t.Context(), c); return err },
			"count":   func() error { _, err := l.count(t.Context(), c); return err },
		} {
			if err := read(); err != nil { // also fills the caches, which are not measured
				t.Errorf("%s of %+v: %v", name, c, err)
			}
			begun := time.Now()
			read()
			if took := time.Since(begun); took > longest {
				longest = took
				t.Logf("%s %s of %s", took.Round(time.Millisecond), name, fmt.Sprintf("%+v", c))
			}
		}
	}
}

// expensiveCriteria returns every combination of filters, and searches for words that
// occur in most meetings or in none.
func expensiveCriteria() []Criteria {
	list := allCriteria()
	for _, text := range []string{"a", "a e", "a e i o", "1", "inc", "inc 1", "contoso example", "example nowhere"} {
		for _, everyone := range []bool{true, false} {
			for _, state := range []State{"", Upcoming, Failed, Unfinished, Removed} {
				for _, deep := range []bool{false, true} {
					list = append(list, Criteria{UserID: 1, Everyone: everyone, Text: text, Limit: 50, Filter: Filter{State: state}, Deep: deep})
				}
			}
		}
	}
	return list
}
