package desk

import (
	"testing"
	"time"

	"meetdesk/graph"
)

func TestDeskWait(t *testing.T) {
	for _, tt := range []struct {
		name string
		wait graph.Wait
		want time.Duration
	}{
		{"429", graph.Wait{Status: 429, For: time.Minute}, time.Minute},
		{"429 for a day", graph.Wait{Status: 429, For: 24 * time.Hour}, time.Hour},
		{"503", graph.Wait{Status: 503, For: time.Minute}, time.Minute},
		{"409, one meeting is busy", graph.Wait{Status: 409, For: time.Minute}, 0},
		{"409 with a scope", graph.Wait{Status: 409, Scope: "Tenant/Read", For: time.Minute}, 0},
		{"one person's limit", graph.Wait{Status: 429, Scope: "User/ReadWrite", For: time.Minute}, 0},
		{"the tenant's limit", graph.Wait{Status: 429, Scope: "Tenant_Application/Read", For: 24 * time.Hour}, 24 * time.Hour},
		{"the application's limit", graph.Wait{Status: 429, Scope: "application/Read", For: 24 * time.Hour}, 24 * time.Hour},
		{"a scope yet unknown", graph.Wait{Status: 429, Scope: "Galaxy/Read", For: 24 * time.Hour}, time.Hour},
	} {
		if got := deskWait(tt.wait); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
