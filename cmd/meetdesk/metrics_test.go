package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/emulator"
	"meetdesk/paths"
	"meetdesk/testenv"
)

const monitoringDocs = "../../docs/monitoring/"

func scrape(t *testing.T, addr string) string {
	t.Helper()
	r, err := http.Get("http://" + addr + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%d, %v", r.StatusCode, err)
	}
	return string(text)
}

// busyDesk starts a desk with metrics and backups, and submits three creates, two of which
// do not succeed. The result addr is the address of the metrics.
func busyDesk(t *testing.T) (g *ground, addr string, stop func()) {
	t.Helper()
	g, addr = newGround(t), testenv.FreeAddress(t)
	desk := g.serve("MEETDESK_METRICS_ADDR="+addr, "MEETDESK_BACKUP_DIR="+t.TempDir())
	v := g.visitor(demo.Priya)
	g.emulator.FailNext(createRoute, emulator.Failure{Status: 429, Header: http.Header{"Retry-After": {"1"}}})
	v.send(http.MethodPost, paths.Meetings, meetingForm("INC1"))
	g.emulator.FailNext(createRoute, emulator.Failure{Status: 403})
	v.send(http.MethodPost, paths.Meetings, meetingForm("INC2"))
	g.emulator.FailNext(createRoute, emulator.Failure{Drop: true, Times: 3})
	v.send(http.MethodPost, paths.Meetings, meetingForm("INC3"))
	return g, addr, func() {
		if status := desk.stop(terminate); status != command.OK {
			t.Errorf("status %d:\n%s", status, desk.errors)
		}
	}
}

// The metrics count user actions, and no label contains user input.
func TestMetrics(t *testing.T) {
	testenv.SkipUnlessLong(t)
	t.Parallel()
	g, addr, stop := busyDesk(t)
	defer stop()
	stranger := newVisitor(g.site)
	for i := range 40 {
		for _, path := range []string{paths.Meeting(int64(i + 1)), paths.Ticket(fmt.Sprintf("T-%d", i)), fmt.Sprintf("/unknown/%d", i), fmt.Sprintf("/static/x%d.css", i), paths.History + fmt.Sprintf("?q=q%d", i)} {
			stranger.send(http.MethodGet, path, nil)
		}
		r, err := http.NewRequest(fmt.Sprintf("METHOD%d", i), g.site.String()+paths.History, nil)
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := http.DefaultClient.Do(r); err == nil {
			resp.Body.Close()
		}
	}
	eventually(t, "the backup is there", func() bool { return strings.Contains(scrape(t, addr), "meetdesk_backup_last_timestamp_seconds ") })
	got := scrape(t, addr)
	for _, want := range []string{
		`meetdesk_http_requests_total{method="GET",route="/meetings/{id}",status="303"} 40`,
		`meetdesk_http_requests_total{method="",route="",status="404"} 40`,
		`meetdesk_http_request_duration_seconds_count{method="GET",route="/t/{external_id...}"} 40`,
		`meetdesk_graph_calls_total{endpoint="onlineMeetings/createOrGet",retry="0",status="429"} 1`,
		`meetdesk_graph_calls_total{endpoint="onlineMeetings/createOrGet",retry="1",status="201"} 1`,
		`meetdesk_graph_calls_total{endpoint="onlineMeetings/createOrGet",retry="2",status="none"} 1`,
		`meetdesk_graph_call_duration_seconds_count{endpoint="onlineMeetings/createOrGet"}`,
		`meetdesk_throttled_seconds_total{service="graph"} 1`,
		`meetdesk_creates_total{outcome="created"} 1`, `meetdesk_creates_total{outcome="failed"} 1`, `meetdesk_creates_total{outcome="unfinished"} 1`,
		"meetdesk_attempts_unfinished 1\n", "meetdesk_sessions 1\n", "meetdesk_audit_queue_entries ", "meetdesk_state_ok 1\n",
		"meetdesk_database_size_bytes ", "meetdesk_database_wal_size_bytes ", "meetdesk_disk_free_bytes ",
		`meetdesk_ready{part="database"} 1`, `meetdesk_build_info{version="` + version + `"} 1`, "go_goroutines ", "process_open_fds ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in:\n%s", want, got)
		}
	}
	for _, name := range []string{"meetdesk_database_size_bytes", "meetdesk_database_wal_size_bytes", "meetdesk_disk_free_bytes"} {
		if strings.Contains(got, "\n"+name+" 0\n") {
			t.Errorf("%s is 0", name)
		}
	}
	for _, typed := range []string{"T-3", "unknown/", "x3.css", "q3", "METHOD", "INC1", "priya"} {
		if strings.Contains(got, typed) {
			t.Errorf("the metrics have %q", typed)
		}
	}
	if n := strings.Count(got, "\nmeetdesk_"); n > 300 {
		t.Errorf("%d time series after requests for 240 URLs", n)
	}
	if r, err := http.Get(g.site.String() + "/metrics"); err != nil || r.StatusCode != http.StatusNotFound {
		t.Errorf("the site itself serves /metrics: %v, %v", r, err)
	}
}

// The metric names follow Prometheus's conventions, and the alert rules pass their tests.
func TestPromtool(t *testing.T) {
	testenv.SkipIfShort(t)
	promtool := testenv.Program(t, "promtool", "prometheus")
	_, addr, stop := busyDesk(t)
	defer stop()
	check := exec.Command(promtool, "check", "metrics")
	check.Stdin = strings.NewReader(scrape(t, addr))
	if out, err := check.CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
	dashboard := filepath.Join(t.TempDir(), "dashboard.yml") // promtool cannot check a dashboard, so the queries become rules
	rules := "groups:\n- name: dashboard\n  rules:\n"
	for i, query := range dashboardQueries(t) {
		rules += fmt.Sprintf("  - {record: 'panel:%d', expr: %q}\n", i, strings.ReplaceAll(query, "$__rate_interval", "5m"))
	}
	if err := os.WriteFile(dashboard, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"check", "rules", "alerts.yml"}, {"check", "rules", dashboard}, {"test", "rules", "alerts_test.yml"}} {
		run := exec.Command(promtool, args...)
		run.Dir = monitoringDocs
		if out, err := run.CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, out)
		}
	}
}

// The alert rules, the dashboard and docs/monitoring.md name only metrics that exist.
// docs/monitoring.md lists all of the desk's alerts and metrics, and each alert has a test.
func TestMonitoringDocuments(t *testing.T) {
	testenv.SkipUnlessLong(t)
	t.Parallel()
	_, addr, stop := busyDesk(t)
	defer stop()
	eventually(t, "the backup is there", func() bool { return strings.Contains(scrape(t, addr), "meetdesk_backup_last_timestamp_seconds ") })
	exists, own := make(map[string]bool), make(map[string]bool)
	scraped := scrape(t, addr)
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (\S+) (\S+)$`).FindAllStringSubmatch(scraped, -1) {
		exists[m[1]], own[m[1]] = true, strings.HasPrefix(m[1], "meetdesk_")
	}
	read := func(name string) string {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	rules, document := read(monitoringDocs+"alerts.yml"), read("../../docs/monitoring.md")
	for file, text := range map[string]string{"alerts.yml": rules, "alerts_test.yml": read(monitoringDocs + "alerts_test.yml"), "dashboard.json": strings.Join(dashboardQueries(t), "\n"), "monitoring.md": document} {
		for _, name := range regexp.MustCompile(`\b(?:meetdesk|go|process)_[a-z_]+[a-z]\b`).FindAllString(text, -1) {
			if base := strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_count"); !exists[base] {
				t.Errorf("%s: there is no metric %s", file, name)
			}
		}
	}
	for _, query := range dashboardQueries(t) {
		metric := regexp.MustCompile(`meetdesk_[a-z_]+[a-z]`).FindString(query)
		for _, m := range regexp.MustCompile(`by \(([^)]+)\)|\{(\w+)`).FindAllStringSubmatch(query, -1) {
			for _, label := range strings.Split(m[1]+m[2], ", ") {
				if label != "job" && !regexp.MustCompile(`(?m)^`+metric+`\{[^}]*\b`+label+`="`).MatchString(scraped) { // Prometheus adds the job label
					t.Errorf("dashboard.json: %s: %s has no label %s", query, metric, label)
				}
			}
		}
	}
	for name, ours := range own {
		if ours && !strings.Contains(document, "`"+name+"`") {
			t.Errorf("docs/monitoring.md lacks %s", name)
		}
	}
	for _, m := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(rules, -1) {
		if !strings.Contains(document, "| `"+m[1]+"` |") {
			t.Errorf("docs/monitoring.md lacks the alert %s", m[1])
		}
		if !strings.Contains(read(monitoringDocs+"alerts_test.yml"), "alertname: "+m[1]+"\n        exp_alerts:\n          - ") {
			t.Errorf("no test raises the alert %s", m[1])
		}
	}
}

func dashboardQueries(t *testing.T) (queries []string) {
	t.Helper()
	text, err := os.ReadFile(monitoringDocs + "dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, p := range dashboard.Panels {
		titles = append(titles, p.Title)
		for _, target := range p.Targets {
			queries = append(queries, target.Expr)
		}
	}
	slices.Sort(titles)
	if len(queries) < 15 || len(slices.Compact(titles)) != len(dashboard.Panels) {
		t.Errorf("the dashboard has %d queries in the panels %q", len(queries), titles)
	}
	return queries
}

// If the metrics port is in use, the desk exits with status 1, and the error names the
// setting.
func TestMetricsPortInUse(t *testing.T) {
	testenv.SkipIfShort(t)
	g := newGround(t)
	taken, _ := url.Parse(g.microsoft)
	p := start(t, append(g.settings, "MEETDESK_METRICS_ADDR="+taken.Host), "serve")
	if status := p.status(); status != command.Failed || !strings.Contains(p.errors.String(), "MEETDESK_METRICS_ADDR") {
		t.Errorf("status %d:\n%s", status, p.errors)
	}
}
