package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// notAtomic lists the methods whose transactions need no entry in writingActs. Each value
// gives the reason.
var notAtomic = map[string]string{
	"EndRenewal":      "it runs one statement",
	"RemoveDraft":     "it runs one statement",
	"SaveTokens":      "it runs one statement",
	"mergeIndex":      "it runs one statement",
	"packReply":       "it runs one statement",
	"removeOldDrafts": "it runs one statement",
	"openSQLite":      "NewIndex gets the whole transaction",
	"writeEntries":    "FlushAudit tries each entry again, and keeps those that fail",
	"continuePurge":   "TestRetentionIsAllOrNothing",
	"eraseIn":         "TestRetentionIsAllOrNothing",
	"nextStep":        "TestRetentionIsAllOrNothing; its steps may be repeated",
	"removeTraces":    "it ends the task as continuePurge does",
}

// Every method that begins a transaction must be in writingActs or notAtomic, unless all
// of its callers are.
func TestAllTransactionsAreTested(t *testing.T) {
	files, err := filepath.Glob("*.go")
	must(t, err)
	calls := make(map[string][]string) // the methods that each method of a Store calls
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		must(t, err)
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && isStoreMethod(f) {
				calls[f.Name.Name] = calledIn(f)
			}
		}
	}
	tested := make(map[string]bool)
	for name := range writingActs() {
		method, _, _ := strings.Cut(name, " ")
		tested[method] = true
	}
	var isTested func(method string) bool
	isTested = func(method string) bool {
		if tested[method] || notAtomic[method] != "" {
			return true
		}
		callers := 0
		for caller, called := range calls {
			if slices.Contains(called, method) {
				if callers++; !isTested(caller) {
					return false
				}
			}
		}
		return callers > 0 && !ast.IsExported(method)
	}
	transactions := 0
	for method, called := range calls {
		if strings.HasPrefix(method, "transact") || !slices.ContainsFunc(called, func(name string) bool { return strings.HasPrefix(name, "transact") }) {
			continue
		}
		if transactions++; !isTested(method) {
			t.Errorf("%s begins a transaction, but is not in writingActs", method)
		}
	}
	if transactions < 40 {
		t.Errorf("only %d methods that begin transactions were found", transactions)
	}
}

func isStoreMethod(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return false
	}
	star, ok := f.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	name, ok := star.X.(*ast.Ident)
	return ok && name.Name == "Store"
}

// calledIn returns the names in f's selectors, which include every method that f calls or
// refers to.
func calledIn(f *ast.FuncDecl) (names []string) {
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			names = append(names, s.Sel.Name)
		}
		return true
	})
	return names
}
