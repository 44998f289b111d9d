package listing

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"unicode/utf8"

	"meetdesk/search"
)

// PostgresIndex returns the full-text index of a PostgreSQL database.
func PostgresIndex() Index { return Index{postgresIndex{}} }

// postgresIndex writes the meetings_fts table. Its words column is a tsvector with a GIN
// index. It contains each token in two forms: the token itself, and the token preceded by
// the number of the meeting's era and a full stop; see eraShift. A search for a rare word
// uses the first form. A search for a common word uses the second form to read one era
// after another. A separate token for the era would not suffice. In a search for a prefix,
// GIN collects the matches of all words with that prefix before it considers other tokens.
// Tokens of the scope begin with a slash, which no word contains.
//
// The other columns contain the tokens in order, surrounded by spaces, for phrase searches.
// The positions in a tsvector do not suffice. They cover only 256 occurrences of a word,
// but a meeting may have 500 attendees with the same domain.
type postgresIndex struct{ postgres }

// longestLexeme is the maximum length of a token in the tsvector, in bytes. Longer tokens
// are truncated. PostgreSQL allows 2046.
const longestLexeme = 500

func lexeme(token string) string {
	if len(token) <= longestLexeme {
		return token
	}
	end := longestLexeme
	for !utf8.RuneStart(token[end]) {
		end--
	}
	return token[:end]
}

// quoted quotes and escapes the lexeme for use in a tsvector or tsquery.
func quoted(lexeme string) string { return `'` + escapes.Replace(lexeme) + `'` }

var escapes = strings.NewReplacer(`'`, `''`, `\`, `\\`)

func tokenText(tokens []string) string { return " " + strings.Join(tokens, " ") + " " }

// put sends all entries in one statement, because a round trip for each of a million
// meetings takes minutes.
func (postgresIndex) put(ctx context.Context, tx *sql.Tx, entries ...indexEntry) error {
	const q = `INSERT INTO meetings_fts (meeting_id, external_id, subject, organizer, attendees, words)
		SELECT id, external_id, subject, organizer, attendees, words::tsvector
		FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) e (id, external_id, subject, organizer, attendees, words)
		ON CONFLICT (meeting_id) DO UPDATE SET external_id = excluded.external_id, subject = excluded.subject, organizer = excluded.organizer,
			attendees = excluded.attendees, words = excluded.words`
	var (
		ids   []int64
		texts [4][]string
		words []string
	)
	for _, e := range entries {
		var tokens [4][]string
		for i, text := range []string{e.externalID, e.subject, e.organizer, e.attendees} {
			tokens[i] = search.Tokens(text)
			texts[i] = append(texts[i], tokenText(tokens[i]))
		}
		ids, words = append(ids, e.meetingID), append(words, vector(e, tokens))
	}
	_, err := tx.ExecContext(ctx, q, ids, texts[0], texts[1], texts[2], texts[3], words)
	return err
}

// vector returns the text of the entry's tsvector.
func vector(e indexEntry, columns [4][]string) string {
	var (
		words strings.Builder
		era   = fmt.Sprintf("%d.", e.meetingID>>eraShift)
		known = make(map[string]bool)
	)
	add := func(lexeme string) {
		if !known[lexeme] {
			known[lexeme] = true
			words.WriteString(quoted(lexeme) + " " + quoted(era+lexeme) + " ")
		}
	}
	for _, tokens := range columns {
		for _, token := range tokens {
			add(lexeme(token))
		}
	}
	for token := range strings.FieldsSeq(e.scope) {
		add("/" + token)
	}
	return words.String()
}

func (postgresIndex) remove(ctx context.Context, tx *sql.Tx, meetingID int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM meetings_fts WHERE meeting_id = $1`, meetingID)
	return err
}

// merge does nothing, because the index has no segments, and VACUUM removes deleted words.
func (postgresIndex) merge(context.Context, *sql.Tx, int) (done bool, err error) { return true, nil }

func (postgresIndex) mergeAll(context.Context, *sql.Tx, int) error { return nil }
