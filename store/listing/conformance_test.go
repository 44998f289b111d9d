package listing

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/search"
	"meetdesk/testenv"
)

// bothEngines is a pair of databases, one per engine, that contain the same meetings.
type bothEngines struct {
	sqlite, postgres testLists
	meetings         int64    // the highest ID
	texts            []string // strings that occur in meetings, used as search texts
	found, hits      int      // the total numbers of rows and hits compared
}

// Both engines return the same lists, counts, exports, hits and audit pages after any
// sequence of changes.
func TestEnginesAgree(t *testing.T) {
	testenv.SkipIfShort(t)
	both := &bothEngines{sqlite: openEmpty(t, false), postgres: openEmpty(t, true), meetings: 40}
	for _, l := range []testLists{both.sqlite, both.postgres} {
		l.now = func() time.Time { return time.UnixMilli(60 * 60000) }
		l.addTwo(t, 40)
		l.exec(t, `INSERT INTO users (id, tid, oid, upn, name, created_at) VALUES (3, 't', '3', '', '', 0)`)
	}
	compared, histories := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		if histories++; histories > 10 && os.Getenv("LONG") == "" {
			return // ten short histories are enough unless LONG is set
		}
		rt.Repeat(map[string]func(*rapid.T){
			"insert":    func(rt *rapid.T) { both.insert(rt, t) },
			"change":    func(rt *rapid.T) { both.change(rt, t) },
			"hand over": func(rt *rapid.T) { both.handOver(rt, t) },
			"remove":    func(rt *rapid.T) { both.remove(rt, t) },
			"audit":     func(rt *rapid.T) { both.audit(rt, t) },
			"list":      func(rt *rapid.T) { compared++; both.compareLists(rt, t) },
			"find":      func(rt *rapid.T) { compared++; both.compareFind(rt, t) },
			"read":      func(rt *rapid.T) { compared++; both.compareAudit(rt, t) },
		})
	})
	if both.found == 0 || both.hits == 0 {
		t.Errorf("compared %d times, with %d rows and %d hits", compared, both.found, both.hits)
	}
}

type change struct {
	statement string
	args      []any
}

// apply makes the changes in both databases and reindexes the meeting, in one transaction
// per database. If meetingID is 0, it reindexes nothing.
func (b *bothEngines) apply(t *testing.T, meetingID int64, changes ...change) {
	t.Helper()
	for _, l := range []testLists{b.sqlite, b.postgres} {
		l.transact(t, func(l testLists) {
			for _, c := range changes {
				l.exec(t, c.statement, c.args...)
			}
			if meetingID != 0 {
				l.reindex(t, int(meetingID), int(meetingID))
			}
		})
	}
}

var shortText = rapid.Map(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.SampledFrom(pieces), rapid.String()), 0, 4), func(p []string) string {
	return strings.ReplaceAll(strings.Join(p, ""), "\x00", "")
})

// smallTime draws nil (no time) or a whole minute from a short range, so that many meetings
// have the same time.
func smallTime(rt *rapid.T, name string) any {
	if n := rapid.Int64Range(-20, 120).Draw(rt, name); n >= 0 {
		return n * 60000
	}
	return nil
}

func (b *bothEngines) insert(rt *rapid.T, t *testing.T) {
	b.meetings++
	external, origin := shortText.Draw(rt, "external ID"), rapid.SampledFrom([]any{nil, "created", "found", "adopted"}).Draw(rt, "origin")
	organizer := rapid.Int64Range(1, 3).Draw(rt, "organizer")
	insert := change{`INSERT INTO meetings (id, organizer_id, maker_id, external_id, ticket_key, subject, state, origin, start_at, end_at, created_at, updated_at, thread_id, join_meeting_id, conference_id, toll_number, graph_id)
		SELECT CAST($1 AS BIGINT), $2, $3, nullif($4, ''), nullif($5, ''), $6, $7, $8, $9, $10, $11, $11, $12, $13, $13, $14, nullif($15, '')
		WHERE NOT EXISTS (SELECT 1 FROM meetings WHERE organizer_id = $2 AND (external_id = $4 OR graph_id = $15))`,
		[]any{b.meetings, organizer, rapid.Int64Range(1, 3).Draw(rt, "maker"), external, meeting.TicketKey(external), shortText.Draw(rt, "subject"),
			rapid.SampledFrom([]string{"live", "live", "live", "failed", "unfinished", "removed", "replaced"}).Draw(rt, "state"), origin,
			smallTime(rt, "start"), smallTime(rt, "end"), b.meetings * 60000,
			rapid.SampledFrom([]string{"", "19:meeting_AbCdEfGhIjK@thread.v2", "19:meeting_abCdEfGhIjK@thread.v2"}).Draw(rt, "thread"), rapid.SampledFrom([]string{"", "2345678901234"}).Draw(rt, "meeting ID"),
			rapid.SampledFrom([]string{"", "+1 (555) 0100", "0800-5550100"}).Draw(rt, "phone"), rapid.SampledFrom([]string{"", "graph-id-1"}).Draw(rt, "Graph ID")}}
	organize := change{`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) SELECT organizer_id, id, 'organizer', 0 FROM meetings WHERE id = $1`, []any{b.meetings}}
	b.texts = append(b.texts[max(0, len(b.texts)-10):], external, insert.args[5].(string))
	b.apply(t, b.meetings, append([]change{insert, organize}, drawAttendees(rt, b.meetings)...)...)
}

func drawAttendees(rt *rapid.T, id int64) []change {
	changes := []change{{`DELETE FROM attendees WHERE meeting_id = $1`, []any{id}}}
	for n := range rapid.IntRange(0, 3).Draw(rt, "attendees") {
		changes = append(changes, change{`INSERT INTO attendees (meeting_id, position, name, upn, object_id, role) SELECT id, CAST($2 AS BIGINT), $3, $4, $5, $6 FROM meetings WHERE id = $1`, []any{id, n,
			shortText.Draw(rt, "name"), shortText.Draw(rt, "UPN"), fmt.Sprint("object ", n), rapid.SampledFrom([]string{"", "attendee", "presenter"}).Draw(rt, "role")}})
	}
	return changes
}

func (b *bothEngines) one(rt *rapid.T) int64 {
	return rapid.Int64Range(max(1, b.meetings-20), max(1, b.meetings)).Draw(rt, "meeting")
}

func (b *bothEngines) change(rt *rapid.T, t *testing.T) {
	id := b.one(rt)
	changes := []change{{`UPDATE meetings SET subject = $2, start_at = $3, state = $4 WHERE id = $1`, []any{id, shortText.Draw(rt, "subject"), smallTime(rt, "start"), rapid.SampledFrom([]string{"live", "unfinished", "removed"}).Draw(rt, "state")}}}
	if rapid.Bool().Draw(rt, "asked") {
		changes = append(changes, change{`INSERT INTO attempts (meeting_id, actor_id, mode, kind, asked, state, created_at, updated_at)
			SELECT id, 1, 'delegated', 'update', '', 'pending', 0, CAST($2 AS BIGINT) FROM meetings WHERE id = $1`, []any{id, rapid.Int64Range(0, 7_000_000).Draw(rt, "at")}})
	}
	b.apply(t, id, append(changes, drawAttendees(rt, id)...)...)
}

func (b *bothEngines) handOver(rt *rapid.T, t *testing.T) {
	id, user := b.one(rt), rapid.Int64Range(1, 3).Draw(rt, "user")
	b.apply(t, id, change{`DELETE FROM meeting_people WHERE meeting_id = $1 AND relation = 'handed over'`, []any{id}},
		change{`INSERT INTO meeting_people (user_id, meeting_id, relation, created_at) SELECT CAST($2 AS BIGINT), id, 'handed over', 0 FROM meetings WHERE id = $1 ON CONFLICT DO NOTHING`, []any{id, user}})
}

func (b *bothEngines) remove(rt *rapid.T, t *testing.T) {
	id := b.one(rt)
	for _, l := range []testLists{b.sqlite, b.postgres} {
		l.transact(t, func(l testLists) {
			for _, q := range []string{`DELETE FROM attempts WHERE meeting_id = $1`, `DELETE FROM meetings WHERE id = $1`} {
				l.exec(t, q, id)
			}
			if err := l.index.Remove(t.Context(), l.tx, id); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func (b *bothEngines) audit(rt *rapid.T, t *testing.T) {
	b.apply(t, 0, change{`INSERT INTO audit (at, user_id, action, meeting_id, detail, count) VALUES ($1, $2, $3, $4, $5, $6)`, []any{rapid.Int64Range(0, 20).Draw(rt, "at"), rapid.SampledFrom([]any{nil, 1, 2}).Draw(rt, "user"),
		rapid.SampledFrom([]string{"role", "sign_in", "refused"}).Draw(rt, "action"), rapid.SampledFrom([]any{nil, 1, 2, 1000000}).Draw(rt, "meeting"), shortText.Draw(rt, "detail"), rapid.SampledFrom([]any{nil, 0, 3}).Draw(rt, "count")}})
}

func agree[T any](rt *rapid.T, b *bothEngines, what string, of func(l testLists) (T, error)) {
	rt.Helper()
	want, err := of(b.sqlite)
	if err != nil {
		rt.Fatalf("SQLite: %s: %v", what, err)
	}
	got, err := of(b.postgres)
	if err != nil {
		rt.Fatalf("PostgreSQL: %s: %v", what, err)
	}
	if !reflect.DeepEqual(got, want) {
		rt.Fatalf("%s\nSQLite     %+v\nPostgreSQL %+v", what, want, got)
	}
}

func (b *bothEngines) compareLists(rt *rapid.T, t *testing.T) {
	c := drawCriteria(rt)
	c.Everyone, c.KitOnly = rapid.Bool().Draw(rt, "everyone"), rapid.Bool().Draw(rt, "kit only")
	// Entirely random criteria would rarely match any meeting.
	switch rapid.IntRange(0, 4).Draw(rt, "text is") {
	case 0, 1:
		c.Text = ""
	case 2, 3:
		c.Text = drawTyped(rt, append([]string{"printer ana", "INC12"}, b.texts...))
	}
	if rapid.IntRange(0, 3).Draw(rt, "anywhere") > 0 {
		c.At, c.Back = Cursor{}, false
	}
	if rapid.IntRange(0, 3).Draw(rt, "any time") > 0 {
		c.From, c.To = time.Time{}, time.Time{}
	}
	if rapid.IntRange(0, 3).Draw(rt, "any state") > 0 {
		c.Filter = Filter{}
	}
	what := fmt.Sprintf("%+v", c)
	var ids []int64
	agree(rt, b, what, func(l testLists) (Page, error) {
		p, err := l.History(t.Context(), c)
		ids = idsOf(p.Rows)
		b.found += len(ids)
		return p, err
	})
	agree(rt, b, "count of "+what, func(l testLists) (Count, error) { return l.count(t.Context(), c) })
	agree(rt, b, "attendees of "+what, func(l testLists) (map[int64][]meeting.Attendee, error) { return l.AttendeesOf(t.Context(), c, ids) })
	agree(rt, b, "unknown words of "+what, func(l testLists) ([]string, error) {
		if !c.Everyone && c.UserID == 0 {
			return nil, nil
		}
		return l.UnknownWords(t.Context(), c)
	})
	first := slices.Clone(ids[:min(2, len(ids))])
	slices.Reverse(first)
	agree(rt, b, "export of "+what, func(l testLists) (all []Exported, err error) {
		err = l.Export(t.Context(), c, first, func(part []Exported) error { all = append(all, part...); return nil })
		return all, err
	})
}

func (b *bothEngines) compareFind(rt *rapid.T, t *testing.T) {
	c := drawCriteria(rt)
	c.Everyone, c.KitOnly = rapid.Bool().Draw(rt, "everyone"), rapid.Bool().Draw(rt, "kit only")
	c.From, c.To, c.Filter = time.Time{}, time.Time{}, Filter{}
	text := rapid.SampledFrom([]string{"INC12", "inc-12", "12", "19:meeting_AbCdEfGhIjK@thread.v2", "19:meeting_abcdefghijk@thread.v2", "234 567 890 123 4", "graph-id-1", "1"}).Draw(rt, "typed")
	input := search.Recognize(text, people.OnlyAddress)
	what := fmt.Sprintf("%q of %+v", text, c)
	agree(rt, b, what, func(l testLists) ([]Hit, error) {
		hits, err := l.Find(t.Context(), c, input, text)
		b.hits += len(hits)
		return hits, err
	})
	agree(rt, b, "phone for "+what, func(l testLists) ([]Hit, error) { return l.FindByPhone(t.Context(), c, "5550100") })
	agree(rt, b, "guesses for "+what, func(l testLists) ([]Hit, error) {
		return l.Guess(t.Context(), c, search.Guesses([]string{text}))
	})
}

func (b *bothEngines) compareAudit(rt *rapid.T, t *testing.T) {
	f := AuditFilter{UserID: rapid.Int64Range(0, 2).Draw(rt, "user"), Action: rapid.SampledFrom([]string{"", "role", "sign_in"}).Draw(rt, "action"), Meetings: rapid.SampledFrom([][]int64{nil, {1}, {1, 2}}).Draw(rt, "meetings")}
	after, oldest := AuditCursor{At: rapid.Int64Range(0, 20).Draw(rt, "at"), ID: rapid.Int64Range(0, 50).Draw(rt, "ID")}, rapid.Bool().Draw(rt, "oldest first")
	agree(rt, b, fmt.Sprintf("audit of %+v", f), func(l testLists) (AuditPage, error) {
		return l.Audit(t.Context(), f, after, oldest, 5)
	})
}
