package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

type logged struct {
	method, path string // without the query
	status       int
	took         time.Duration // from the arrival of the request to the end of the response
}

func parseLogged(line string) (l logged, ok bool) {
	if !strings.Contains(line, " msg=request ") {
		return l, false
	}
	for _, field := range strings.Fields(line) {
		name, value, _ := strings.Cut(field, "=")
		var err error
		switch name {
		case "method":
			l.method = value
		case "path":
			l.path = value
		case "status":
			l.status, err = strconv.Atoi(value)
		case "took":
			l.took, err = time.ParseDuration(strings.Trim(value, `"`))
			ok = true
		}
		if err != nil {
			return l, false
		}
	}
	return l, ok
}

func (p *process) logSize() (int64, error) {
	info, err := os.Stat(p.stderr.Name())
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// loggedSince returns the durations of the requests that were logged after the offset and
// that the callback accepts. The desk logs a request only after the response, so
// loggedSince waits up to about two seconds for n such requests.
func (p *process) loggedSince(ctx context.Context, offset int64, n int, counts func(logged) bool) (took []time.Duration, err error) {
	for range 100 {
		if took, err = p.readLogged(offset, counts); err != nil || len(took) >= n {
			return took, err
		}
		if err := sleepUntil(ctx, time.Now().Add(20*time.Millisecond)); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%d lines in the access log for %d requests", len(took), n)
}

func (p *process) readLogged(offset int64, counts func(logged) bool) (took []time.Duration, err error) {
	file, err := os.Open(p.stderr.Name())
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(io.NewSectionReader(file, offset, 1<<40))
	for lines.Scan() {
		if l, ok := parseLogged(lines.Text()); ok && counts(l) {
			took = append(took, l.took)
		}
	}
	return took, lines.Err()
}
