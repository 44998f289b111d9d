package sqlitetest

import (
	"database/sql"
	"encoding/binary"
	"testing"
)

// StoredTerms returns the terms in the pages of the full-text index. Unlike fts5vocab, it
// includes terms from deleted meetings. SQLite's fts5_index.c describes the format.
func StoredTerms(t testing.TB, db *sql.DB) (terms []string) {
	t.Helper()
	const leaves = `SELECT block FROM meetings_fts_data WHERE id >> 37 BETWEEN 1 AND 65535 AND (id >> 31) & 63 = 0 ORDER BY id`
	rows, err := db.Query(leaves)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var page []byte
		if err := rows.Scan(&page); err != nil {
			t.Fatal(err)
		}
		footer := page[binary.BigEndian.Uint16(page[2:]):] // the positions of the page's terms
		var term []byte
		for at := 0; len(footer) > 0; {
			next := func(from *[]byte) int {
				value, n := fts5Number(*from)
				*from = (*from)[n:]
				return value
			}
			first := at == 0
			at += next(&footer)
			rest, shared := page[at:], 0
			if !first { // the first term of a page is stored in full
				shared = next(&rest)
			}
			length := next(&rest)
			term = append(term[:shared:shared], rest[:length]...)
			terms = append(terms, string(term))
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return terms
}

// fts5Number decodes the variable-length integer at the beginning of b. n is its length in
// bytes.
func fts5Number(b []byte) (value, n int) {
	for n < 9 {
		value = value<<7 | int(b[n]&0x7f)
		if n++; b[n-1] < 0x80 {
			break
		}
	}
	return value, n
}
