package store

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"meetdesk/store/enginetest"
)

var tomasHere = eraseSubject{
	UPNs: []string{"tomas@contoso.example"}, ObjectIDs: []string{"11111111-aaaa-4bbb-8ccc-000000000002"}, Names: []string{"Tomás Oliveira"}, Texts: []string{"Tommy"},
}

// The person's names and addresses are replaced, even if they are escaped or the last name
// comes first. Longer words that begin with a name are not replaced. In a search query,
// prefixes of a name are replaced as well.
func TestScrub(t *testing.T) {
	s := new(Store).newScrubber(tomasHere, "NAME", "ID")
	for text, want := range map[string]string{
		"":                                "",
		"Printer":                         "Printer",
		"for Tomás Oliveira.":             "for NAME.",
		"TOMAS OLIVEIRA and tommy":        "NAME and NAME",
		"Toma\u0301s Oliveira’s laptop":   "NAME’s laptop",
		"Oliveira, Tomás; Oliveira Tomas": "NAME; NAME",
		"Tomás Oliveiras":                 "Tomás Oliveiras",
		"Tommyknockers":                   "Tommyknockers",
		"<TOMAS@contoso.example>":         "<ID>",
		"https://x.example/?u=tomas%40contoso.example&n=Tom%C3%A1s+Oliveira&m=Tom%c3%a1s%20Oliveira": "https://x.example/?u=ID&n=ID&m=ID",
		"context=%7b%22Oid%22%3a%2211111111-AAAA-4bbb-8ccc-000000000002%22%7d":                       "context=%7b%22Oid%22%3a%22ID%22%7d",
	} {
		if got := s.text(text); got != want {
			t.Errorf("text(%q) = %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"oliv": "NAME", "printer tomas": "printer NAME", "ol": "ol", "olives": "olives", "q=oliveira&state=past": "q=NAME&state=past"} {
		if got := s.searched(text, "NAME"); got != want {
			t.Errorf("searched(%q) = %q, want %q", text, got, want)
		}
	}
}

// Former names in an object with the person's ID or address are replaced. Everything else
// stays unchanged.
func TestScrubDocument(t *testing.T) {
	s := new(Store).newScrubber(tomasHere, "NAME", "ID")
	for doc, want := range map[string]string{
		`{ "subject":"With T\u006fm\u00e1s Oliveira", "n": 1.50 }`: `{ "subject":"With NAME", "n": 1.50 }`,
		`{"subject":"Tom Young","a":[{"upn":"tomas@contoso.example","identity":{"user":{"displayName":"Tom Young"}}},{"upn":"priya@contoso.example","displayName":"Priya Nair"}]}`: `{"subject":"NAME","a":[{"upn":"ID","identity":{"user":{"displayName":"NAME"}}},{"upn":"priya@contoso.example","displayName":"Priya Nair"}]}`,
		`{"id":"MSoxMTExMTExMS1hYWFhLTRiYmItOGNjYy0wMDAwMDAwMDAwMDIqMCoqMTk6bWVldGluZ19h"}`:                                                                                        `{"id":"erased"}`,
		`{"id":"MTExMTExMTEtQUFBQS00YmJiLThjY2MtMDAwMDAwMDAwMDAy"}`:                                                                                                                `{"id":"erased"}`, // the base64 encoding of the ID alone
		`{"id":"UHJpbnRlcg=="}`:      `{"id":"UHJpbnRlcg=="}`,
		`not JSON of Tomás Oliveira`: `not JSON of NAME`,
	} {
		if got := s.document(doc); got != want {
			t.Errorf("document(%s)\n= %s, want\n  %s", doc, got, want)
		}
	}
}

func TestFillFreePages(t *testing.T) {
	enginetest.SQLiteOnly(t, "PostgreSQL cannot overwrite what was deleted")
	dir := t.TempDir()
	s, err := Open(t.Context(), Options{Dir: dir, Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	exec := func(q string, args ...any) {
		t.Helper()
		if _, err := s.write.Exec(q, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO filler (zeros) VALUES ($1)`, bytes.Repeat([]byte("Oliveira "), 70_000))
	exec(`DELETE FROM filler`)
	if !traced(t, s, dir) {
		t.Fatal("the file has no trace before, so this test shows nothing")
	}
	for _, step := range []func(context.Context, *sql.Tx) (bool, error){s.engine.fillFreePages, s.engine.emptyFiller} {
		for done := false; !done; {
			err := s.transactUnlisted(t.Context(), func(tx *sql.Tx) (err error) {
				done, err = step(t.Context(), tx)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if traced(t, s, dir) {
		t.Error("the file still has what was deleted")
	}
}

// traced calls forgetDeleted and reports whether the database file still contains the
// deleted name.
func traced(t *testing.T, s *Store, dir string) bool {
	t.Helper()
	if err := s.engine.forgetDeleted(t.Context()); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(file, []byte("Oliveira"))
}
