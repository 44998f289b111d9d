package main

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"meetdesk/command"
	"meetdesk/demo"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/testenv"
)

// damage describes a way to damage the database files of a stopped desk and what must happen
// when the desk starts again.
type damage struct {
	name   string
	killed bool // the desk was killed, so its write-ahead log remains
	do     func(t *testing.T, path string)
	says   string // part of the error message; "" if the desk starts
	lost   bool   // the desk starts without its newest meeting
}

func overwrite(from, to float64) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := int(float64(len(text)) * from); i < int(float64(len(text))*to); i++ {
			text[i] = 0xA5
		}
		write(t, path, text)
	}
}

func overwriteTable(name string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		var page, size, pages float64
		const q = `SELECT rootpage, page_size, page_count FROM sqlite_schema, pragma_page_size, pragma_page_count WHERE name = $1`
		if err := db.QueryRowContext(t.Context(), q, name).Scan(&page, &size, &pages); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		overwrite((page-1)/pages, page/pages)(t, path)
	}
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(suffixes ...string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		for _, suffix := range suffixes {
			if err := os.Remove(path + suffix); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func truncateTo(part float64, suffix string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		info, err := os.Stat(path + suffix)
		if err == nil {
			err = os.Truncate(path+suffix, int64(float64(info.Size())*part))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func damages() []damage {
	return []damage{
		{name: "the header is overwritten", do: overwrite(0, 0.001), says: "is not a database"},
		{name: "pages in the middle are overwritten", do: overwrite(0.3, 0.6), says: "is damaged"},
		{name: "a page that the start does not read is overwritten", do: overwriteTable("replies"), says: "is damaged"},
		{name: "the second half is missing", do: truncateTo(0.5, ""), says: "is damaged"},
		{name: "the file has 0 bytes", do: truncateTo(0, ""), says: "is empty, with 0 bytes"},
		{name: "the file has 0 bytes, and there is a log", killed: true, do: truncateTo(0, ""), says: "is empty, with 0 bytes"},
		{name: "the file is missing, and there is a log", killed: true, do: remove(""), says: "is missing, but its write-ahead log is there"},
		{name: "the log is truncated", killed: true, do: truncateTo(0.5, "-wal"), says: "has lost its end, and with it the newest records"},
		{name: "the log has 0 bytes", killed: true, do: truncateTo(0, "-wal"), says: "has lost its end, and with it the newest records"},
		{name: "the log is missing", killed: true, do: remove("-wal"), says: "is missing, and with it the newest records"},
		{name: "the index of the log is missing", killed: true, do: remove("-shm")},
		{name: "the index of the log is overwritten", killed: true, do: func(t *testing.T, path string) { overwrite(0, 1)(t, path+"-shm") }},
		{name: "the log and its index are missing", killed: true, do: remove("-wal", "-shm"), lost: true}, // nothing shows that there was a log
		{name: "nothing", killed: true, do: func(*testing.T, string) {}},
	}
}

// A desk that finds damage in its database does not start. It reports the damage, exits with
// status 1 and leaves the files unchanged. The desk starts if the damage is harmless or
// cannot be detected.
func TestDamagedDatabase(t *testing.T) {
	testenv.SkipUnlessLong(t)
	g := newGround(t)
	desk := g.serve()
	v := g.visitor(demo.Priya)
	v.send(http.MethodPost, paths.Meetings, meetingForm("INC1"))
	desk.stop(terminate)
	stopped := copyFolder(t, g.dir)
	desk = g.serve()
	v.send(http.MethodPost, paths.Meetings, meetingForm("INC2"))
	desk.stop(syscall.SIGKILL)
	killed := copyFolder(t, g.dir)
	for _, d := range damages() {
		t.Run(d.name, func(t *testing.T) {
			from := stopped
			if d.killed {
				from = killed
			}
			dir := copyFolder(t, from)
			d.do(t, filepath.Join(dir, store.FileName))
			before := contents(t, dir)
			p := start(t, append(g.settings, "MEETDESK_DATA="+dir), "serve")
			if d.says != "" {
				if status := p.status(); status != command.Failed || !strings.Contains(p.errors.String(), d.says) {
					t.Errorf("status %d, want 1 and %q:\n%s", status, d.says, p.errors)
				}
				if after := contents(t, dir); after != before {
					t.Errorf("the files changed from %s to %s", before, after)
				}
				return
			}
			p.line("listening")
			if a := v.send(http.MethodGet, paths.Meeting(2), nil); (a.status == http.StatusNotFound) != d.lost {
				t.Errorf("the newest meeting: %d %s", a.status, a.text)
			}
			p.stop(terminate)
		})
	}
}

func copyFolder(t *testing.T, from string) (to string) {
	t.Helper()
	to = t.TempDir()
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(from, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(to, e.Name()), text)
	}
	return to
}

// contents returns the names, sizes and SHA-256 hashes of the database's files.
func contents(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	for _, suffix := range []string{"", "-wal", "-shm"} {
		text, err := os.ReadFile(filepath.Join(dir, store.FileName+suffix))
		if err == nil {
			fmt.Fprintf(&all, "%s %d %x; ", suffix, len(text), sha256.Sum256(text))
		}
	}
	return all.String()
}

func TestSecondDesk(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	g := newGround(t)
	desk := g.serve()
	v := g.visitor(demo.Priya)
	second := start(t, append(g.settings, "MEETDESK_ADDR="+testenv.FreeAddress(t)), "serve")
	if status := second.status(); status != command.Failed || !strings.Contains(second.errors.String(), "in use by another meetdesk") {
		t.Errorf("status %d:\n%s", status, second.errors)
	}
	if a := v.send(http.MethodPost, paths.Meetings, meetingForm("INC1")); a.status != http.StatusSeeOther {
		t.Errorf("the first desk: %d %s", a.status, a.text)
	}
	if status := desk.stop(terminate); status != command.OK {
		t.Errorf("the first desk ended with %d", status)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	testenv.SkipIfShort(t)
	g := newGroundIn(t, smallDisk(t))
	g.serve().stop(terminate)
	if err := syscall.Mount("", g.dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	p := start(t, g.settings, "serve")
	if status := p.status(); status != command.Failed || !strings.Contains(p.errors.String(), "read-only file system") || !strings.Contains(p.errors.String(), g.dir) {
		t.Errorf("status %d:\n%s", status, p.errors)
	}
	if status, text := checkOnce(t, g.settings, false); status != command.Failed || !strings.Contains(text, "read-only file system") || !strings.Contains(text, "Mount its file system") {
		t.Errorf("the check ended with %d:\n%s", status, text)
	}
}
