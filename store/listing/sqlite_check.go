package listing

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"hash/maphash"
	"maps"
	"math/big"
	"slices"
	"strings"

	"meetdesk/search"
	"meetdesk/store/sqlitedb"
)

// Compared is the number of meetings and of words that CheckIndex has compared.
type Compared struct {
	Meetings int `json:"meetings"`
	Words    int `json:"words"`
}

// CheckIndex compares the full-text index with the tables: each word of each meeting, in
// its place. It returns a description of each difference, at most five of each kind. While
// meetings are queued for reindexing, it compares only which meetings the index contains,
// and no words.
//
// Search also uses FTS5's indexes of the beginnings of words, which cannot be listed.
// CheckIndex looks up beginnings of the words of about 1,000 meetings, chosen at random.
func CheckIndex(ctx context.Context, c *sql.Conn) (differences []string, n Compared, err error) {
	missing := []string{
		`SELECT 'meeting ' || id || ' is not in the full-text index' FROM meetings WHERE id NOT IN (SELECT id FROM meetings_fts_docsize) LIMIT 5`,
		`SELECT 'the full-text index has meeting ' || id || ', which does not exist' FROM meetings_fts_docsize WHERE id NOT IN (SELECT id FROM meetings) LIMIT 5`,
	}
	for _, q := range missing {
		texts, err := sqlitedb.Texts(ctx, c, q)
		if err != nil {
			return nil, n, fmt.Errorf("full-text index: %w", err)
		}
		differences = append(differences, texts...)
	}
	var queued bool
	if err := c.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM index_queue)`).Scan(&queued); err != nil || queued {
		return differences, n, err
	}
	words, err := compareWords(ctx, c, &n)
	if err == nil && len(words) == 0 {
		words, err = lostBeginnings(ctx, c)
	}
	if err != nil {
		return nil, n, fmt.Errorf("full-text index: %w", err)
	}
	return append(differences, words...), n, nil
}

// place is a word's place in the index.
type place struct {
	meetingID, offset int64
	column, word      string
}

// A block is a range of 1<<blockShift meeting IDs. compareWords keeps one number for each.
const blockShift = 10

// blockSums has for each block the sum of a hash of every word in the tables, minus the same
// sum for the index. The sum is 0 if both have the same words in the same places.
type blockSums struct {
	seed maphash.Seed
	sums map[int64]uint64
}

func (b blockSums) add(p place) { b.sums[p.meetingID>>blockShift] += maphash.Comparable(b.seed, p) }

func (b blockSums) subtract(p place) {
	b.sums[p.meetingID>>blockShift] -= maphash.Comparable(b.seed, p)
}

// compareWords compares the words of all meetings, and describes up to five differences. It
// adds what it has compared to n.
func compareWords(ctx context.Context, c *sql.Conn, n *Compared) (differences []string, err error) {
	const list = `CREATE VIRTUAL TABLE temp.index_words USING fts5vocab(main, meetings_fts, instance)`
	if _, err := c.ExecContext(ctx, list); err != nil {
		return nil, err
	}
	sums := blockSums{maphash.MakeSeed(), make(map[int64]uint64)}
	if err := sums.addTables(ctx, c, n); err != nil {
		return nil, err
	}
	if err := sums.subtractIndex(ctx, c); err != nil {
		return nil, err
	}
	for _, block := range slices.Sorted(maps.Keys(sums.sums)) {
		if sums.sums[block] == 0 || len(differences) >= 5 {
			continue
		}
		found, err := compareBlock(ctx, c, block)
		if err != nil {
			return nil, err
		}
		differences = append(differences, found...)
	}
	_, err = c.ExecContext(ctx, `DROP TABLE temp.index_words`)
	return differences, err
}

// addTables adds the words that the index should contain.
func (b blockSums) addTables(ctx context.Context, c *sql.Conn, n *Compared) error {
	const next = `m.id IN (SELECT id FROM meetings WHERE id > $1 ORDER BY id LIMIT 1000)`
	for after := int64(0); ; {
		list, err := SQLiteIndex().read(ctx, c, next, after)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, i := range list {
			after = max(after, i.meetingID)
			for _, column := range i.entry().columns() {
				for offset, word := range search.Tokens(column.text) {
					b.add(place{i.meetingID, int64(offset), column.name, word})
					n.Words++
				}
			}
		}
		n.Meetings += len(list)
	}
}

// subtractIndex subtracts the words that the index contains.
func (b blockSums) subtractIndex(ctx context.Context, c *sql.Conn) error {
	rows, err := c.QueryContext(ctx, `SELECT doc, "offset", col, term FROM temp.index_words`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var id, offset, column, word any // Scan converts other types more slowly
	for rows.Next() {
		if err := rows.Scan(&id, &offset, &column, &word); err != nil {
			return err
		}
		b.subtract(place{id.(int64), offset.(int64), column.(string), word.(string)})
	}
	return rows.Err()
}

// compareBlock indexes the meetings of a block again, and describes up to five words of
// theirs that differ in the index. It uses FTS5's own tokens, because a difference between
// these and search.Tokens is not one of the index.
func compareBlock(ctx context.Context, c *sql.Conn, block int64) (differences []string, err error) {
	var definition string
	if err := c.QueryRowContext(ctx, `SELECT sql FROM sqlite_schema WHERE name = 'meetings_fts'`).Scan(&definition); err != nil {
		return nil, err
	}
	into := func(q string) string { return strings.Replace(q, "meetings_fts", "temp.fresh_fts", 1) }
	for _, q := range []string{into(definition), `CREATE VIRTUAL TABLE temp.fresh_words USING fts5vocab(temp, fresh_fts, instance)`} {
		if _, err := c.ExecContext(ctx, q); err != nil {
			return nil, err
		}
	}
	first := block << blockShift
	last := first + 1<<blockShift - 1
	list, err := SQLiteIndex().read(ctx, c, `m.id BETWEEN $1 AND $2`, first, last)
	if err != nil {
		return nil, err
	}
	for _, i := range list {
		if err := putEntry(ctx, c, into(putSQL), i.entry()); err != nil {
			return nil, err
		}
	}
	const (
		fresh   = `SELECT doc, col, "offset", term FROM temp.fresh_words`
		indexed = `SELECT doc, col, "offset", term FROM temp.index_words WHERE doc BETWEEN %d AND %d`
		differ  = `SELECT 'the full-text index ' || what || ' "' || term || '" as word ' || ("offset" + 1) || ' of ' || col || ' of meeting ' || doc
			FROM (SELECT 'lacks' AS what, * FROM (` + fresh + ` EXCEPT ` + indexed + `) UNION ALL SELECT 'still has', * FROM (` + indexed + ` EXCEPT ` + fresh + `)) LIMIT 5`
	)
	if differences, err = sqlitedb.Texts(ctx, c, fmt.Sprintf(differ, first, last, first, last)); err != nil {
		return nil, err
	}
	for _, q := range []string{`DROP TABLE temp.fresh_words`, `DROP TABLE temp.fresh_fts`} {
		_, dropped := c.ExecContext(ctx, q)
		err = cmp.Or(err, dropped)
	}
	return differences, err
}

// lookedUp is the approximate number of meetings whose words are looked up. With a million
// meetings, this takes about five seconds of processor time.
const lookedUp = 1000

// The indexes of beginnings have those with minBeginning to maxBeginning characters.
const (
	minBeginning = 2
	maxBeginning = 16
)

// lostBeginnings looks up a beginning of each word of about lookedUp meetings, chosen
// differently each time. It describes up to five that are missing. Each query looks for one
// beginning in one meeting, because FTS5 then skips the other meetings.
func lostBeginnings(ctx context.Context, c *sql.Conn) (differences []string, err error) {
	has, err := c.PrepareContext(ctx, `SELECT EXISTS (SELECT 1 FROM meetings_fts WHERE meetings_fts MATCH $1 AND rowid = $2)`)
	if err != nil {
		return nil, err
	}
	defer has.Close()
	var last int64
	if err := c.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM meetings`).Scan(&last); err != nil {
		return nil, err
	}
	step := max(1, last/lookedUp)
	first, err := rand.Int(rand.Reader, big.NewInt(step))
	if err != nil {
		return nil, err
	}
	list, err := SQLiteIndex().read(ctx, c, `m.id % $1 = $2`, step, first.Int64())
	if err != nil {
		return nil, err
	}
	for n, i := range list {
		for _, beginning := range i.beginnings(n) {
			var found bool
			if err := has.QueryRowContext(ctx, `"`+beginning+`"*`, i.meetingID).Scan(&found); err != nil {
				return nil, err
			}
			if !found && len(differences) < 5 {
				differences = append(differences, fmt.Sprintf("the full-text index of meeting %d lacks a word that begins with %q", i.meetingID, beginning))
			}
		}
	}
	return differences, nil
}

// beginnings returns a beginning of each word of the meeting. n determines their lengths.
func (i Indexed) beginnings(n int) (list []string) {
	for _, column := range i.entry().columns() {
		for _, word := range search.Tokens(column.text) {
			letters := []rune(word)
			if longest := min(len(letters), maxBeginning); longest >= minBeginning {
				list = append(list, string(letters[:minBeginning+n%(longest-minBeginning+1)]))
			}
		}
	}
	return list
}
