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

// TestUsedKeysHaveSentences looks up every key that the code of any package uses.
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

// TestErrorsSayWhatToDo checks that every error with a title also has advice.
func TestErrorsSayWhatToDo(t *testing.T) {
	p := english(t)
	for key := range p.t.keys {
		if base, ok := strings.CutSuffix(key, ".title"); ok && p.Has(base) && !strings.HasPrefix(base, "banner.") && !p.Has(base+".advice") {
			t.Errorf("%s has a title but no advice", base)
		}
	}
}

// TestReasonsHaveThreeSentences checks that each reason in the code or the
// catalogue has a sentence for the person, advice, and a sentence for the
// administrator.
func TestReasonsHaveThreeSentences(t *testing.T) {
	p := english(t)
	reasons := map[string]string{}
	for key, where := range usedKeys(t) {
		if reasonKey.MatchString(key) {
			reasons[key] = where
		}
	}
	ofGraph := 0
	for _, where := range reasons {
		if strings.HasPrefix(where, "../graph/") {
			ofGraph++
		}
	}
	if ofGraph < 10 {
		t.Errorf("only %d reasons found in package graph: the search for them is broken", ofGraph)
	}
	for key := range p.t.keys {
		if name, ok := strings.CutPrefix(key, "reason."); ok {
			name, _, _ = strings.Cut(name, ".")
			reasons["reason."+name] = "en.json"
		}
	}
	for reason, where := range reasons {
		for _, part := range []string{"", ".advice", ".admin"} {
			if !p.Has(reason + part) {
				t.Errorf("%s: en.json lacks %q", where, reason+part)
			}
		}
	}
}

var (
	reasonKey = regexp.MustCompile(`^reason\.[a-z_]+$`)
	dottedKey = regexp.MustCompile(`^[a-z_]+(\.[a-z_]+)*$`)
)

// usedKeys maps each key that the code uses to the position of one use.
func usedKeys(t *testing.T) map[string]string {
	t.Helper()
	keys, files := map[string]string{}, token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == "gallery" { // sample data uses keys freely
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

// keysAt returns the keys in one syntax node: in problems.add(field, "key", …), in
// meeting.Error{Key: "key"} and Problem{…}, in calls of a Printer's T and N, and
// "reason.…" anywhere.
func keysAt(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.BasicLit:
		if s := literal(n); reasonKey.MatchString(s) {
			return []string{s}
		}
	case *ast.CompositeLit:
		if name := typeName(n.Type); name != "Error" && name != "Problem" {
			return nil
		}
		for _, element := range n.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok && typeName(pair.Key) == "Key" && literal(pair.Value) != "" {
				return []string{literal(pair.Value)}
			}
		}
	case *ast.CallExpr:
		f, ok := n.Fun.(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		argument := -1
		switch {
		case f.Sel.Name == "add" && typeName(f.X) == "problems":
			argument = 1
		case f.Sel.Name == "T" || f.Sel.Name == "N":
			argument = 0
		}
		if argument < 0 || argument >= len(n.Args) {
			return nil
		}
		if key := literal(n.Args[argument]); dottedKey.MatchString(key) {
			return []string{key}
		}
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

// typeName returns the last part of a qualified name: "Error" for meeting.Error.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.StarExpr:
		return typeName(e.X)
	}
	return ""
}
