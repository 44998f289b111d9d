package main

import (
	"database/sql"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/command"
	"meetdesk/locale"
	"meetdesk/paths"
	"meetdesk/selfcheck"
	"meetdesk/store"
	"meetdesk/testenv"
)

// checkOnce runs "meetdesk check" in this process.
func checkOnce(t *testing.T, environ []string, asJSON bool) (status int, text string) {
	t.Helper()
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err = checkEnvironment(t.Context(), environ, catalogue.Printer("en"), asJSON, &out)
	return command.Status(err), out.String()
}

// The check detects a running desk without disturbing it, and reports no problems.
func TestCheckBesideARunningDesk(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	x := newTrial(t, trialFiles(t), wrongSetting{})
	desk := start(t, x.environ(), "serve")
	desk.line("listening")
	status, text := checkOnce(t, x.environ(), false)
	if status != command.OK || !strings.Contains(text, "meetdesk is running there") || !strings.Contains(text, "It is not damaged") {
		t.Errorf("status %d:\n%s", status, text)
	}
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("the desk ended with %d", status)
	}
}

// The desk answers requests while its check waits for the provider. A signal to stop ends
// the check.
func TestDeskAnswersBeforeItsCheckEnds(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts connections but never responds
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	desk := start(t, environment("URL=http://localhost:1", "ADDR=127.0.0.1:0", "DATA="+t.TempDir(), "ISSUER=http://"+silent.Addr().String(), "GRAPH_URL=http://"+silent.Addr().String(), "ALLOW_EMULATOR=1"), "serve")
	_, address, _ := strings.Cut(desk.line("listening on"), "listening on ")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Get("http://" + address + paths.Home)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		t.Errorf("status %d, but the home page redirects to the sign-in", response.StatusCode)
	}
	if status := desk.stop(terminate); status != command.OK || strings.Contains(desk.errors.String(), checkEnded) {
		t.Errorf("status %d:\n%s", status, desk.errors)
	}
}

// A shell lacks the settings that systemd passes to the service. Without any settings,
// the check names the file from which systemd reads them.
func TestCheckWithoutEnvironment(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	if status, _, stderr := meetdesk(t, nil, "check"); status != command.Usage || !strings.Contains(stderr, "/etc/meetdesk/meetdesk.env") {
		t.Errorf("status %d:\n%s", status, stderr)
	}
}

// The check reports a full disk, but not as a configuration error.
func TestCheckOnAFullDisk(t *testing.T) {
	x := newTrial(t, t.TempDir(), wrongSetting{})
	x.values["DATA"] = testenv.SmallDisk(t, "1m")
	testenv.FillDisk(t, x.values["DATA"])
	status, text := checkOnce(t, x.environ(), false)
	if status != command.Failed || !strings.Contains(text, "meetdesk will soon be unable to record anything") {
		t.Errorf("status %d:\n%s", status, text)
	}
}

// If access to the folder or the database is denied, "meetdesk check" and "meetdesk serve"
// exit with the same status.
func TestCheckAndServeAgreeOnRights(t *testing.T) {
	testenv.SkipIfShort(t)
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	t.Parallel()
	// The keys of the inner maps are paths relative to the data directory.
	for name, paths := range map[string]map[string]os.FileMode{
		"folder without writing":   {"": 0o500},
		"folder without reading":   {"": 0o300},
		"folder above":             {"..": 0o500},
		"database":                 {store.FileName: 0},
		"database without writing": {store.FileName: 0o400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newTrial(t, t.TempDir(), wrongSetting{})
			x.values["DATA"] = filepath.Join(x.data, "data")
			if name != "folder above" {
				if status, text := serveOnce(t, x.environ()); status != starts {
					t.Fatalf("status %d:\n%s", status, text)
				}
			}
			for path, mode := range paths {
				path = filepath.Join(x.values["DATA"], path)
				if err := os.Chmod(path, mode); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { os.Chmod(path, 0o700) })
			}
			if status, text := serveOnce(t, x.environ()); status != command.Usage || !strings.Contains(text, "MEETDESK_DATA") {
				t.Errorf("serve ended with %d:\n%s", status, text)
			}
			if status, text := checkOnce(t, x.environ(), false); status != command.Usage || !strings.Contains(text, "permission denied") && name != "folder above" {
				t.Errorf("the check ended with %d:\n%s", status, text)
			}
		})
	}
}

func TestCheckFindsANewerDatabase(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	x := newTrial(t, t.TempDir(), wrongSetting{})
	if status, text := serveOnce(t, x.environ()); status != starts {
		t.Fatalf("status %d:\n%s", status, text)
	}
	db, err := sql.Open("sqlite", filepath.Join(x.data, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	status, text := checkOnce(t, x.environ(), true)
	var result struct {
		State  selfcheck.State
		Checks []selfcheck.Text
	}
	if err := json.Unmarshal([]byte(text), &result); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	found := ""
	for _, c := range result.Checks {
		if c.Name == "database" {
			found = string(c.State) + " " + c.Found
		}
	}
	if status != command.Failed || result.State != selfcheck.Wrong || !strings.Contains(found, "wrong meetdesk") || !strings.Contains(found, "schema 9999") {
		t.Errorf("status %d, %s", status, found)
	}
}
