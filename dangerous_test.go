package meetdesk_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// dangerous lists the packages that the program must not import, and why. The exception is
// the only folder that may import the package.
var dangerous = []struct{ path, why, exception string }{
	{"os/exec", "runs other programs", ""},
	{"plugin", "loads code", ""},
	{"unsafe", "bypasses memory safety", ""},
	{"C", "bypasses memory safety", ""},
	{"encoding/xml", "reads XML", "spreadsheet"}, // encoding/xml loads no external entities, and package spreadsheet limits the size of its input
	{"encoding/gob", "decodes into types that the sender chooses", ""},
	{"net/smtp", "sends mail", ""},
	{"net/http/pprof", "serves the memory of the process", ""},
	{"expvar", "serves the state of the process", ""},
	{"crypto/md5", "is a broken hash", ""},
	{"crypto/sha1", "is a broken hash", ""},
	{"crypto/des", "is a broken cipher", ""},
	{"crypto/rc4", "is a broken cipher", ""},
	{"math/rand", "can be predicted", ""},
	{"math/rand/v2", "can be predicted", "graph"},              // for jitter in retry delays
	{"text/template", "builds text from a template", "locale"}, // the templates come only from the built-in catalogues
	{"html/template", "builds pages at run time", "emulator/entra"},
}

// TestProgramImportsNothingDangerous checks all Go files except tests and tools.
func TestProgramImportsNothingDangerous(t *testing.T) {
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		file = filepath.ToSlash(file)
		if entry.IsDir() && (file != "." && strings.HasPrefix(entry.Name(), ".") || isTool(file)) {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder := filepath.ToSlash(filepath.Dir(file))
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			for _, d := range dangerous {
				if d.path == path && d.exception != folder {
					t.Errorf("%s imports %s, which %s", file, path, d.why)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// isTool reports whether a folder contains only tests or programs that are not shipped.
func isTool(folder string) bool {
	switch folder {
	case "bench", "clients", "crash", "e2e", "linear", "packaging", "testenv", "desk/desktest", "store/enginetest", "store/postgrestest", "store/sqlitetest", "emulator/emutest":
		return true
	}
	return strings.HasPrefix(folder, "e2e/") || strings.Contains(folder, "testdata") || strings.Contains(folder, "node_modules")
}
