package desk_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"meetdesk/desk/desktest"
	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/testenv"
)

func TestCreateOrGet(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	if m.State != meeting.Live || m.Origin != meeting.Created || m.JoinURL == "" || m.Organizer.UPN != priya || m.Maker.UPN != priya {
		t.Errorf("recorded %s, %s, join link %q, organizer %s, made by %s", m.State, m.Origin, m.JoinURL, m.Organizer.UPN, m.Maker.UPN)
	}
	wantDone(t, d, m.ID, meeting.OutcomeCreated)

	t.Run("the same external ID is found and not changed", func(t *testing.T) {
		again := create(d, p, subject("Another subject"))
		wantDone(t, d, m.ID, meeting.OutcomeFound)
		if again.ID != m.ID || again.Subject != "Printer on fire" || again.Origin != meeting.Created || d.Emulator.MeetingCount() != 1 {
			t.Errorf("meeting %d is %q, %s, and Graph has %d meetings", again.ID, again.Subject, again.Origin, d.Emulator.MeetingCount())
		}
	})
	t.Run("a colleague's is another meeting", func(t *testing.T) {
		if theirs := create(d, d.SignIn(tomas)); theirs.ID == m.ID || d.Emulator.MeetingCount() != 2 {
			t.Errorf("Tomás got meeting %d, and Graph has %d meetings", theirs.ID, d.Emulator.MeetingCount())
		}
	})
	t.Run("a refusal fails", func(t *testing.T) {
		d.Emulator.FailNext(desktest.CreateRoute, forbidden)
		failed := create(d, p, externalID("INC2"))
		if failed.State != meeting.Failed {
			t.Errorf("the meeting is %s, want failed", failed.State)
		}
		wantFailed(t, d, failed.ID, meeting.ReasonForbidden)
		retry(d, p, failed.ID)
		wantDone(t, d, failed.ID, meeting.OutcomeCreated)
	})
	t.Run("no answer is unfinished", func(t *testing.T) {
		d.Emulator.FailNext(desktest.CreateRoute, dropped)
		unfinished := create(d, p, externalID("INC3"))
		if unfinished.State != meeting.Unfinished {
			t.Errorf("the meeting is %s, want unfinished", unfinished.State)
		}
		wantUnfinished(t, d, unfinished.ID, meeting.ReasonNoAnswer)
		retry(d, p, unfinished.ID)
		wantDone(t, d, unfinished.ID, meeting.OutcomeCreated)
	})
	t.Run("a retry of what is done sends nothing", func(t *testing.T) {
		wantRequests(t, d, 0, func() { retry(d, p, m.ID) })
	})
}

func TestOneFormMakesOneMeeting(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	form := func(r *meeting.Request) { r.FormID = "one-form" }
	d.Emulator.SetLatency(50 * time.Millisecond)
	var submits sync.WaitGroup
	for range 5 {
		submits.Go(func() { create(d, p, form) })
	}
	submits.Wait()
	d.Emulator.SetLatency(0)
	m := d.Newest(ticket)
	if got := d.Attempts(m.ID); len(got) != 1 || got[0].Outcome != meeting.OutcomeCreated || d.Emulator.MeetingCount() != 1 {
		t.Errorf("%d attempts and %d meetings at Graph, want one of each", len(got), d.Emulator.MeetingCount())
	}
	if other := create(d, p, form, externalID("INC2")); other.ID == m.ID {
		t.Error("the same form with another external ID made nothing")
	}
	if theirs := create(d, d.SignIn(tomas), form); theirs.Organizer.UPN != tomas {
		t.Errorf("the same form sent by Tomás made a meeting of %s", theirs.Organizer.UPN)
	}
}

// Submitting the same form twice makes only one attempt, even if the directory resolves an
// address only the second time.
func TestOneFormWhateverTheDirectoryAnswers(t *testing.T) {
	t.Parallel()
	d := desktest.New(t, withDirectory())
	p := d.SignIn(priya)
	d.Emulator.FailNext("GET /users/{user}", emulator.Failure{Status: 500, Times: 2})
	for range 2 {
		create(d, p, func(r *meeting.Request) { r.FormID = "one-form" })
	}
	if got := len(d.Attempts(1)); got != 1 {
		t.Errorf("%d attempts, want one", got)
	}
}

func TestACreateGoesOnWithoutTheBrowser(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	hold := make(chan struct{})
	d.Emulator.FailNext(desktest.CreateRoute, emulator.Failure{Hold: hold})
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := d.CreateOrGet(ctx, p, request(d))
		done <- err
	}()
	desktest.Eventually(t, "Graph received the request", func() bool { return len(d.Emulator.Requests()) == 1 })
	leave()
	close(hold)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	wantDone(t, d, d.Newest(ticket).ID, meeting.OutcomeCreated)
}

func TestARecordThatFailsGivesTheJoinLink(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	hold := make(chan struct{})
	d.Emulator.FailNext(desktest.CreateRoute, emulator.Failure{Hold: hold, Apply: true})
	done := make(chan error)
	go func() {
		_, err := d.CreateOrGet(t.Context(), p, request(d))
		done <- err
	}()
	desktest.Eventually(t, "Graph has the meeting", func() bool { return d.Emulator.MeetingCount() == 1 })
	d.Store.Close() // so that the meeting cannot be recorded
	close(hold)
	err := <-done
	wantError(t, err, meeting.Internal, meeting.ReasonRecordFailed)
	if link := argsOf(err)["JoinURL"]; link != d.Emulator.Meetings()[0].Document["joinWebUrl"] {
		t.Errorf("the error's join link is %v", link)
	}

	d.Open() // marks the attempt as unfinished
	m := d.Newest(ticket)
	if m.State != meeting.Unfinished {
		t.Errorf("after a restart the meeting is %s, want unfinished", m.State)
	}
	wantUnfinished(t, d, m.ID, meeting.ReasonStopped)
	retry(d, p, m.ID)
	wantDone(t, d, m.ID, meeting.OutcomeConfirmed)
	if got := d.Emulator.MeetingCount(); got != 1 {
		t.Errorf("Graph has %d meetings, want one", got)
	}
}

func TestARetryDuringWhichTheDeskStops(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.Emulator.FailNext(desktest.CreateRoute, forbidden)
	m := create(d, p)
	hold := make(chan struct{})
	d.Emulator.FailNext(desktest.CreateRoute, emulator.Failure{Hold: hold, Apply: true})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = d.Retry(t.Context(), p, 1, 0)
	}()
	desktest.Eventually(t, "Graph has the meeting", func() bool { return d.Emulator.MeetingCount() == 1 })
	d.Store.Close()
	close(hold)
	<-done
	d.Open()
	if got := d.Meeting(m.ID).State; got != meeting.Unfinished {
		t.Errorf("after a restart the meeting is %s, want unfinished", got)
	}
	retry(d, p, m.ID)
	wantDone(t, d, m.ID, meeting.OutcomeConfirmed)
}

// An attempt without recorded calls may have created the meeting. It therefore stays
// unfinished even if Graph refuses a retry.
func TestAnAttemptWithoutARecord(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for name, again := range map[string]func(d *desktest.Desk) meeting.Meeting{
		"repeated":        func(d *desktest.Desk) meeting.Meeting { return retryAttempt(d, d.SignIn(priya), 1) },
		"asked for again": func(d *desktest.Desk) meeting.Meeting { return create(d, d.SignIn(priya)) },
	} {
		t.Run(name, func(t *testing.T) {
			d := desktest.New(t)
			p := d.SignIn(priya)
			d.Emulator.FailNext(desktest.CreateRoute, applied)
			m := create(d, p)
			d.Exec(`DELETE FROM calls`)
			d.Exec(`UPDATE attempts SET state = 'pending', reason = ''`)
			d.Emulator.FailNext(desktest.CreateRoute, forbidden)
			again(d)
			wantUnfinished(t, d, m.ID, meeting.ReasonForbidden)
			retry(d, p, m.ID)
			wantDone(t, d, m.ID, meeting.OutcomeConfirmed)
		})
	}
}

// A meeting counts as created by the desk if it is no older than the first unanswered
// call.
func TestTheFirstUnansweredCallCounts(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.Emulator.FailNext(desktest.CreateRoute, applied)
	m := create(d, p)
	d.SetAhead(30 * time.Minute)
	d.Emulator.FailNext(desktest.CreateRoute, dropped)
	create(d, p)
	retry(d, p, m.ID)
	wantDone(t, d, m.ID, meeting.OutcomeConfirmed)

	t.Run("until an attempt is answered", func(t *testing.T) {
		d.Emulator.RemoveMeeting(d.Newest(ticket).GraphID)
		d.MadeElsewhere(p, ticket, "Made in Teams")
		if m := create(d, p); m.Origin != meeting.Found || m.Subject != "Made in Teams" {
			t.Errorf("recorded %q as %s, want the other program's meeting as found", m.Subject, m.Origin)
		}
	})
}

// Another request for a ticket does not change the organizer's recorded meeting, even if
// Graph answers the request only on a retry.
func TestAnUnansweredCallForARecordedMeeting(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	d.Emulator.FailNext(desktest.CreateRoute, dropped)
	create(d, p, subject("Another subject"), option(meeting.OptionRecord, meeting.On))
	wantUnfinished(t, d, m.ID, meeting.ReasonNoAnswer)
	retry(d, p, m.ID)
	wantDone(t, d, m.ID, meeting.OutcomeFound)
	if got := d.Meeting(m.ID); got.Options.Record != meeting.Off || got.Subject != m.Subject {
		t.Errorf("the meeting is now %q, recorded automatically: %s", got.Subject, got.Options.Record)
	}
}

func TestClocksMayDiffer(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for behind, want := range map[time.Duration]meeting.Outcome{2 * time.Minute: meeting.OutcomeConfirmed, 10 * time.Minute: meeting.OutcomeFound} {
		d := desktest.New(t)
		p := d.SignIn(priya)
		d.Emulator.FailNext(desktest.CreateRoute, applied)
		m := create(d, p)
		d.Emulator.ChangeMeeting(d.Emulator.Meetings()[0].ID, func(doc map[string]any) {
			doc["creationDateTime"] = d.Clock().Add(-behind).UTC().Format(time.RFC3339Nano)
		})
		retry(d, p, m.ID)
		wantDone(t, d, m.ID, want)
	}
}

func TestAnotherGraphIDNeverOverwrites(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	first := create(d, p)
	d.Emulator.RemoveMeeting(first.GraphID)
	second := create(d, p, subject("Begun again"))
	if second.ID == first.ID || second.Subject != "Begun again" || second.State != meeting.Live {
		t.Errorf("the new meeting is in row %d, %q, %s", second.ID, second.Subject, second.State)
	}
	if old := d.Meeting(first.ID); old.State != meeting.Replaced || old.GraphID != first.GraphID || old.Subject != first.Subject {
		t.Errorf("the old row is %s, %q with Graph ID %s", old.State, old.Subject, old.GraphID)
	}
}

// No attempt on a replaced meeting can be repeated, so none stays open.
func TestAReplacedMeetingHasNoOpenAttempts(t *testing.T) {
	t.Parallel()
	for state, status := range map[meeting.AttemptState]int{meeting.AttemptUnfinished: 504, meeting.AttemptFailed: 400} {
		d := desktest.New(t)
		p := d.SignIn(priya)
		m := create(d, p)
		d.Emulator.FailNext(desktest.PatchRoute, emulator.Failure{Status: status})
		update(d, p, m.ID, option(meeting.OptionRecord, meeting.On))
		if a := d.Attempts(m.ID)[0]; a.State != state {
			t.Errorf("the change ended as %s, want %s", a.State, state)
		}
		d.Emulator.RemoveMeeting(m.GraphID)
		create(d, p)
		for _, a := range d.Attempts(m.ID) {
			if a.CanRetry() {
				t.Errorf("the attempt to %s %s is still %s", a.Kind, a.Concern(), a.State)
			}
		}
	}
}

func TestARetryForAReplacedMeeting(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	d.Emulator.FailNext(desktest.CreateRoute, emulator.Failure{Status: 400})
	create(d, p)
	stale := d.Attempts(m.ID)[0].ID
	d.Emulator.RemoveMeeting(m.GraphID)
	create(d, p)
	_, err := d.Retry(t.Context(), p, stale, 0)
	wantError(t, err, meeting.Conflict, meeting.ReasonChangeNotLive)
}

func TestASparseReplyKeepsWhatIsRecorded(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	first := create(d, p)
	if len(first.Attendees) != 1 || first.Attendees[0].Name != "Dana Whitfield" {
		t.Errorf("the people are %+v, want Dana with the name that was typed", first.Attendees)
	}
	sparse := func(id string) emulator.Failure {
		return emulator.Failure{Status: 200, ContentType: "application/json", Body: fmt.Sprintf(`{"id":%q,"subject":"Sparse"}`, id)}
	}
	d.Emulator.FailNext(desktest.CreateRoute, sparse(first.GraphID))
	if m := create(d, p); m.ID != first.ID || m.JoinURL != first.JoinURL || !m.Start.Equal(first.Start) || len(m.Attendees) != 1 {
		t.Errorf("recorded %+v, want the rest as it was", m)
	}
	d.Emulator.FailNext(desktest.CreateRoute, sparse("another"))
	if m := create(d, p); m.ID == first.ID || m.JoinURL != "" || len(m.Attendees) != 0 {
		t.Errorf("recorded %+v, want nothing of the meeting before it", m)
	}
}

func TestAFailedMeetingShowsWhatWasAskedLast(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	for _, upn := range []string{dana, tomas} {
		d.Emulator.FailNext(desktest.CreateRoute, forbidden)
		if m := create(d, p, attendees(person(upn)), subject("For "+upn)); len(m.Attendees) != 1 || m.Attendees[0].UPN != upn || m.Subject != "For "+upn {
			t.Errorf("recorded %q with %v, want what was asked for %s", m.Subject, m.Attendees, upn)
		}
	}
}

func TestAnotherSpellingOfAKnownMeetingLeavesNoRow(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	d := desktest.New(t, withSwitches(emulator.Switches{FoldExternalID: true}))
	p := d.SignIn(priya)
	m := create(d, p)
	for range 3 {
		if again := create(d, p, externalID("inc0012345")); again.ID != m.ID {
			t.Errorf("it is in row %d, want %d", again.ID, m.ID)
		}
	}
	if got := len(d.Meetings()); got != 1 {
		t.Errorf("%d rows in the history, want one", got)
	}
}

func TestAllTriesCountTogether(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	busy, rejected := emulator.Failure{Status: 503, Code: "ServiceUnavailable", Header: http.Header{"Retry-After": {"0"}}}, emulator.Failure{Status: 401}
	for _, failures := range [][]emulator.Failure{{rejected, busy, busy, busy}, {busy, busy, rejected, busy}} {
		d := desktest.New(t)
		p := d.SignIn(priya)
		for _, f := range failures {
			d.Emulator.FailNext(desktest.CreateRoute, f)
		}
		wantRequests(t, d, 3, func() { create(d, p) })
		if got := len(d.Attempts(1)[0].Calls); got != 3 {
			t.Errorf("%d calls are recorded, want 3", got)
		}
	}
}

func TestDismiss(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	d.Emulator.FailNext(desktest.CreateRoute, forbidden)
	m := create(d, p)
	if _, err := d.Dismiss(t.Context(), d.SignIn(tomas), 1); meeting.CodeOf(err) != meeting.NotFound {
		t.Errorf("a colleague who cannot see the meeting: %v, want not found", err)
	}
	if _, err := d.Dismiss(t.Context(), d.SignIn(dana), 1); meeting.CodeOf(err) != meeting.Forbidden {
		t.Errorf("the help desk: %v, want forbidden", err)
	}
	if _, err := d.Dismiss(t.Context(), p, 1); err != nil {
		t.Fatal(err)
	}
	wantAttempt(t, d, m.ID, meeting.AttemptDismissed, "", meeting.ReasonForbidden)
	wantRequests(t, d, 0, func() { retryAttempt(d, p, 1) })

	t.Run("of an attempt that found another meeting accepts it", func(t *testing.T) {
		create(d, p)
		create(d, p, subject("Second thoughts"))
		found := d.Attempts(m.ID)[0]
		if _, err := d.Dismiss(t.Context(), p, found.ID); err != nil {
			t.Fatal(err)
		}
		if a := d.Attempts(m.ID)[0]; a.State != meeting.AttemptDone || !a.Accepted {
			t.Errorf("the attempt is %s, accepted %v", a.State, a.Accepted)
		}
	})
}
