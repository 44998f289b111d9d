package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"meetdesk/meeting"
)

const reasonsFile = "../meeting/reason.go"

// reasons returns a map from the value of each constant in reasonsFile to the constant's
// name.
func reasons(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), reasonsFile, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	names := make(map[string]string)
	ast.Inspect(file, func(n ast.Node) bool {
		constant, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := constant.Type.(*ast.Ident); !ok || name.Name != "Reason" {
			t.Errorf("the constant %s is not a Reason", constant.Names[0])
		}
		value := literal(constant.Values[0])
		if other := names[value]; other != "" {
			t.Errorf("%s and %s have the same value, %q", other, constant.Names[0], value)
		}
		names[value] = constant.Names[0].Name
		return false
	})
	if len(names) < 100 {
		t.Fatalf("only %d reasons found: the search for them is broken", len(names))
	}
	return names
}

// TestReasonsHaveSentences checks that English has a message for each reason. A reason
// for an attempt's state also needs advice and a message for the administrator. Every
// English key that begins with "reason." must belong to a reason.
func TestReasonsHaveSentences(t *testing.T) {
	p := english(t)
	known := reasons(t)
	for key, name := range known {
		parts := []string{""}
		if meeting.Reason(key).OfAttempt() {
			parts = []string{"", ".advice", ".admin"}
		}
		for _, part := range parts {
			if !p.Has(key + part) {
				t.Errorf("en.json lacks %q for meeting.%s", key+part, name)
			}
		}
	}
	for key := range p.t.keys {
		if name, ok := strings.CutPrefix(key, "reason."); ok {
			name, _, _ = strings.Cut(name, ".")
			if known["reason."+name] == "" {
				t.Errorf("en.json has %q, which is no Reason", key)
			}
		}
	}
}

// TestReasonsAreConstants finds reasons that are literals instead of constants. The
// compiler would accept a misspelled literal.
func TestReasonsAreConstants(t *testing.T) {
	known, files := reasons(t), token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || path == reasonsFile || strings.HasSuffix(path, "_templ.go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if len(keysAt(n)) > 0 { // calls to T and N may use a literal
				return false
			}
			for _, e := range reasonsAt(n) {
				if strings.Contains(literal(e), ".") {
					t.Errorf("%s: %q is a literal; use or add a constant in meeting/reason.go", files.Position(e.Pos()), literal(e))
				}
			}
			if key := literal(n); attemptReason.MatchString(key) && known[key] == "" {
				t.Errorf("%s: %q is no Reason", files.Position(n.Pos()), key)
			}
			if name := known[literal(n)]; name != "" && strings.Contains(literal(n), ".") {
				t.Errorf("%s: use meeting.%s instead of %q", files.Position(n.Pos()), name, literal(n))
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var attemptReason = regexp.MustCompile(`^reason\.[a-z_]+$`)

// reasonsAt returns the expressions in a syntax node that must evaluate to a Reason.
func reasonsAt(n ast.Node) (list []ast.Expr) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		for _, element := range n.Elts {
			pair, ok := element.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			if name := baseName(pair.Key); name == "Reason" || name == "Key" && slices.Contains([]string{"Error", "Problem"}, baseName(n.Type)) {
				list = append(list, pair.Value)
			}
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Add" && baseName(f.X) == "problems" && len(n.Args) == 3 {
			list = append(list, n.Args[1])
		}
	case *ast.BinaryExpr:
		if name := baseName(n.X); name == "Reason" || name == "Key" {
			list = append(list, n.Y)
		}
	}
	return list
}

// baseName returns the last part of a qualified name: "Error" for meeting.Error.
func baseName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.StarExpr:
		return baseName(e.X)
	}
	return ""
}
