package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/enginetest"
)

// An erasure also covers audit entries that are still queued.
func TestErasePlanAndQueuedEntries(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	by, person := signIn(t, s, "one").User, signIn(t, s, "quartzmeier").User
	for i := range 2 {
		finished(t, s, by, fmt.Sprint("INC", i), meeting.Details{GraphID: fmt.Sprint("g", i), Attendees: []meeting.Attendee{{UPN: person.UPN, Name: "Quartzmeier"}}})
	}
	must(t, s.FlushAudit(t.Context()))
	plan, err := s.PlanErase(t.Context(), store.EraseRequest{UserID: person.ID})
	if must(t, err); plan.Attends != 2 || plan.Texts == 0 || plan.Sessions != 1 || !plan.TextsAll {
		t.Errorf("the plan is %+v, want 2 invitations, 1 session and some texts", plan)
	}
	must(t, s.AuditSoon(t.Context(), by.ID, store.AuditHistoryRead, 0, "q="+person.UPN))
	erase(t, s, by, person)
	must(t, s.FlushAudit(t.Context()))
	for _, detail := range details(t, dir, store.AuditHistoryRead) {
		if strings.Contains(detail, person.UPN) {
			t.Errorf("an entry from the queue still has the person: %q", detail)
		}
	}
	tasks, err := s.RetentionTasks(t.Context(), 1)
	if must(t, err); tasks[0].Entries == 0 {
		t.Errorf("the task changed %+v, want some audit entries", tasks[0])
	}
}

// Administrators cannot erase themselves, and an erasure request must identify a person.
func TestEraseRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	by := signIn(t, s, "one").User
	erase := func(r store.EraseRequest) error {
		return s.StartErase(t.Context(), by.ID, r, func(int64) string { return "Erased" })
	}
	var refused *meeting.Error
	if err := erase(store.EraseRequest{UserID: by.ID}); !errors.As(err, &refused) || refused.Key != meeting.ReasonEraseSelf {
		t.Errorf("erasing oneself: %v", err)
	}
	if err := erase(store.EraseRequest{Texts: []string{"Somebody"}}); err == nil {
		t.Error("an erasure of nobody was started")
	}
	if tasks, err := s.RetentionTasks(t.Context(), 1); err != nil || len(tasks) != 0 {
		t.Errorf("tasks: %+v, %v", tasks, err)
	}
}

func TestPurgeIsAudited(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	by := signIn(t, s, "one").User
	day := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, p := range []meeting.Purge{{MeetingsBefore: day}, {AuditBefore: day.AddDate(0, 1, 0)}, {MeetingsBefore: day, AuditBefore: day}} {
		must(t, s.StartPurge(t.Context(), by.ID, p))
	}
	want := []string{"meetings_before=2026-05-01", "audit_before=2026-06-01", "audit_before=2026-05-01&meetings_before=2026-05-01"}
	if got := details(t, dir, store.AuditPurge); !slices.Equal(got, want) {
		t.Errorf("details %q, want %q", got, want)
	}
}

func details(t *testing.T, dir string, action store.AuditAction) (list []string) {
	t.Helper()
	rows, err := enginetest.Connect(t, dir).QueryContext(context.Background(), `SELECT detail FROM audit WHERE action = $1 ORDER BY id`, string(action))
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var detail string
		must(t, rows.Scan(&detail))
		list = append(list, detail)
	}
	must(t, rows.Err())
	return list
}
