package desk_test

import (
	"strings"
	"testing"

	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
)

func changes(d *desktest.Desk, id int64) ([]meeting.Change, bool) {
	d.T.Helper()
	list, news, err := d.Changes(d.T.Context(), id, d.Attempts(id))
	if err != nil {
		d.T.Fatal(err)
	}
	return list, news
}

func TestRefresh(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	refresh(d, p, m.ID)
	wantDone(t, d, m.ID, meeting.OutcomeRead)
	if list, news := changes(d, m.ID); len(list) != 0 || !news {
		t.Errorf("changes %v, news %v; want none, and that said", list, news)
	}
	d.InTeams(func(doc map[string]any) {
		rename(doc)
		doc["lobbyBypassSettings"] = map[string]any{"scope": "everyone", "isDialInBypassEnabled": false}
	})
	refresh(d, p, m.ID)
	if got := d.Meeting(m.ID); got.Subject != "Renamed in Teams" || got.Options.Lobby != "everyone" {
		t.Errorf("recorded %q, lobby %q", got.Subject, got.Options.Lobby)
	}
	if list, _ := changes(d, m.ID); len(list) != 2 || list[0].What != meeting.DifferentSubject || list[0].Was.Subject != "Printer on fire" || list[0].Now.Subject != "Renamed in Teams" {
		t.Errorf("changes %+v, want subject and lobby", list)
	}
	replies, err := d.Store.Replies(t.Context(), m.ID, 10)
	if err != nil || len(replies) != 3 || !strings.Contains(string(replies[2].Raw), "Printer on fire") {
		t.Errorf("%d replies are recorded, want 3, the first unchanged (%v)", len(replies), err)
	}
}

func TestARefreshThatFails(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	t.Run("without an answer", func(t *testing.T) {
		d.Emulator.FailNext(desktest.GetRoute, emulator.Failure{Status: 502, Body: "<html>", Times: 3})
		refresh(d, p, m.ID)
		wantFailed(t, d, m.ID, meeting.ReasonNotGraph)
		retry(d, p, m.ID)
		wantDone(t, d, m.ID, meeting.OutcomeRead)
	})
	t.Run("because the meeting is missing", func(t *testing.T) {
		d.Emulator.RemoveMeeting(m.GraphID)
		refresh(d, p, m.ID)
		wantFailed(t, d, m.ID, meeting.ReasonNotFound)
		if got := d.Meeting(m.ID); got.State != meeting.Live || got.JoinURL != m.JoinURL {
			t.Errorf("it is %s with the join link %q, want it unchanged", got.State, got.JoinURL)
		}
	})
}

func TestARefreshLeavesAnUnfinishedUpdateAlone(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	d.Emulator.FailNext(desktest.PatchRoute, emulator.Failure{Drop: true})
	update(d, p, m.ID, subject("Mine"))
	unfinished := d.Attempts(m.ID)[0]
	refresh(d, p, m.ID)
	if got := d.Attempts(m.ID)[1]; got.ID != unfinished.ID || got.State != meeting.AttemptUnfinished {
		t.Errorf("the update is %s, want unfinished", got.State)
	}
	if m = retryAttempt(d, p, unfinished.ID); m.Subject != "Mine" {
		t.Errorf("after the retry the subject is %q", m.Subject)
	}
}

// Desk.Changes reports news only after a refresh or after an attempt that detected a change
// by someone else. Properties missing from a reply do not count as changes.
func TestWhatIsNews(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.Emulator.FailNext(desktest.PatchRoute, forbidden)
	m := create(d, p, option(meeting.OptionRecord, meeting.On))
	record := d.Attempts(m.ID)[0].ID
	update(d, p, m.ID, subject("Mine"))
	if _, news := changes(d, m.ID); news {
		t.Error("a person's own update is news")
	}
	d.Emulator.FailNext(desktest.GetRoute, emulator.Failure{Status: 200, ContentType: "application/json", Body: `{"id":"` + m.GraphID + `","subject":"Mine"}`})
	refresh(d, p, m.ID)
	if list, news := changes(d, m.ID); len(list) != 0 || !news {
		t.Errorf("after a sparse reply changes %v, news %v", list, news)
	}
	retryAttempt(d, p, record)
	if _, news := changes(d, m.ID); news {
		t.Error("an option that was set since is news")
	}
	d.InTeams(rename)
	update(d, p, m.ID, subject("Mine again"))
	wantFailed(t, d, m.ID, meeting.ReasonChanged)
	if list, news := changes(d, m.ID); len(list) != 1 || !news {
		t.Errorf("after an update that found a change: changes %v, news %v", list, news)
	}
}
