package listing

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"meetdesk/search"
	"meetdesk/store/sqlitedb"
)

// CheckIndex compares the full-text index with the tables. It returns a description of each
// difference, at most five of each kind. It also indexes the newest meetings again, up to
// the given number, and compares the lengths of their fields, and the words of some of them,
// with those in the index. It skips this comparison while meetings are queued for reindexing.
func CheckIndex(ctx context.Context, c *sql.Conn, newest int) (differences []string, err error) {
	missing := []string{
		`SELECT 'meeting ' || id || ' is not in the full-text index' FROM meetings WHERE id NOT IN (SELECT id FROM meetings_fts_docsize) LIMIT 5`,
		`SELECT 'the full-text index has meeting ' || id || ', which does not exist' FROM meetings_fts_docsize WHERE id NOT IN (SELECT id FROM meetings) LIMIT 5`,
	}
	for _, q := range missing {
		texts, err := sqlitedb.Texts(ctx, c, q)
		if err != nil {
			return nil, fmt.Errorf("full-text index: %w", err)
		}
		differences = append(differences, texts...)
	}
	var definition string
	var waiting int
	const find = `SELECT sql, (SELECT count(*) FROM index_queue) FROM sqlite_schema WHERE name = 'meetings_fts'`
	if err := c.QueryRowContext(ctx, find).Scan(&definition, &waiting); err != nil || waiting > 0 {
		return differences, err
	}
	list, err := indexAgain(ctx, c, definition, newest)
	if err != nil {
		return nil, fmt.Errorf("full-text index: %w", err)
	}
	wrong, err := wrongWords(ctx, c, list)
	if err != nil {
		return nil, fmt.Errorf("full-text index: %w", err)
	}
	texts, err := sqlitedb.Texts(ctx, c, `SELECT 'the full-text index of meeting ' || id || ' does not match its texts'
		FROM temp.fresh_fts_docsize f JOIN main.meetings_fts_docsize i USING (id) WHERE f.sz <> i.sz LIMIT 5`)
	if err != nil {
		return nil, fmt.Errorf("full-text index: %w", err)
	}
	_, err = c.ExecContext(ctx, `DROP TABLE temp.fresh_fts`)
	return slices.Concat(differences, texts, wrong), err
}

// indexAgain indexes the newest meetings, up to the given number, in the temporary
// fresh_fts table. definition is the statement that created meetings_fts.
func indexAgain(ctx context.Context, c *sql.Conn, definition string, newest int) (list []Indexed, err error) {
	into := func(q string) string { return strings.Replace(q, "meetings_fts", "temp.fresh_fts", 1) }
	if _, err := c.ExecContext(ctx, into(definition)); err != nil {
		return nil, err
	}
	list, err = SQLiteIndex().read(ctx, c, `m.id IN (SELECT id FROM meetings ORDER BY id DESC LIMIT $1)`, newest)
	if err != nil {
		return nil, err
	}
	for _, i := range list {
		if err := putEntry(ctx, c, into(putSQL), i.meetingID, i.entry()); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// wordsChecked is the approximate number of meetings whose words are looked up. With a
// million meetings, this takes about five seconds of processor time.
const wordsChecked = 1000

// wrongWords looks up the words of about wordsChecked meetings from the list, chosen
// differently each time. It describes up to five meetings with words that are missing from
// the index. It does not look for extra words in the index, because these change the
// lengths that CheckIndex compares. Each query looks for one word in one meeting, because
// FTS5 then skips the other meetings; for a phrase, it would read them.
func wrongWords(ctx context.Context, c *sql.Conn, list []Indexed) (differences []string, err error) {
	has, err := c.PrepareContext(ctx, `SELECT EXISTS (SELECT 1 FROM meetings_fts WHERE meetings_fts MATCH $1 AND rowid = $2)`)
	if err != nil {
		return nil, err
	}
	defer has.Close()
	step := max(1, len(list)/wordsChecked)
	first, err := rand.Int(rand.Reader, big.NewInt(int64(step)))
	if err != nil {
		return nil, err
	}
	for n := int(first.Int64()); n < len(list); n += step {
		i := list[n]
		e := i.entry()
		words := search.Tokens(strings.Join([]string{e.externalID, e.subject, e.organizer, e.attendees, e.scope}, " "))
		slices.Sort(words)
		for _, word := range slices.Compact(words) {
			var found bool
			if err := has.QueryRowContext(ctx, `"`+word+`"`, i.meetingID).Scan(&found); err != nil {
				return nil, err
			}
			if !found {
				differences = append(differences, fmt.Sprintf("the full-text index of meeting %d lacks some of its words", i.meetingID))
				break
			}
		}
		if len(differences) == 5 {
			break
		}
	}
	return differences, nil
}
