package search

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	_ "modernc.org/sqlite"

	"meetdesk/testenv"
)

// Tokens treats characters the same way as the index's tokenizer. If this test fails after a
// Go upgrade, add the new characters to the variable newer.
func TestTokensAreThoseOfTheIndex(t *testing.T) {
	testenv.SkipUnderRace(t)
	testenv.SkipIfShort(t)
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	mustExec(t, db, `CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')`)
	mustExec(t, db, `CREATE VIRTUAL TABLE terms USING fts5vocab(texts, 'instance')`)
	mustExec(t, db, `BEGIN`)
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || isAlike(r) {
			continue
		}
		mustExec(t, db, `INSERT INTO texts (rowid, text) VALUES ($1, $2)`, r, Fold("qx"+string(r)+"zy"))
	}
	mustExec(t, db, `COMMIT`)
	rows, err := db.Query(`SELECT doc, group_concat(term, ' ' ORDER BY offset) FROM terms GROUP BY doc`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var (
			r    rune
			want string
		)
		if err := rows.Scan(&r, &want); err != nil {
			t.Fatal(err)
		}
		if got := Tokens(Fold("qx" + string(r) + "zy")); !slices.Equal(got, strings.Split(want, " ")) {
			t.Errorf("%U %c: tokens %q, the index has %q", r, r, got, want)
		}
	}
	if err := rows.Err(); err != nil || n < 50_000 {
		t.Errorf("%d characters compared, %v", n, err)
	}
}

// isAlike reports whether the test may skip r. Of the Han and Hangul letters and of the
// unassigned and private-use characters, the test covers only one in 64.
func isAlike(r rune) bool {
	return r%64 > 0 && (unicode.Is(unicode.Lo, r) && unicode.In(r, unicode.Han, unicode.Hangul) || unicode.In(r, unicode.Co, unicode.Cn))
}

func mustExec(t *testing.T, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
