package meetdesk_test

import (
	"go/ast"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// proofs lists the documents that the tests in this file check.
var proofs = []string{"docs/security.md", "docs/asvs.md", "docs/operate.md", "SECURITY.md"}

// citedTest matches the name of a test in a document: `web.TestSessions` or
// `web.TestSessions/expiry`. The name begins with the folder of the package, or with
// meetdesk for the top-level folder.
var citedTest = regexp.MustCompile("`([a-z0-9/]+)\\.((?:Test|Fuzz)\\w+)(?:/([^`]+))?`")

// TestCitedTestsExist checks that all tests and subtests named in the documents exist. For
// a subtest such as id-token/alg-none, it is enough that the code contains alg-none.
func TestCitedTestsExist(t *testing.T) {
	folders := make(map[string]map[string]*ast.File)
	for _, name := range proofs {
		for number, line := range lines(t, name) {
			for _, m := range citedTest.FindAllStringSubmatch(line, -1) {
				folder, test, row := m[1], m[2], m[3]
				if folder == "meetdesk" {
					folder = "."
				}
				if folders[folder] == nil {
					folders[folder] = goFiles(t, folder, true)
				}
				if !hasTest(folders[folder], test) {
					t.Errorf("%s:%d: there is no test %s in %s", name, number+1, test, folder)
				} else if row != "" && !hasString(folders[folder], row) && !hasString(folders[folder], path.Base(row)) {
					t.Errorf("%s:%d: the tests in %s have no row %q", name, number+1, folder, row)
				}
			}
		}
	}
}

func hasTest(files map[string]*ast.File, test string) bool {
	for _, file := range files {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == test {
				return true
			}
		}
	}
	return false
}

func hasString(files map[string]*ast.File, text string) (found bool) {
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				s, err := strconv.Unquote(literal.Value)
				found = found || err == nil && s == text
			}
			return !found
		})
	}
	return found
}

var (
	// citedConstants matches a table cell that names constants: `web.sessionIdle`.
	citedConstants = regexp.MustCompile("^`[a-z0-9/]+\\.[A-Za-z]\\w*`(?:, `[a-z0-9/]+\\.[A-Za-z]\\w*`)*$")
	constantName   = regexp.MustCompile("`([a-z0-9/]+)\\.(\\w+)`")
)

// TestDocumentedConstants checks that the constants named in a table cell exist and that
// the preceding cell contains their values.
func TestDocumentedConstants(t *testing.T) {
	all, checked := constants{t: t}, 0
	for _, name := range proofs {
		for number, line := range lines(t, name) {
			cells := cellsOf(line)
			for i, cell := range cells {
				if i == 0 || !citedConstants.MatchString(cell) || citedTest.MatchString(cell) {
					continue
				}
				for _, m := range constantName.FindAllStringSubmatch(cell, -1) {
					v, ok := all.of(m[1], m[2])
					checked++
					if !ok {
						t.Errorf("%s:%d: there is no constant %s in %s", name, number+1, m[2], m[1])
					} else if !slices.ContainsFunc(v.spellings(), func(s string) bool { return hasWords(cells[i-1], s) }) {
						t.Errorf("%s:%d: the document says %q, and %s is %q", name, number+1, cells[i-1], m[2], v.spellings())
					}
				}
			}
		}
	}
	if checked < 40 {
		t.Errorf("only %d constants were checked; are the tables still there?", checked)
	}
}

// hasWords reports whether the given words occur in the text on their own, not only inside
// a longer word or number.
func hasWords(text, words string) bool {
	return regexp.MustCompile(`(^|[^\w,])` + regexp.QuoteMeta(words) + `($|[^\w,]|, )`).MatchString(text)
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	codeRef = regexp.MustCompile("`((?:[a-z0-9_.-]+/)+[A-Za-z0-9_.-]+\\.(?:go|md|yml|json|templ|mod|sum|sql))`")
	heading = regexp.MustCompile(`^#+ (.*)$`)
)

// TestDocumentsLinkToWhatExists checks that the files and anchors to which the documents in
// proofs refer exist. It skips links to other sites.
func TestDocumentsLinkToWhatExists(t *testing.T) {
	for _, name := range proofs {
		for number, line := range lines(t, name) {
			for _, m := range codeRef.FindAllStringSubmatch(line, -1) {
				if _, err := os.Stat(m[1]); err != nil {
					t.Errorf("%s:%d: there is no file %s", name, number+1, m[1])
				}
			}
			for _, m := range link.FindAllStringSubmatch(line, -1) {
				file, anchor, _ := strings.Cut(m[1], "#")
				if strings.Contains(m[1], "://") {
					continue
				}
				target := name
				if file != "" {
					target = path.Join(path.Dir(name), file)
				}
				if _, err := os.Stat(target); err != nil {
					t.Errorf("%s:%d: the link %s leads nowhere", name, number+1, m[1])
				} else if anchor != "" && !slices.Contains(anchors(t, target), anchor) {
					t.Errorf("%s:%d: %s has no heading #%s", name, number+1, target, anchor)
				}
			}
		}
	}
}

// anchors returns the anchors that GitHub generates for a document's headings.
func anchors(t *testing.T, name string) (all []string) {
	for _, line := range lines(t, name) {
		if m := heading.FindStringSubmatch(line); m != nil {
			anchor := regexp.MustCompile(`[^\w\- ]`).ReplaceAllString(strings.ToLower(m[1]), "")
			all = append(all, strings.ReplaceAll(anchor, " ", "-"))
		}
	}
	return all
}

func lines(t *testing.T, name string) []string {
	t.Helper()
	content, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(content), "\n")
}

// cellsOf returns the cells of a table row. It returns nil for the line below the header and
// for lines outside tables.
func cellsOf(line string) (cells []string) {
	if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "| ---") {
		return nil
	}
	line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "|"), "|")
	for cell := range strings.SplitSeq(strings.ReplaceAll(line, `\|`, "\x00"), "|") {
		cells = append(cells, strings.TrimSpace(strings.ReplaceAll(cell, "\x00", "|")))
	}
	return cells
}
