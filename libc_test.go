package meetdesk_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestSQLiteHasItsOwnLibc fails if the program is built with another version of
// modernc.org/libc than modernc.org/sqlite requires. SQLite's transpiled code depends
// on details of one version, so the minimum version that Go chooses is not enough.
func TestSQLiteHasItsOwnLibc(t *testing.T) {
	if _, err := os.ReadFile("go.mod"); err != nil { // so that a changed go.mod invalidates the cached result
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
