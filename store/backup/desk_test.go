package backup_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/backup"
)

type database struct {
	*testing.T
	*store.Store
	dir  string
	user meeting.User
	made int
}

func newDatabase(t *testing.T) *database {
	t.Helper()
	d := &database{T: t, dir: t.TempDir()}
	d.open()
	session, err := d.SignIn(t.Context(), meeting.User{TenantID: "t", ObjectID: "priya", UPN: "priya@contoso.example", Role: meeting.Staff},
		store.Tokens{AccessToken: "access", RefreshToken: "refresh"}, []byte("hash"), "sid", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	d.user = session.User
	return d
}

func (d *database) open() {
	d.Helper()
	s, err := store.Open(d.Context(), store.Options{Dir: d.dir, Keys: [][]byte{[]byte("0123456789abcdef0123456789abcdef")}, Program: "1.2.3"})
	if err != nil {
		d.Fatal(err)
	}
	d.Store = s
	d.Cleanup(func() { s.Close() })
}

func (d *database) create() int64 {
	d.Helper()
	id, err := d.tryCreate()
	if err != nil {
		d.Fatal(err)
	}
	return id
}

func (d *database) tryCreate() (id int64, err error) {
	d.made++
	ticket := fmt.Sprintf("INC%07d", d.made)
	begun, err := d.Begin(d.Context(), store.Intention{Organizer: d.user, Actor: d.user, Mode: meeting.Delegated, Kind: meeting.KindCreate,
		Asked: meeting.Asked{ExternalID: ticket, Subject: "Subject of " + ticket, TimeZone: "Europe/Lisbon"}})
	if err != nil {
		return 0, err
	}
	_, err = d.Finish(d.Context(), store.Result{
		AttemptID: begun[0].ID, Version: begun[0].Version, State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Origin: meeting.Created,
		Reply: &meeting.Reply{Created: true, Raw: []byte(`{}`), Details: meeting.Details{GraphID: "graph-" + ticket, ExternalID: ticket, Subject: "Subject of " + ticket}},
	})
	return begun[0].MeetingID, err
}

// audit records a sign-in and returns the ID of the entry.
func (d *database) audit() (id int64) {
	d.Helper()
	if err := d.Audit(d.Context(), d.user.ID, store.AuditSignIn, 0, ""); err != nil {
		d.Fatal(err)
	}
	query(d.T, filepath.Join(d.dir, store.FileName), `SELECT max(id) FROM audit`, &id)
	return id
}

func (d *database) take() string {
	d.Helper()
	r, err := backup.Take(d.Context(), backup.Options{Data: d.dir, File: filepath.Join(d.TempDir(), "backup.db"), Now: time.Now()})
	if err != nil {
		d.Fatal(err)
	}
	return r.Path
}
