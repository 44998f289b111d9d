package main

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/store/backup"
	"meetdesk/testenv"
)

func deskSettings(t *testing.T, data string) (site *url.URL, settings []string) {
	t.Helper()
	addr := testenv.FreeAddress(t)
	site = &url.URL{Scheme: "http", Host: strings.Replace(addr, "127.0.0.1", "localhost", 1)}
	em, graph := microsoft(t, site.String())
	return site, []string{
		"MEETDESK_URL=" + site.String(), "MEETDESK_ADDR=" + addr, "MEETDESK_DATA=" + data,
		"MEETDESK_TENANT_ID=" + emulator.DefaultTenant, "MEETDESK_CLIENT_ID=" + emulator.DefaultClientID, "MEETDESK_CLIENT_SECRET=secret",
		"MEETDESK_SESSION_KEYS=" + goodKey, "MEETDESK_ISSUER=" + em.Issuer(), "MEETDESK_GRAPH_URL=" + graph, "MEETDESK_ALLOW_EMULATOR=1",
	}
}

func meetdesk(t *testing.T, settings []string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	p := start(t, settings, args...)
	for line := range p.lines {
		stdout += line + "\n"
	}
	return p.status(), stdout, p.errors.String()
}

func TestBackupAndRestore(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	data, folder, ctx := t.TempDir(), t.TempDir(), context.Background()
	site, settings := deskSettings(t, data)
	settings = append(settings, "MEETDESK_TICKET_PATTERN=^.+$")
	desk := start(t, settings, "serve")
	desk.line("listening")
	v := newVisitor(site)
	if err := v.SignIn(ctx, demo.Priya); err != nil {
		t.Fatal(err)
	}
	form := laptopForm()
	form.Set("past", "1")
	if err := v.Create(ctx, form); err != nil {
		t.Fatal(err)
	}
	status, out, stderr := meetdesk(t, settings, "backup", folder, "-keep", "3", "-json")
	var report backup.Report
	if err := json.Unmarshal([]byte(out), &report); status != command.OK || err != nil || report.Meetings != 1 || report.Sessions != 0 {
		t.Fatalf("backup: status %d, %v, %+v\n%s", status, err, report, stderr)
	}
	kept := t.TempDir()
	for range 2 {
		status, out, stderr := meetdesk(t, settings, "backup", kept, "-keep", "1", "-with-sessions")
		if list, err := backup.List(kept); status != command.OK || !strings.Contains(out, "sessions      1\n") || len(list) != 1 || err != nil {
			t.Errorf("backup with sessions: status %d, the folder has %q, %v\n%s%s", status, list, err, out, stderr)
		}
	}
	if status, out, stderr := meetdesk(t, settings, "verify"); status != command.OK || !strings.Contains(out, "meetings      1\n") || !strings.Contains(out, " words of all meetings compared\n") {
		t.Errorf("verify of the running desk: status %d\n%s%s", status, out, stderr)
	}
	if status, _, stderr := meetdesk(t, settings, "restore", report.Path, "-force"); status != command.Failed || !strings.Contains(stderr, "in use by another meetdesk; stop it first") {
		t.Errorf("restore while the desk runs: status %d\n%s", status, stderr)
	}
	if status := desk.stop(syscall.SIGKILL); status != -1 {
		t.Fatalf("the desk ended by itself, with status %d", status)
	}
	if log := desk.errors.String(); !strings.Contains(log, `msg=start`) || !strings.Contains(log, `"ticket pattern"=^.+$`) {
		t.Errorf("the log does not show the pattern of tickets at the start:\n%s", log)
	}
	if err := os.RemoveAll(data); err != nil {
		t.Fatal(err)
	}
	if status, out, stderr := meetdesk(t, nil, "restore", "-data", data, report.Path); status != command.OK || !strings.Contains(out, "next meeting  number ") {
		t.Fatalf("restore: status %d\n%s%s", status, out, stderr)
	}
	desk = start(t, settings, "serve")
	desk.line("listening")
	if err := v.SignIn(ctx, demo.Priya); err != nil { // the backup contains no sessions
		t.Fatal(err)
	}
	if page := v.read(t, "/meetings/1"); !strings.Contains(page, form.Get(meeting.FieldSubject)) {
		t.Errorf("the restored meeting's page lacks its subject:\n%s", page)
	}
}

// A desk with a backup directory makes its first backup at startup.
func TestServeBacksUpDaily(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	folder := t.TempDir()
	_, settings := deskSettings(t, t.TempDir())
	desk := start(t, append(settings, "MEETDESK_BACKUP_DIR="+folder), "serve")
	desk.line("listening")
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		names, err := backup.List(folder)
		if err != nil {
			t.Fatal(err)
		}
		if len(names) == 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no backup was made in time")
		}
	}
	if status := desk.stop(os.Interrupt); status != command.OK {
		t.Errorf("status %d:\n%s", status, desk.errors)
	}
	if log := desk.errors.String(); !strings.Contains(log, "msg=backup file="+folder) {
		t.Errorf("the log does not say so:\n%s", log)
	}
}

func TestBackupCommandsSayWhatIsWrong(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	data, noise := t.TempDir(), filepath.Join(t.TempDir(), "noise.db")
	if err := os.WriteFile(noise, []byte("noise"), 0o600); err != nil {
		t.Fatal(err)
	}
	inData := []string{"MEETDESK_DATA=" + data}
	onPostgres := append(inData, "MEETDESK_DATABASE=postgres://db.example.org/desk")
	for _, tt := range []struct {
		settings []string
		args     string
		status   int
		want     string
	}{
		{inData, "backup", command.Usage, "needs a file or a directory"},
		{inData, "backup a b", command.Usage, `takes no argument "b"`},
		{inData, "backup " + noise + " -keep=-1", command.Usage, "-keep is -1"},
		{inData, "backup x -keep many", command.Usage, "invalid value"},
		{nil, "backup x", command.Usage, "MEETDESK_DATA"},
		{inData, "backup x", command.Failed, "no such file"},
		{inData, "backup " + noise, command.Failed, "exists already"},
		{nil, "verify", command.Usage, "MEETDESK_DATA"},
		{inData, "verify", command.Failed, "no such file"},
		{inData, "verify " + noise, command.Failed, "not a database"},
		{onPostgres, "backup x", command.Usage, "such as pg_dump"},
		{onPostgres, "verify -data " + data, command.Failed, "no such file"},
		{inData, "restore", command.Usage, "needs a file, or"},
		{nil, "restore " + noise, command.Usage, "MEETDESK_DATA"},
		{inData, "restore " + noise, command.Failed, "not a database"},
		{nil, "restore file:" + noise, command.Usage, "use sqlite:DIRECTORY or postgres://"},
		{nil, "restore postgres://%", command.Usage, "meetdesk restore:"},
		{inData, "restore -h", command.OK, "-force"},
	} {
		if status, _, stderr := meetdesk(t, tt.settings, strings.Fields(tt.args)...); status != tt.status || !strings.Contains(stderr, tt.want) {
			t.Errorf("%s: status %d, want %d with %q:\n%s", tt.args, status, tt.status, tt.want, stderr)
		}
	}
	if entries, err := os.ReadDir(data); err != nil || len(entries) > 0 {
		t.Errorf("the data directory has %v (%v), want nothing", entries, err)
	}
}
