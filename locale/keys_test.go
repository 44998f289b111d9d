package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestUsedKeysHaveSentences(t *testing.T) {
	p := english(t)
	keys := usedKeys(t)
	if len(keys) < 100 {
		t.Fatalf("only %d keys found: the search for them is broken", len(keys))
	}
	for key, where := range keys {
		if !p.Has(key) {
			t.Errorf("%s uses %q, which en.json does not have", where, key)
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	p := english(t)
	for key := range p.t.keys {
		if base, ok := strings.CutSuffix(key, ".title"); ok && p.Has(base) && !strings.HasPrefix(base, "banner.") && !p.Has(base+".advice") {
			t.Errorf("%s has a title but no advice", base)
		}
	}
}

var dottedKey = regexp.MustCompile(`^[a-z_]+(\.[a-z_]+)*$`)

// usedKeys returns the literal keys in calls to T or N, each with one position where it
// is used. It skips tests and the gallery.
func usedKeys(t *testing.T) map[string]string {
	t.Helper()
	keys, files := map[string]string{}, token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == "gallery" { // sample pages may use any key
			return filepath.SkipDir
		}
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, key := range keysAt(n) {
				keys[key] = files.Position(n.Pos()).String()
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func keysAt(n ast.Node) []string {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || f.Sel.Name != "T" && f.Sel.Name != "N" {
		return nil
	}
	if key := literal(call.Args[0]); dottedKey.MatchString(key) {
		return []string{key}
	}
	return nil
}

func literal(e ast.Node) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(lit.Value)
	return s
}
