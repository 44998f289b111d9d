package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

type row struct {
	figure  string
	value   string
	peer    string // a reference value from the same run, such as a bare server's time or the median
	against string // the difference between value and peer, or their ratio
	growth  string // the ratio to the value with fewer meetings
	goal    string // the goal and whether it was met; "" without a goal
}

type table []row

func (t *table) add(r row) { *t = append(*t, r) }

func (t table) print(w io.Writer, machine string) error {
	var text strings.Builder
	out := tabwriter.NewWriter(&text, 0, 0, 3, ' ', 0)
	fmt.Fprintf(out, "meetdesk bench: %s\n\n", machine)
	grows := slices.ContainsFunc(t, func(r row) bool { return r.growth != "" })
	lines := [][]string{{"figure", "value", "beside, in the same run", "against it", "growth", "goal"}, {"------", "-----", "-----------------------", "----------", "------", "----"}}
	for _, r := range t {
		lines = append(lines, []string{r.figure, r.value, r.peer, r.against, r.growth, r.goal})
	}
	for _, cells := range lines {
		if !grows {
			cells = slices.Delete(cells, 4, 5)
		}
		fmt.Fprintln(out, strings.Join(cells, "\t"))
	}
	if err := out.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(text.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

func goal(text string, met bool) string {
	if met {
		return text + ": met"
	}
	return text + ": MISSED"
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond)) }

func more(d time.Duration) string {
	return fmt.Sprintf("%+.2f ms", float64(d)/float64(time.Millisecond))
}

func times(a, b time.Duration) string {
	if b <= 0 {
		return "-" // b is too small to be measured
	}
	return fmt.Sprintf("%.1f times", float64(a)/float64(b))
}

// mb formats a number of bytes in units of 2^20 bytes.
func mb(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20)) }
