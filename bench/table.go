package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// row is one line of the table.
type row struct {
	figure  string
	value   string
	beside  string // the floor or peer of the same run
	against string // the value's difference from it, or ratio to it
	goal    string // with whether it was met; "" where there is none
}

type table []row

func (t *table) add(r row) { *t = append(*t, r) }

func (t table) print(w io.Writer, machine string) error {
	var text strings.Builder
	out := tabwriter.NewWriter(&text, 0, 0, 3, ' ', 0)
	fmt.Fprintf(out, "meetdesk bench: %s\n\n", machine)
	fmt.Fprintln(out, "figure\tvalue\tbeside, in the same run\tagainst it\tgoal")
	fmt.Fprintln(out, "------\t-----\t-----------------------\t----------\t----")
	for _, r := range t {
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", r.figure, r.value, r.beside, r.against, r.goal)
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

// goal is the text of a goal with whether it was met.
func goal(text string, met bool) string {
	if met {
		return text + ": met"
	}
	return text + ": MISSED"
}

// ms writes a duration in milliseconds.
func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond)) }

// more is ms for a difference, with its sign.
func more(d time.Duration) string {
	return fmt.Sprintf("%+.2f ms", float64(d)/float64(time.Millisecond))
}

func times(a, b time.Duration) string {
	if b <= 0 {
		return "-" // too little to be measured
	}
	return fmt.Sprintf("%.1f times", float64(a)/float64(b))
}

// mb writes a number of bytes in megabytes of 2^20.
func mb(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20)) }
