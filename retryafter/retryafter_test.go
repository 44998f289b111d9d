package retryafter_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"meetdesk/retryafter"
)

func TestOf(t *testing.T) {
	now := time.Date(2026, 11, 28, 10, 32, 0, 0, time.UTC)
	date := func(in time.Duration) string { return now.Add(in).Format(http.TimeFormat) }
	for _, tt := range []struct {
		told []string
		date string
		want time.Duration
	}{
		{nil, "", 0},
		{[]string{"600"}, "", 10 * time.Minute},
		{[]string{" 600 "}, "", 10 * time.Minute},
		{[]string{"0600"}, "", 10 * time.Minute},
		{[]string{"0"}, "", 0},
		{[]string{"1.5"}, "", 2 * time.Second},
		{[]string{"0.2"}, "", time.Second},
		{[]string{"120, 120"}, "", 2 * time.Minute},
		{[]string{"5", "90"}, "", 90 * time.Second},
		{[]string{"soon", "90"}, "", 90 * time.Second},
		{[]string{"-600"}, "", 0},
		{[]string{"+600"}, "", 0},
		{[]string{"1e3"}, "", 0},
		{[]string{"0x10"}, "", 0},
		{[]string{"NaN"}, "", 0},
		{[]string{"Inf"}, "", 0},
		{[]string{"soon"}, "", 0},
		{[]string{""}, "", 0},
		{[]string{"86401"}, "", retryafter.Longest},
		{[]string{"9223372036854775807"}, "", retryafter.Longest},
		{[]string{strings.Repeat("9", 400)}, "", retryafter.Longest},
		{[]string{date(10 * time.Minute)}, "", 10 * time.Minute},
		{[]string{now.Add(10 * time.Minute).Format(time.RFC850)}, "", 10 * time.Minute},
		{[]string{now.Add(10 * time.Minute).Format(time.ANSIC)}, "", 10 * time.Minute},
		{[]string{date(-time.Hour + time.Minute)}, date(-time.Hour), time.Minute},
		{[]string{date(time.Minute)}, "no date", time.Minute},
		{[]string{date(-time.Minute)}, "", 0},
		{[]string{date(400 * 24 * time.Hour)}, "", retryafter.Longest},
		{[]string{"Fri, 31 Dec 9999 23:59:59 GMT"}, "", retryafter.Longest},
		{[]string{"Mon, 01 Jan 0001 00:00:00 GMT"}, "", 0},
	} {
		header := http.Header{}
		for _, told := range tt.told {
			header.Add("Retry-After", told)
		}
		if tt.date != "" {
			header.Set("Date", tt.date)
		}
		if got := retryafter.Of(header, now); got != tt.want {
			t.Errorf("%.60q at %q: %v, want %v", tt.told, tt.date, got, tt.want)
		}
	}
}
