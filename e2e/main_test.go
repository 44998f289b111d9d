// Package e2e_test tests meetdesk and its demo in a real browser. It finds most links,
// buttons and fields by their visible text.
package e2e_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/testenv"
)

// patience is how long the tests wait for most events.
const patience = 30 * time.Second

// programDir is the directory in which the tests build meetdesk and meetdesk-demo.
var programDir string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "meetdesk-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	programDir = dir
	status := m.Run()
	endChromium()
	os.RemoveAll(dir)
	os.Exit(status)
}

// programs builds meetdesk and meetdesk-demo once and returns their directory. It enables
// the race detector if the tests use it.
var programs = sync.OnceValues(func() (dir string, err error) {
	if err := noteSources(); err != nil {
		return "", err
	}
	args := []string{"build", "-buildvcs=false", "-o", programDir}
	if testenv.Race {
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, "../cmd/meetdesk", "../cmd/meetdesk-demo")...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return programDir, nil
})

// noteSources reads the module's source directories, so that changes invalidate the cached
// test result. "go test" does not know which files "go build" reads.
func noteSources() error {
	return filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() && path != ".." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "bin" || entry.Name() == "tmp") {
			return filepath.SkipDir
		}
		return err
	})
}

// findChromium returns the path of the browser named by CHROMIUM. If CHROMIUM is not set,
// it looks for an installed Chromium or Google Chrome.
func findChromium() (string, error) {
	if named := os.Getenv("CHROMIUM"); named != "" {
		return exec.LookPath(named)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("there is no Chromium: install it (Debian: apt-get install chromium) or name it with CHROMIUM=path")
}

// chromium returns the path of the browser. It skips the test unless CHROMIUM is set or
// BROWSER is "required", because browser tests are slow. "make test" sets CHROMIUM.
func chromium(t *testing.T) string {
	t.Helper()
	if os.Getenv("BROWSER") != "required" && os.Getenv("CHROMIUM") == "" {
		t.Skip("browser tests run with make test, or with CHROMIUM=path")
	}
	path, err := findChromium()
	if err != nil {
		t.Fatal(err)
	}
	return path
}
