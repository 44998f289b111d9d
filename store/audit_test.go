package store_test

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/compact"
	"meetdesk/store/enginetest"
)

// auditLines returns the audit log, oldest entry first. Each line contains the UPN or "-",
// the action, the detail, the client address and the count.
func auditLines(t *testing.T, dir string) (lines []string) {
	t.Helper()
	db := enginetest.Connect(t, dir)
	rows, err := db.Query(`SELECT coalesce(u.upn, '-'), a.action, a.detail, a.address, coalesce(CAST(a.count AS TEXT), '') FROM audit a LEFT JOIN users u ON u.id = a.user_id ORDER BY a.id`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		parts := make([]string, 5)
		must(t, rows.Scan(&parts[0], &parts[1], &parts[2], &parts[3], &parts[4]))
		parts[3] = compact.FullAddress(parts[3])
		lines = append(lines, strings.Join(parts, "|"))
	}
	must(t, rows.Err())
	return lines
}

// Sign-ins, role changes and sessions that end early are recorded with the client's
// address.
func TestSessionsAreAudited(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	ctx := store.WithAddress(t.Context(), netip.MustParseAddr("192.0.2.7"))
	enter := func(role meeting.Role, hash, sid string) {
		t.Helper()
		u := meeting.User{TenantID: "t", ObjectID: "one", UPN: "one", Name: "One", Role: role}
		_, err := s.SignIn(ctx, u, store.Tokens{}, []byte(hash), sid, time.Hour)
		must(t, err)
	}
	enter(meeting.Staff, "a", "s1")
	enter(meeting.HelpDesk, "b", "s1")
	enter(meeting.HelpDesk, "c", "s2")
	must(t, s.EndSession(ctx, []byte("c"), store.SignedOut))
	must(t, s.EndSession(ctx, []byte("unknown"), store.SignedOut))
	must(t, s.EndProviderSession(ctx, "unknown"))
	must(t, s.EndProviderSession(ctx, "s1"))
	enter(meeting.NoRole, "d", "")
	for i := range 20 {
		enter(meeting.NoRole, string(rune('e'+i)), "")
	}
	want := []string{
		"one|role|none → staff|192.0.2.7|", "one|sign_in|staff|192.0.2.7|",
		"one|role|staff → helpdesk|192.0.2.7|", "one|sign_in|helpdesk|192.0.2.7|",
		"one|sign_in|helpdesk|192.0.2.7|", "one|sign_out||192.0.2.7|",
		"one|sign_out|provider|192.0.2.7|", "one|sign_out|provider|192.0.2.7|",
		"one|role|helpdesk → none|192.0.2.7|", "one|sign_in|none|192.0.2.7|",
	}
	got := auditLines(t, dir)
	if !slices.Equal(got[:len(want)], want) {
		t.Errorf("the audit has\n%q, want\n%q", got[:len(want)], want)
	}
	if last := got[len(got)-1]; last != "one|sign_out|too many|192.0.2.7|" {
		t.Errorf("the 21st sign-in wrote %q last, want that a session ended", last)
	}
}

// The first refusal of a kind is written immediately. Repetitions are counted, and the
// count is written after a minute.
func TestRepeatedRefusalsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir)
		person := signIn(t, s, "one").User.ID
		before := len(auditLines(t, dir))
		for range 5 {
			must(t, s.AuditRefusal(t.Context(), person, 0, "access.no_role GET /history"))
			must(t, s.AuditRefusal(t.Context(), 0, 0, "signin.state GET /auth/callback"))
		}
		must(t, s.AuditRefusal(t.Context(), person, 0, "access.no_role GET /people"))
		want := []string{"one@contoso.example|refused|access.no_role GET /history||", "-|refused|signin.state GET /auth/callback||", "one@contoso.example|refused|access.no_role GET /people||"}
		if got := auditLines(t, dir)[before:]; !slices.Equal(got, want) {
			t.Errorf("at first the audit has %q, want %q", got, want)
		}
		time.Sleep(time.Minute + time.Second)
		synctest.Wait()
		got := auditLines(t, dir)[before+len(want):]
		slices.Sort(got)
		want = []string{"-|refused|signin.state GET /auth/callback||4", "one@contoso.example|refused|access.no_role GET /history||4"}
		if !slices.Equal(got, want) {
			t.Errorf("after a minute the audit also has %q, want %q", got, want)
		}
		before = len(auditLines(t, dir))
		must(t, s.AuditRefusal(t.Context(), 0, 0, "signin.state GET /auth/callback"))
		must(t, s.AuditRefusal(t.Context(), 0, 0, "signin.state GET /auth/callback"))
		must(t, s.Close())
		if got := auditLines(t, dir)[before:]; len(got) != 2 || !strings.HasSuffix(got[1], "|1") {
			t.Errorf("in the next minute, with a restart, the audit got %q, want the refusal and its count", got)
		}
	})
}

// A refusal that could not be written is counted with the others in its minute.
func TestRefusalsWaitForTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir)
		before := len(auditLines(t, dir))
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.AuditRefusal(over, 0, 0, "signin.state GET /auth/callback"); err == nil {
			t.Fatal("the entry was written")
		}
		must(t, s.Close())
		if got := auditLines(t, dir)[before:]; len(got) != 1 || !strings.HasSuffix(got[0], "|1") {
			t.Errorf("the audit got %q, want the count of one refusal", got)
		}
	})
}

// The audit log accepts only a limited number of entries per minute for refused requests,
// even if all requests differ.
func TestRefusalsCannotFillTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir)
		person := signIn(t, s, "one").User.ID
		before := len(auditLines(t, dir))
		const n = 200
		for i := range n {
			stranger := store.WithAddress(t.Context(), netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}))
			must(t, s.AuditRefusal(stranger, 0, 0, "signin.state GET /auth/callback"))
			must(t, s.AuditRefusal(t.Context(), person, 0, "meeting.unknown GET /meetings/{id} "+strings.Repeat("9", i)))
		}
		if got := len(auditLines(t, dir)) - before; got != 10+60 {
			t.Errorf("%d entries, want 10 for strangers and 60 for the person", got)
		}
		time.Sleep(time.Minute + time.Second)
		synctest.Wait()
		got := auditLines(t, dir)[before+70:]
		slices.Sort(got)
		if want := []string{"-|refused|others||190", "one@contoso.example|refused|others||140"}; !slices.Equal(got, want) {
			t.Errorf("after a minute the audit also has %q, want %q", got, want)
		}
	})
}

func TestStoppedCreateIsAudited(t *testing.T) {
	enginetest.SQLiteOnly(t, "another desk may be working on the attempt; see TestOnlyStoppedDesksAreSettled")
	dir := t.TempDir()
	s := open(t, dir)
	person := signIn(t, s, "one").User
	_, err := s.Begin(context.Background(), store.Intention{Organizer: person, Actor: person, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: meeting.Asked{ExternalID: "INC1"}})
	must(t, err)
	must(t, s.Close())
	open(t, dir)
	if got := auditLines(t, dir); got[len(got)-1] != "one@contoso.example|meeting.create|unfinished||" {
		t.Errorf("the last entry is %q, want the create", got[len(got)-1])
	}
}

// A sign-out by an administrator is recorded even if the person has no session, because it
// also pauses the person's imports.
func TestSignOutWithoutSessionsIsRecorded(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	admin, person := signIn(t, s, "admin").User.ID, signIn(t, s, "one").User.ID
	must(t, s.SignOutPerson(t.Context(), admin, person, 0))
	before := len(auditLines(t, dir))
	must(t, s.SignOutPerson(t.Context(), admin, person, 0))
	must(t, s.SignOutPerson(t.Context(), admin, person, 4711))
	if got := auditLines(t, dir)[before:]; len(got) != 1 || !strings.HasPrefix(got[0], "admin@contoso.example|person.sign_out|one@contoso.example|") {
		t.Errorf("the audit has %q, want the sign-out of all sessions only", got)
	}
}
