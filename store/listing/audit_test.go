package listing

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/enginetest"
	"meetdesk/store/sqlitetest"
)

// auditStep matches the steps that the query plan of an audit page may contain. Entries must
// be read in index order; only those of several meetings may be sorted afterwards.
var auditStep = regexp.MustCompile(`^(SEARCH a USING INDEX audit_\w+ \(|SEARCH [um] USING INTEGER PRIMARY KEY|USE TEMP B-TREE FOR (LAST TERM OF )?ORDER BY)`)

func TestNoAuditPageReadsEverything(t *testing.T) {
	enginetest.SQLiteOnly(t, "its query plans")
	l := openWithTwo(t, 100)
	at := time.Date(2027, 3, 3, 0, 0, 0, 0, time.UTC)
	planned := 0
	for _, user := range []int64{0, 1} {
		for _, meetings := range [][]int64{nil, {1}, {1, 2}} {
			for _, action := range []string{"", "refused", "sign_in"} {
				for _, from := range []time.Time{{}, at} {
					for _, after := range []AuditCursor{{}, {At: 5, ID: 5}} {
						for _, oldest := range []bool{false, true} {
							f := AuditFilter{UserID: user, Meetings: meetings, Action: action, From: from, To: from}
							b := l.db.binds()
							q := auditQuery(b, auditArgs{f, after, oldest, auditReach})
							if _, err := l.Audit(t.Context(), f, after, oldest, 10); err != nil {
								t.Fatalf("%+v: %v", f, err)
							}
							for _, step := range sqlitetest.Plan(t, sqliteOf(l), q) {
								planned++
								sorts := strings.Contains(step, "TEMP B-TREE") && !strings.Contains(step, "LAST TERM")
								if !auditStep.MatchString(step) || sorts && len(meetings) < 2 {
									t.Errorf("%s: %s", q, step)
								}
							}
						}
					}
				}
			}
		}
	}
	if planned < 400 {
		t.Errorf("checked %d steps", planned)
	}
}

// Together, the pages contain exactly the entries that match the filter, for different
// filters, page sizes, read limits and directions.
func TestAuditPagesFindAllEntries(t *testing.T) {
	l := openWithTwo(t, 10)
	actions := []string{"sign_in", "refused", "role", "meeting.read"}
	var all []meeting.AuditEntry
	for i := range 300 {
		e := meeting.AuditEntry{ID: int64(i + 1), At: time.UnixMilli(int64(1000 + i/3*7%90)).UTC(), Action: actions[i%len(actions)], MeetingID: int64(i % 4), Detail: fmt.Sprint(i)}
		if i%5 != 0 {
			e.Person.ID = int64(1 + i%2)
		}
		all = append(all, e)
		l.exec(t, `INSERT INTO audit (id, at, user_id, action, meeting_id, detail) VALUES ($1, $2, nullif($3, 0), $4, nullif($5, 0), $6)`, e.ID, e.At.UnixMilli(), e.Person.ID, e.Action, e.MeetingID, e.Detail)
	}
	for _, f := range []AuditFilter{
		{}, {UserID: 1}, {Action: "role"}, {Action: "sign_in"}, {Meetings: []int64{2}}, {Meetings: []int64{1, 3}}, {UserID: 2, Action: "role"},
		{UserID: 1, Meetings: []int64{3}, Action: "meeting.read"}, {From: time.UnixMilli(1010), To: time.UnixMilli(1050)}, {UserID: 2, From: time.UnixMilli(1010)}, {UserID: 99},
	} {
		for _, oldestFirst := range []bool{false, true} {
			var want []int64
			for _, e := range sortedEntries(all, oldestFirst) {
				if (f.UserID == 0 || e.Person.ID == f.UserID) && (f.Action == "" || e.Action == f.Action) && (f.Meetings == nil || slices.Contains(f.Meetings, e.MeetingID)) &&
					(f.From.IsZero() || !e.At.Before(f.From)) && (f.To.IsZero() || e.At.Before(f.To)) {
					want = append(want, e.ID)
				}
			}
			for _, size := range []struct{ limit, reach int }{{1, 7}, {7, 3}, {50, 1000}} {
				var got []int64
				for after := (AuditCursor{}); ; {
					page, err := l.db.audit(context.Background(), f, after, oldestFirst, size.limit, size.reach)
					if err != nil {
						t.Fatal(err)
					}
					for _, e := range page.Entries {
						got = append(got, e.ID)
					}
					if after = page.Next; after == (AuditCursor{}) {
						break
					}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%+v, oldest first %v, %+v: %d entries, want %d", f, oldestFirst, size, len(got), len(want))
				}
			}
		}
	}
}

func sortedEntries(all []meeting.AuditEntry, oldestFirst bool) []meeting.AuditEntry {
	list := slices.Clone(all)
	slices.SortFunc(list, func(a, b meeting.AuditEntry) int {
		order := a.At.Compare(b.At)
		if order == 0 {
			order = int(a.ID - b.ID)
		}
		if !oldestFirst {
			order = -order
		}
		return order
	})
	return list
}
