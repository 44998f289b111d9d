package meetdesk_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write THIRD-PARTY-NOTICES.txt")

const noticesFile = "THIRD-PARTY-NOTICES.txt"

// TestThirdPartyNotices fails if the notices differ from those of the modules in the
// program. "make notices" rewrites them.
func TestThirdPartyNotices(t *testing.T) {
	want := notices(t)
	if *update {
		if err := os.WriteFile(noticesFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(noticesFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range compiledModules(t) {
		if !strings.Contains(string(got), "\n"+m.Path+" (") {
			t.Errorf("%s lacks %s; run \"make notices\"", noticesFile, m.Path)
		}
	}
	if !t.Failed() && string(got) != want {
		t.Errorf("%s is out of date; run \"make notices\" and read the difference", noticesFile)
	}
}

const noticesHead = `meetdesk contains the software below. Each part belongs to its authors and is
used under the terms that follow its name. Parts with the same terms share one
copy of them, and a part with several terms is named several times. Behind each
name are the SPDX identifiers of its licences. go.mod has the versions. "make notices" writes this file.
`

// notices returns the licences and notices of the Go standard library and of every module
// in the program.
func notices(t *testing.T) string {
	var texts []string
	paths := map[string][]string{} // maps the text of a licence to the modules that have it
	for _, m := range compiledModules(t) {
		found := licenceTexts(t, m.Dir)
		ids, err := licencesOf(found)
		if err != nil {
			t.Fatalf("%s, in %s: %v", m.Path, m.Dir, err)
		}
		for _, text := range found {
			if paths[text] == nil {
				texts = append(texts, text)
			}
			paths[text] = append(paths[text], fmt.Sprintf("%s (%s)", m.Path, strings.Join(ids, ", ")))
		}
	}
	rule := strings.Repeat("=", 80)
	var b strings.Builder
	b.WriteString(noticesHead)
	for _, text := range texts {
		fmt.Fprintf(&b, "\n%s\n%s\n%s\n\n%s\n", rule, strings.Join(paths[text], "\n"), rule, text)
	}
	return b.String()
}

type module struct{ Path, Dir string }

// compiledModules returns the Go standard library and the modules that the released
// program contains. The platform is fixed so that every developer gets the same list.
func compiledModules(t *testing.T) []module {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-json=Module", "./cmd/meetdesk")
	list.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := []module{{"The Go standard library", strings.TrimSpace(string(root))}}
	for packages := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			Module *struct {
				module
				Main bool
			}
		}
		err := packages.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if p.Module != nil && !p.Module.Main {
			modules = append(modules, p.Module.module)
		}
	}
	slices.SortFunc(modules[1:], func(a, b module) int { return cmp.Compare(a.Path, b.Path) })
	return slices.Compact(modules)
}

// licenceFile matches the names of files that a licence may require us to distribute.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|notice|copying|patents)([-.].*)?$`)

func licenceTexts(t *testing.T, dir string) (texts []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
		for i, line := range lines {
			lines[i] = strings.TrimRight(line, " \t\f")
		}
		texts = append(texts, strings.Trim(strings.Join(lines, "\n"), "\n"))
	}
	return texts
}
