package meetdesk_test

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// constants evaluates the constants of this repository, so that documents can be compared
// with them.
type constants struct {
	t       *testing.T
	folders map[string]map[string]ast.Expr // the expression of each constant, by folder and name
}

// value is the value of a constant. The isTime field is set if the constant is a
// time.Duration.
type value struct {
	constant.Value
	isTime bool
}

// of looks up a constant by folder and name.
func (c *constants) of(folder, name string) (v value, ok bool) {
	if c.folders[folder] == nil {
		c.read(folder)
	}
	expr, ok := c.folders[folder][name]
	if !ok {
		return v, false
	}
	return c.eval(folder, expr), true
}

func (c *constants) read(folder string) {
	if c.folders == nil {
		c.folders = make(map[string]map[string]ast.Expr)
	}
	c.folders[folder] = make(map[string]ast.Expr)
	for _, file := range goFiles(c.t, folder, false) {
		for _, decl := range file.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.CONST {
				continue
			}
			for _, spec := range group.Specs {
				spec := spec.(*ast.ValueSpec)
				for i, value := range spec.Values {
					c.folders[folder][spec.Names[i].Name] = value
				}
			}
		}
	}
}

var units = map[string]time.Duration{"Millisecond": time.Millisecond, "Second": time.Second, "Minute": time.Minute, "Hour": time.Hour}

func (c *constants) eval(folder string, expr ast.Expr) value {
	switch e := expr.(type) {
	case *ast.BasicLit:
		return value{Value: constant.MakeFromLiteral(e.Value, e.Kind, 0)}
	case *ast.ParenExpr:
		return c.eval(folder, e.X)
	case *ast.Ident:
		if v, ok := c.of(folder, e.Name); ok {
			return v
		}
	case *ast.SelectorExpr:
		name := e.X.(*ast.Ident).Name
		if name == "time" && units[e.Sel.Name] != 0 {
			return value{constant.MakeInt64(int64(units[e.Sel.Name])), true}
		}
		if v, ok := c.of(name, e.Sel.Name); ok {
			return v
		}
	case *ast.BinaryExpr:
		x, y := c.eval(folder, e.X), c.eval(folder, e.Y)
		if e.Op == token.SHL {
			by, _ := constant.Uint64Val(y.Value)
			return value{constant.Shift(x.Value, token.SHL, uint(by)), x.isTime}
		}
		return value{constant.BinaryOp(x.Value, e.Op, y.Value), x.isTime || y.isTime}
	}
	c.t.Fatalf("%s: cannot evaluate a constant of the form %T", folder, expr)
	return value{}
}

// spellings returns the ways in which documents may write the constant, such as "4 hours",
// "20,000" or "1 MiB".
func (v value) spellings() (all []string) {
	if v.Kind() == constant.String {
		return []string{constant.StringVal(v.Value)}
	}
	n, _ := constant.Int64Val(constant.ToInt(v.Value))
	if !v.isTime {
		if n >= 1<<10 && n%(1<<10) == 0 {
			all = append(all, fmt.Sprintf("%d KiB", n>>10))
		}
		if n >= 1<<20 && n%(1<<20) == 0 {
			all = append(all, fmt.Sprintf("%d MiB", n>>20))
		}
		return append(all, thousands(n))
	}
	for _, unit := range []string{"Hour", "Minute", "Second", "Millisecond"} {
		if count := n / int64(units[unit]); count > 0 && n%int64(units[unit]) == 0 {
			name := strings.ToLower(unit)
			if count > 1 {
				name += "s"
			}
			return []string{fmt.Sprintf("%d %s", count, name)}
		}
	}
	return nil
}

// thousands formats a number with commas, such as 20,000.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// goFiles parses the Go files in a folder: the test files if tests is set, and the other
// files otherwise. The keys are file names.
func goFiles(t *testing.T, folder string, tests bool) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob(path.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]*ast.File)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") != tests {
			continue
		}
		if files[name], err = parser.ParseFile(token.NewFileSet(), name, nil, 0); err != nil {
			t.Fatal(err)
		}
	}
	return files
}
