package meetdesk_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestSQLiteHasItsOwnLibc fails unless the program is built with the version of
// modernc.org/libc that modernc.org/sqlite requires. SQLite's transpiled code depends on
// that version, but Go may select a newer one.
func TestSQLiteHasItsOwnLibc(t *testing.T) {
	if _, err := os.ReadFile("go.mod"); err != nil { // read go.mod so that changing it invalidates the cached result
		t.Fatal(err)
	}
	var sqlite, libc struct {
		Version, GoMod string
		Replace        *struct{ Version string }
	}
	goJSON(t, &sqlite, "list", "-m", "-json", "modernc.org/sqlite")
	goJSON(t, &libc, "list", "-m", "-json", "modernc.org/libc")
	built := libc.Version
	if libc.Replace != nil {
		built = libc.Replace.Version
	}
	var mod struct {
		Require []struct{ Path, Version string }
	}
	goJSON(t, &mod, "mod", "edit", "-json", sqlite.GoMod)
	for _, r := range mod.Require {
		if r.Path == "modernc.org/libc" {
			if r.Version != built {
				t.Errorf("the program is built with libc %s; SQLite %s requires exactly %s: change the replace line in go.mod", built, sqlite.Version, r.Version)
			}
			return
		}
	}
	t.Errorf("SQLite %s requires no libc: remove the replace line from go.mod, and this test", sqlite.Version)
}

// TestTemplIsTheSame fails if the templ generator and the templ library, which the
// generated code uses, have different versions. The two are updated separately.
func TestTemplIsTheSame(t *testing.T) {
	version := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(regexp.MustCompile(`github\.com/a-h/templ v\S+`).Find(text))
	}
	if program, tools := version("go.mod"), version(".ci/tools/go.mod"); program != tools || program == "" {
		t.Errorf("go.mod has %q, .ci/tools/go.mod has %q: update both, then run \"make generate\"", program, tools)
	}
}

// TestUpdatesCoverEverything fails if Dependabot's configuration does not cover every
// go.mod, every package.json and the workflows. It also fails if a workflow uses an action
// without pinning it to a commit or an image without pinning it to a digest.
func TestUpdatesCoverEverything(t *testing.T) {
	updates, err := os.ReadFile(".github/dependabot.yml")
	if err != nil {
		t.Fatal(err)
	}
	covered := strings.FieldsFunc(string(updates), func(r rune) bool { return strings.ContainsRune(" \n[],", r) })
	pinned := regexp.MustCompile(`^[^@]+@[0-9a-f]{40} # v`)
	walk := func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git"):
			return fs.SkipDir
		case d.Name() == "go.mod" || d.Name() == "package.json":
			if !slices.Contains(covered, path.Join("/", filepath.ToSlash(filepath.Dir(file)))) {
				t.Errorf(".github/dependabot.yml does not cover %s", file)
			}
		case strings.HasPrefix(filepath.ToSlash(file), ".github/workflows/"):
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			for _, use := range regexp.MustCompile(`uses: *(.*)`).FindAllStringSubmatch(string(text), -1) {
				if !pinned.MatchString(use[1]) {
					t.Errorf("%s: %s is not pinned to a commit, with the version in a comment", file, use[1])
				}
			}
			for _, image := range regexp.MustCompile(`(?m)^ *(?:container|image): *(\S.*)$`).FindAllStringSubmatch(string(text), -1) {
				if !regexp.MustCompile(`:\d\S*@sha256:[0-9a-f]{64}$`).MatchString(image[1]) {
					t.Errorf("%s: the image %s is not pinned to a version and a digest", file, image[1])
				}
			}
			if !slices.Contains(covered, "github-actions") {
				t.Error(".github/dependabot.yml does not cover the actions of workflows")
			}
		}
		return nil
	}
	if err := filepath.WalkDir(".", walk); err != nil {
		t.Fatal(err)
	}
}

func goJSON(t *testing.T, v any, args ...string) {
	t.Helper()
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		t.Fatalf("go %s: %v", strings.Join(args, " "), err)
	}
	if err := json.Unmarshal(out, v); err != nil {
		t.Fatal(err)
	}
}
