package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// State is a snapshot of the values that the gauges report.
type State struct {
	Unfinished    int // the number of attempts that Microsoft may or may not have carried out
	Sessions      int
	AuditQueue    int // the number of audit entries that have not been written yet
	DatabaseBytes int64
	LogBytes      int64           // the size of the write-ahead log; -1 if unknown
	FreeBytes     int64           // -1 if unknown
	LastBackup    time.Time       // zero if there is no backup
	Ready         map[string]bool // whether each component works, by name
}

// Watch adds gauges for the state of the desk and calls read at each scrape. If read
// returns an error, meetdesk_state_ok is 0, and all the other gauges except meetdesk_ready
// are missing.
func (m *Metrics) Watch(read func() (State, error)) {
	gauge := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	m.registry.MustRegister(&watcher{
		read:       read,
		ok:         gauge("meetdesk_state_ok", "Whether the gauges that need the database could be read."),
		unfinished: gauge("meetdesk_attempts_unfinished", "Attempts of which it is not known whether Microsoft carried them out."),
		sessions:   gauge("meetdesk_sessions", "Sessions that have not expired."),
		queue:      gauge("meetdesk_audit_queue_entries", "Audit entries that are not written yet."),
		database:   gauge("meetdesk_database_size_bytes", "Size of the database file."),
		wal:        gauge("meetdesk_database_wal_size_bytes", "Size of the write-ahead log."),
		free:       gauge("meetdesk_disk_free_bytes", "Free space in the data directory."),
		backup:     gauge("meetdesk_backup_last_timestamp_seconds", "When the newest backup in MEETDESK_BACKUP_DIR was taken; missing if there is none."),
		ready:      gauge("meetdesk_ready", "Whether a part works, as /readyz says.", "part"),
	})
}

type watcher struct {
	read func() (State, error)

	ok, unfinished, sessions, queue, database, wal, free, backup, ready *prometheus.Desc
}

func (w *watcher) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{w.ok, w.unfinished, w.sessions, w.queue, w.database, w.wal, w.free, w.backup, w.ready} {
		to <- d
	}
}

func (w *watcher) Collect(to chan<- prometheus.Metric) {
	send := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	s, err := w.read()
	for part, ok := range s.Ready {
		send(w.ready, number(ok), part)
	}
	send(w.ok, number(err == nil))
	if err != nil {
		return
	}
	send(w.unfinished, float64(s.Unfinished))
	send(w.sessions, float64(s.Sessions))
	send(w.queue, float64(s.AuditQueue))
	send(w.database, float64(s.DatabaseBytes))
	if s.LogBytes >= 0 {
		send(w.wal, float64(s.LogBytes))
	}
	if s.FreeBytes >= 0 {
		send(w.free, float64(s.FreeBytes))
	}
	if !s.LastBackup.IsZero() {
		send(w.backup, float64(s.LastBackup.Unix()))
	}
}

func number(ok bool) float64 {
	if ok {
		return 1
	}
	return 0
}
