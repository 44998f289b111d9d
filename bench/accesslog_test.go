package main

import (
	"bytes"
	"log/slog"
	"testing"
	"time"
)

func TestParseLogged(t *testing.T) {
	for _, took := range []time.Duration{0, 900 * time.Nanosecond, 850 * time.Microsecond, 1234567 * time.Nanosecond, 2*time.Second + time.Millisecond} {
		var line bytes.Buffer
		slog.New(slog.NewTextHandler(&line, nil)).Info("request", "id", "X", "method", "GET", "path", "/history", "status", 303, "took", took, "user", 7, "error", "took=9s")
		want := logged{method: "GET", path: "/history", status: 303, took: took}
		if got, ok := parseLogged(line.String()); !ok || got != want {
			t.Errorf("%q is %+v, %v; want %+v", line.String(), got, ok, want)
		}
	}
	for _, line := range []string{
		"", "time=2026-03-01T09:00:00Z level=INFO msg=start took=1ms", `level=INFO msg=request path=/x status=200`,
		`level=INFO msg=request method=GET path=/x status=200 took=soon`, `level=INFO msg=request method=GET path=/x status= took=1ms`,
	} {
		if got, ok := parseLogged(line); ok {
			t.Errorf("%q is %+v, want none", line, got)
		}
	}
}
