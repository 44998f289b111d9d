package metrics_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"meetdesk/metrics"
)

// TestGaugesShowTheState checks that each gauge shows its own value. If the state cannot
// be read, the gauges must be missing, because 0 would be misleading.
func TestGaugesShowTheState(t *testing.T) {
	state := metrics.State{
		Unfinished: 11, Sessions: 12, AuditQueue: 13, DatabaseBytes: 14, LogBytes: 15, FreeBytes: 16, LastBackup: time.Unix(17, 0),
		Ready: map[string]bool{"disk": false, "schema": true},
	}
	var failure error
	m := metrics.New("1.2.3")
	m.Watch(func() (metrics.State, error) { return state, failure })
	scrape := func() string {
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		return w.Body.String()
	}
	ready := []string{`meetdesk_ready{part="disk"} 0`, `meetdesk_ready{part="schema"} 1`}
	figures := []string{
		"meetdesk_attempts_unfinished 11\n", "meetdesk_sessions 12\n", "meetdesk_audit_queue_entries 13\n", "meetdesk_database_size_bytes 14\n",
		"meetdesk_database_wal_size_bytes 15\n", "meetdesk_disk_free_bytes 16\n", "meetdesk_backup_last_timestamp_seconds 17\n",
	}
	got := scrape()
	for _, want := range append(append(figures, ready...), "meetdesk_state_ok 1\n") {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in:\n%s", want, got)
		}
	}
	if state.LastBackup = (time.Time{}); strings.Contains(scrape(), "\nmeetdesk_backup_last") {
		t.Error("without a backup, there is a time of the last one")
	}
	if state.LogBytes = -1; strings.Contains(scrape(), "\nmeetdesk_database_wal") {
		t.Error("with PostgreSQL, there is a size of the write-ahead log, which was not looked at")
	}
	if state.FreeBytes = -1; strings.Contains(scrape(), "\nmeetdesk_disk_free") {
		t.Error("with PostgreSQL, there is a figure for the free space, which would set off the alert")
	}
	failure = errors.New("the database is locked")
	got = scrape()
	for _, want := range append(ready, "meetdesk_state_ok 0\n") {
		if !strings.Contains(got, want) {
			t.Errorf("after an error, no %s in:\n%s", want, got)
		}
	}
	for _, figure := range figures {
		if name, _, _ := strings.Cut(figure, " "); strings.Contains(got, "\n"+name+" ") {
			t.Errorf("after an error, there is %s", name)
		}
	}
}
