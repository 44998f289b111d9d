package backup_test

import (
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/store/backup"
	"meetdesk/testenv"
)

// Verify reads a single snapshot, so it reports no damage even if meetings are changed
// between its queries.
func TestVerifyReadsOneSnapshot(t *testing.T) {
	testenv.SkipIfShort(t)
	d := newDatabase(t)
	id := d.create()
	for range 200 {
		d.create()
	}
	stop, changes := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		defer func() { changes <- n }()
		for {
			select {
			case <-stop:
				return
			default:
			}
			if err := d.rename(id, strings.Repeat("word ", n%2*20+1)); err != nil {
				t.Error(err)
				return
			}
			n++
		}
	}()
	for range 5 {
		if _, err := backup.Verify(t.Context(), filepath.Join(d.dir, store.FileName)); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	if n := <-changes; n < 5 {
		t.Errorf("only %d changes were made meanwhile", n)
	}
}

func (d *database) rename(id int64, subject string) error {
	begun, err := d.Begin(d.Context(), store.Intention{MeetingID: id, Organizer: d.user, Actor: d.user, Mode: meeting.Delegated, Kind: meeting.KindUpdate, Asked: meeting.Asked{Subject: subject}})
	if err != nil {
		return err
	}
	_, err = d.Finish(d.Context(), store.Result{
		AttemptID: begun[0].ID, Version: begun[0].Version, State: meeting.AttemptDone, Outcome: meeting.OutcomeUpdated,
		Reply: &meeting.Reply{Raw: []byte(`{}`), Details: meeting.Details{GraphID: "graph-INC0000001", ExternalID: "INC0000001", Subject: subject}},
	})
	return err
}
