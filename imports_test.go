// Package meetdesk_test checks rules that apply to the whole repository.
package meetdesk_test

import (
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport maps each package to the packages in this repository that it may import, all of
// which are in lower layers. The emulator's packages import only each other; otherwise they
// would share any misunderstanding of Graph with package graph.
var mayImport = map[string][]string{
	"cmd/meetdesk":        {"auth", "command", "locale", "logs", "meeting", "metrics", "people", "selfcheck", "server", "store", "store/backup", "store/postgresdb", "store/sqlitedb", "store/transfer", "tracing"},
	"cmd/meetdesk-demo":   {"demo"},
	"demo":                {"auth", "command", "emulator", "form", "logs", "meeting", "paths", "server"},
	"server":              {"auth", "desk", "graph", "locale", "meeting", "metrics", "paths", "selfcheck", "static", "store", "store/backup", "store/sqlitedb", "tracing", "views/gallery", "web"},
	"command":             {},
	"web":                 {"auth", "desk", "form", "locale", "logs", "meeting", "paths", "people", "search", "selfcheck", "spreadsheet", "static", "store", "store/listing", "views", "xlsx"},
	"selfcheck":           {"auth", "graph", "locale", "meeting", "migrations", "store", "store/backup", "store/postgresdb", "store/sqlitedb"},
	"desk":                {"auth", "graph", "meeting", "store"},
	"desk/desktest":       {"auth", "desk", "emulator", "emulator/emutest", "graph", "logs", "meeting", "migrations", "paths", "store", "store/enginetest", "store/listing", "store/postgrestest"},
	"store":               {"meeting", "retryafter", "search", "store/compact", "store/listing", "store/postgresdb", "store/sqlitedb"},
	"graph":               {"exactjson", "meeting", "retryafter"},
	"auth":                {"exactjson", "meeting", "retryafter"},
	"views/gallery":       {"form", "locale", "meeting", "paths", "search", "views"},
	"views":               {"form", "locale", "meeting", "paths", "people", "search", "views/ui"},
	"form":                {"meeting", "people", "spreadsheet"},
	"people":              {"meeting"},
	"locale":              {"meeting"},
	"bench":               {"emulator", "locale", "meeting", "spreadsheet", "spreadsheet/hostile", "store", "store/compact", "store/listing", "store/postgresdb", "store/postgrestest", "store/sqlitedb", "testenv", "views"},
	"crash":               {"emulator", "form", "locale", "meeting", "paths", "store", "store/compact", "store/listing", "store/postgresdb", "store/sqlitedb", "testenv"},
	"search":              {"meeting"},
	"exactjson":           {},
	"retryafter":          {},
	"logs":                {},
	"meeting":             {},
	"paths":               {},
	"views/ui":            {},
	"static":              {},
	"xlsx":                {},
	"spreadsheet":         {},
	"spreadsheet/hostile": {"spreadsheet"},
	"metrics":             {},
	"packaging":           {},
	"migrations":          {},
	"tracing":             {},
	"linear":              {"testenv"},
	"testenv":             {},

	"store/backup":     {"meeting", "migrations", "store", "store/listing", "store/postgresdb", "store/sqlitedb"},
	"store/compact":    {"meeting"},
	"store/listing":    {"meeting", "search", "store/compact", "store/postgresdb", "store/sqlitedb"},
	"store/sqlitedb":   {"meeting", "migrations", "search"},
	"store/sqlitetest": {"store/sqlitedb"},

	"store/transfer": {"meeting", "search", "store", "store/backup", "store/listing", "store/postgresdb", "store/sqlitedb"},

	"store/enginetest":       {"store/postgresdb", "store/postgrestest", "store/sqlitedb", "store/sqlitetest"},
	"store/postgresdb":       {"migrations"},
	"store/postgrestest":     {"store/postgresdb", "testenv"},
	"store/postgrestest/run": {"store/postgrestest"},

	"emulator":         {"emulator/control", "emulator/entra", "emulator/msgraph", "emulator/tenant", "emulator/wire"},
	"emulator/emutest": {"emulator"},
	"emulator/control": {"emulator/tenant", "emulator/wire"},
	"emulator/entra":   {"emulator/tenant", "emulator/wire"},
	"emulator/msgraph": {"emulator/tenant", "emulator/wire"},
	"emulator/tenant":  {"emulator/wire"},
	"emulator/wire":    {},
}

// testsMayImport lists the packages that the tests of any package may import in addition to
// those in mayImport. The tests of web, cmd/meetdesk, e2e and attack may import every
// package.
var testsMayImport = []string{"desk/desktest", "emulator", "emulator/emutest", "linear", "logs", "migrations", "people", "spreadsheet/hostile", "static", "store/enginetest", "store/listing", "store/postgrestest", "store/sqlitetest", "testenv", "xlsx", devOnly}

// devOnly is a package that is not part of released builds. It may be imported only by tests and by files
// with the build tag dev.
const devOnly = "views/gallery"

func TestImportsPointDownwards(t *testing.T) {
	seen := make(map[string]bool)
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && file != "." && strings.HasPrefix(entry.Name(), ".") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(file, ".go") || !strings.Contains(file, "/") {
			return nil
		}
		file = filepath.ToSlash(file)
		pkg, isTest := path.Dir(file), strings.HasSuffix(file, "_test.go")
		allowed, known := mayImport[pkg]
		if !known && !isTest {
			t.Errorf("the package %s has no line in the table: say what it may import", pkg)
			return nil
		}
		seen[pkg] = true
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			ours, ok := strings.CutPrefix(name, "meetdesk/")
			switch {
			case pkg == "meeting" && !isTest && strings.Contains(strings.Split(name, "/")[0], "."):
				t.Errorf("%s imports %s: meeting has the standard library only", file, name)
			case strings.HasPrefix(name, "github.com/zitadel/") && pkg != "emulator/entra":
				t.Errorf("%s imports %s: only emulator/entra has an OpenID provider", file, name)
			case ours == devOnly && !isTest && inEveryBuild(t, file):
				t.Errorf("%s imports %s: only a file with //go:build dev may", file, name)
			case !ok || ours == pkg || slices.Contains(allowed, ours):
			case isTest && (slices.Contains(testsMayImport, ours) || pkg == "web" || pkg == "cmd/meetdesk" || pkg == "e2e" || pkg == "attack"):
			default:
				t.Errorf("%s imports %s, which %s may not", file, name, pkg)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range mayImport {
		if !seen[pkg] {
			t.Errorf("the table names %s, and there is no such package", pkg)
		}
	}
}

func inEveryBuild(t *testing.T, file string) bool {
	t.Helper()
	match, err := build.Default.MatchFile(path.Split(file))
	if err != nil {
		t.Fatal(err)
	}
	return match
}
