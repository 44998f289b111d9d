package store

import (
	"context"
	"strings"
	"unicode"

	"meetdesk/meeting"
)

// HistoryQuery asks for one page of the history.
type HistoryQuery struct {
	UserID   int64  // whose meetings
	Everyone bool   // everybody's instead; for the help desk
	Text     string // words to search for; blank for all
	Before   int64  // only meetings with a smaller ID; 0 for the first page
	Limit    int    // rows on a page
}

// History returns one page of meetings, newest first and without attendees,
// and whether older ones follow.
func (s *Store) History(ctx context.Context, q HistoryQuery) (page []meeting.Meeting, more bool, err error) {
	const (
		all = `SELECT ` + meetingColumns + ` FROM meetings m` + joinOrganizer + `WHERE m.id < $1 ORDER BY m.id DESC LIMIT $2`
		own = `SELECT ` + meetingColumns + ` FROM meeting_people p CROSS JOIN meetings m ON m.id = p.meeting_id` + joinOrganizer +
			`WHERE p.user_id = $3 AND p.meeting_id < $1 ORDER BY p.meeting_id DESC LIMIT $2`
		search = `SELECT ` + meetingColumns + ` FROM meetings_fts f CROSS JOIN meetings m ON m.id = f.rowid` + joinOrganizer +
			`WHERE f.meetings_fts MATCH $3 AND f.rowid < $1 ORDER BY f.rowid DESC LIMIT $2`
	)
	if q.Before <= 0 {
		q.Before = 1<<63 - 1
	}
	limit := q.Limit + 1 // one more tells whether older ones follow
	switch match, ok := q.match(); {
	case !ok:
		return nil, false, nil
	case match != "":
		page, err = s.meetings(ctx, search, q.Before, limit, match)
	case q.Everyone:
		page, err = s.meetings(ctx, all, q.Before, limit)
	default:
		page, err = s.meetings(ctx, own, q.Before, limit, q.UserID)
	}
	if len(page) > q.Limit {
		page, more = page[:q.Limit], true
	}
	return page, more, err
}

// searched are the columns that people's words may match. The column people is
// not among them: the scope comes from the session alone.
const searched = `{external_id subject organizer attendees identifiers} : `

// match returns the full-text expression, "" when nothing is searched for, and
// not ok when the text holds nothing that could be found. All text of the
// person stands in quotes, so none of it is syntax.
func (q HistoryQuery) match() (match string, ok bool) {
	if strings.TrimSpace(q.Text) == "" {
		return "", true
	}
	var words []string
	for _, word := range strings.Fields(q.Text) {
		if strings.ContainsFunc(word, isWordRune) {
			words = append(words, quote(word)+"*")
		}
	}
	if len(words) == 0 {
		return "", false
	}
	match = searched + "(" + strings.Join(words, " AND ") + ")"
	if key := meeting.TicketKey(q.Text); strings.ContainsFunc(key, isWordRune) {
		match = "(" + match + ") OR (external_id : " + quote(key) + "*)"
	}
	if !q.Everyone {
		match = "people : " + quote(personToken(q.UserID)) + " AND (" + match + ")"
	}
	return match, true
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// quote makes an FTS5 string of the text. NUL would end the expression early.
func quote(text string) string {
	return `"` + strings.NewReplacer(`"`, `""`, "\x00", " ").Replace(text) + `"`
}
