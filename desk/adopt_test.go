package desk_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/desk"
	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
)

func adopt(d *desktest.Desk, who desk.Actor, link string) meeting.Meeting {
	d.T.Helper()
	id, err := d.Adopt(d.T.Context(), who, link)
	if err != nil {
		d.T.Fatal(err)
	}
	return d.Meeting(id)
}

func TestAdopt(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	id, link := d.MadeElsewhere(p, "FROM-ELSEWHERE", "Made elsewhere")
	m := adopt(d, p, link)
	if m.Origin != meeting.Adopted || m.State != meeting.Live || m.GraphID != id || m.Organizer.UPN != priya || m.ExternalID != "FROM-ELSEWHERE" {
		t.Errorf("recorded %q as %s, %s, of %s", m.ExternalID, m.State, m.Origin, m.Organizer.UPN)
	}
	wantDone(t, d, m.ID, meeting.OutcomeAdopted)
	if calls := d.Attempts(m.ID)[0].Calls; len(calls) == 0 || calls[0].ClientRequestID == "" {
		t.Errorf("the recorded calls are %+v", calls)
	}
	if again := adopt(d, p, link); again.ID != m.ID || len(d.Meetings()) != 1 {
		t.Errorf("adopted again it is in row %d of %d", again.ID, len(d.Meetings()))
	}
	update(d, p, m.ID, subject("Changed here"))
	wantDone(t, d, m.ID, meeting.OutcomeUpdated)

	for _, tt := range []struct {
		name   string
		who    string
		link   string
		fail   emulator.Failure
		code   meeting.Code
		reason meeting.Reason
	}{
		{"a colleague's", tomas, link, emulator.Failure{}, meeting.Invalid, meeting.ReasonAdoptColleague},
		{"nobody's", priya, "https://teams.microsoft.com/l/meetup-join/nobody", emulator.Failure{}, meeting.Invalid, meeting.ReasonAdoptNotFound},
		{"a quote in the link", priya, "https://teams.microsoft.com/it's", emulator.Failure{}, meeting.Invalid, meeting.ReasonAdoptNotFound},
		{"forbidden", priya, link, forbidden, meeting.Invalid, meeting.ReasonAdoptColleague},
		{"no answer", priya, link, emulator.Failure{Status: 502, Body: "<html>", Times: 3}, meeting.Invalid, meeting.ReasonNotGraph},
		{"throttled", priya, link, throttled("600"), meeting.Unavailable, meeting.ReasonRetryWait},
		{"until the wait is over", priya, link, emulator.Failure{}, meeting.Unavailable, meeting.ReasonRetryWait},
	} {
		who := d.SignIn(tt.who)
		if tt.fail.Status != 0 {
			d.Emulator.FailNext(desktest.FindRoute, tt.fail)
		}
		_, err := d.Adopt(t.Context(), who, tt.link)
		t.Log(tt.name)
		wantError(t, err, tt.code, tt.reason)
	}
	if got := len(d.Meetings()); got != 1 {
		t.Errorf("%d meetings are recorded, want one", got)
	}
}

func TestAdoptRefusesAMeetingOfSomebodyElse(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.Emulator.FailNext(desktest.FindRoute, emulator.Failure{Status: 200, ContentType: "application/json",
		Body: `{"value":[{"id":"M1","subject":"Tomás' secret","joinWebUrl":"https://teams.microsoft.com/x","participants":{"organizer":{"upn":"` + tomas + `","identity":{"user":{"id":"` + tomasID + `"}}}}}]}`})
	_, err := d.Adopt(t.Context(), p, "https://teams.microsoft.com/x")
	wantError(t, err, meeting.Invalid, meeting.ReasonAdoptColleague)
	if got := d.Meetings(); len(got) != 0 {
		t.Errorf("recorded %+v", got)
	}
}

func TestAdoptAnUnfinishedMeeting(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.Emulator.FailNext(desktest.CreateRoute, applied)
	m := create(d, p)
	link := d.Emulator.Meetings()[0].Document["joinWebUrl"].(string)
	if got := adopt(d, p, link); got.ID != m.ID || got.State != meeting.Live {
		t.Errorf("adopted in row %d, %s; want row %d", got.ID, got.State, m.ID)
	}
}

func TestAdoptAMeetingWithoutATicket(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	id, link := d.MadeElsewhere(p, "x", "Made in Teams")
	d.Emulator.ChangeMeeting(id, func(m map[string]any) { m["externalId"] = nil })
	m := adopt(d, p, link)
	update(d, p, m.ID, subject("Changed here"))
	wantDone(t, d, m.ID, meeting.OutcomeUpdated)
}

func TestAdoptInPlaceOfAnother(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	first := create(d, p)
	old := d.Emulator.Meetings()[0].Document
	d.Emulator.RemoveMeeting(first.GraphID)
	id, link := d.MadeElsewhere(p, ticket, "Begun again in Teams")
	second := adopt(d, p, link)
	if m := d.Newest(ticket); second.ID == first.ID || m.ID != first.ID || m.State != meeting.Live {
		t.Fatalf("adopted in row %d; the ticket's meeting is %d, %s", second.ID, m.ID, m.State)
	}
	t.Run("it takes the ticket once it is asked for", func(t *testing.T) {
		if m := create(d, p); m.ID != second.ID || m.GraphID != id || m.Origin != meeting.Adopted {
			t.Errorf("found row %d, %s", m.ID, m.Origin)
		}
		if m := d.Newest(ticket); m.ID != second.ID {
			t.Errorf("the ticket's meeting is %d, want %d", m.ID, second.ID)
		}
	})
	t.Run("the replaced meeting is not brought back", func(t *testing.T) {
		body, err := json.Marshal(map[string]any{"value": []any{old}})
		if err != nil {
			t.Fatal(err)
		}
		d.Emulator.FailNext(desktest.FindRoute, emulator.Failure{Status: 200, ContentType: "application/json", Body: string(body), Times: 2})
		_, err = d.Adopt(t.Context(), p, first.JoinURL)
		wantError(t, err, meeting.Conflict, meeting.ReasonAdoptReplaced)
	})
	t.Run("a removed meeting stays as it was and leaves its ticket", func(t *testing.T) {
		remove(d, p, second.ID)
		_, link := d.MadeElsewhere(p, ticket, "Third")
		third := adopt(d, p, link)
		if m := d.Meeting(second.ID); m.State != meeting.Removed || m.Subject != second.Subject {
			t.Errorf("the removed meeting is %s, %q", m.State, m.Subject)
		}
		if m := d.Newest(ticket); m.ID != third.ID || m.State != meeting.Live {
			t.Errorf("the ticket's meeting is %d, %s; want %d", m.ID, m.State, third.ID)
		}
	})
}

func TestAdoptARemovedMeetingWhoseTicketIsTaken(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	old := create(d, p)
	remove(d, p, old.ID)
	create(d, p)
	d.Emulator.VisitRemoved(old.GraphID)
	d.Emulator.ChangeMeeting(old.GraphID, func(m map[string]any) { m["externalId"] = nil })
	_, err := d.Adopt(t.Context(), p, old.JoinURL)
	wantError(t, err, meeting.Conflict, meeting.ReasonAdoptReplaced)
}

func TestAdoptWaitsForTheMeeting(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withBudget(3*time.Second))
	p := d.SignIn(priya)
	_, link := d.MadeElsewhere(p, ticket, "Made elsewhere")
	unlock, err := d.LockMeeting(t.Context(), p.User.ID, ticket, time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Adopt(t.Context(), p, link)
	wantError(t, err, meeting.Unavailable, meeting.ReasonAttemptRunning)
	unlock()
	adopt(d, p, link)
}

func lookedUp(d *desktest.Desk) bool {
	return slices.ContainsFunc(d.Emulator.Requests(), func(r emulator.Request) bool { return strings.Contains(r.Query, "JoinWebUrl") })
}

// Adopt reads the meeting again after locking it, because the meeting may have changed
// before the lock.
func TestAdoptDuringAChange(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	id, link := d.MadeElsewhere(p, ticket, "Made elsewhere")
	unlock, err := d.LockMeeting(t.Context(), p.User.ID, ticket, time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	adopted := make(chan meeting.Meeting)
	go func() { adopted <- adopt(d, p, link) }()
	desktest.Eventually(t, "the meeting is looked up by its link", func() bool { return lookedUp(d) })
	d.Emulator.ChangeMeeting(id, rename)
	unlock()
	if m := <-adopted; m.Subject != "Renamed in Teams" {
		t.Errorf("recorded as %q", m.Subject)
	}
}

func TestAdoptDuringARemoval(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	hold := make(chan struct{})
	d.Emulator.FailNext(desktest.DeleteRoute, emulator.Failure{Hold: hold})
	done := make(chan struct{}, 2)
	go func() { _ = d.Remove(t.Context(), p, m.ID, 0); done <- struct{}{} }()
	desktest.Eventually(t, "the DELETE is sent", func() bool { return len(d.Bodies("DELETE")) == 1 })
	go func() { _, _ = d.Adopt(t.Context(), p, m.JoinURL); done <- struct{}{} }()
	desktest.Eventually(t, "the meeting is looked up by its link", func() bool { return lookedUp(d) })
	close(hold)
	<-done
	<-done
	if got := d.Meeting(m.ID).State; got != meeting.Removed {
		t.Errorf("the meeting is %s, want removed", got)
	}
}
