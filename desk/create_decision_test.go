package desk

import (
	"errors"
	"testing"
	"time"

	"meetdesk/graph"
	"meetdesk/meeting"
)

func TestDecideCreate(t *testing.T) {
	var (
		priyaUser = meeting.User{ID: 1}
		danaUser  = meeting.User{ID: 2}
		created   = ending{state: meeting.AttemptDone, outcome: meeting.OutcomeCreated, origin: meeting.Created}
		confirmed = ending{state: meeting.AttemptDone, outcome: meeting.OutcomeConfirmed, origin: meeting.Created}
		found     = ending{state: meeting.AttemptDone, outcome: meeting.OutcomeFound, origin: meeting.Found}
		taken     = failed(meeting.ReasonOrganizerHas)

		refused  = &graph.Error{Kind: graph.Refused, Reason: meeting.ReasonForbidden}
		noAnswer = &graph.Error{Kind: graph.Unsure, Reason: meeting.ReasonNoAnswer}
		unknown  = &meeting.Error{Code: meeting.NotFound}

		sentAt     = tenOClock
		unanswered = []meeting.Call{{StartedAt: sentAt, Unsure: true}}
		refusedRun = []meeting.Call{{StartedAt: sentAt, Status: 403}}
	)
	attempt := func(by meeting.User, mode meeting.Mode, calls []meeting.Call) meeting.Attempt {
		d := savedMeeting()
		return meeting.Attempt{Actor: by, Mode: mode, Kind: meeting.KindCreate, State: meeting.AttemptUnfinished, Calls: calls,
			Asked: meeting.Asked{Subject: d.Subject, Start: d.Start, End: d.End, Attendees: []meeting.Attendee{presenter}, Options: meeting.Options{Lobby: "everyone"}}}
	}
	reply := func(createdAt time.Time, edit func(*meeting.Reply)) meeting.Reply {
		r := meeting.Reply{Details: savedMeeting()}
		r.GraphCreated, r.Attendees = createdAt, []meeting.Attendee{tomasUser}
		if edit != nil {
			edit(&r)
		}
		return r
	}
	recorded := func(maker, organizer int64, origin meeting.Origin) meeting.Meeting {
		return meeting.Meeting{Maker: meeting.User{ID: maker}, Organizer: meeting.User{ID: organizer}, Origin: origin}
	}
	const delegated, application = meeting.Delegated, meeting.Application
	for _, tt := range []struct {
		name      string
		mode      meeting.Mode
		earlier   []meeting.Attempt
		calls     []meeting.Call
		reply     meeting.Reply
		err       error
		known     bool
		recorded  meeting.Meeting
		recordErr error
		want      ending
	}{
		{name: "201", mode: delegated, reply: meeting.Reply{Created: true}, want: created},
		{name: "200", mode: delegated, reply: reply(sentAt.AddDate(0, 0, -1), nil), want: found},
		{name: "200 created just now by another program", mode: delegated, reply: reply(sentAt, nil), want: found},
		{name: "200 after an unanswered try, the desk's clock six seconds ahead", mode: application,
			calls: append(unanswered, dated(sentAt.Add(2*time.Second), -6*time.Second)), reply: reply(sentAt.Add(-6*time.Second), nil), recordErr: unknown, want: confirmed},
		{name: "200 after an unanswered try, the desk's clock an hour ahead", mode: application,
			calls: append(unanswered, dated(sentAt.Add(2*time.Second), -time.Hour)), reply: reply(sentAt.Add(-time.Hour), nil), recordErr: unknown, want: confirmed},
		{name: "200 for an older meeting, the desk's clock an hour behind", mode: application,
			calls: append(unanswered, dated(sentAt.Add(2*time.Second), time.Hour)), reply: reply(sentAt.Add(30*time.Minute), nil), recordErr: unknown, want: taken},
		{name: "200 after an unanswered try", mode: delegated, calls: unanswered, reply: reply(sentAt.Add(time.Second), nil), want: confirmed},
		{name: "200 after an unanswered try, for a meeting that was recorded before", mode: delegated, calls: unanswered, known: true, reply: reply(sentAt.Add(-time.Minute), nil), want: found},
		{name: "200 after an unanswered attempt", mode: delegated, earlier: []meeting.Attempt{attempt(danaUser, delegated, unanswered)}, reply: reply(sentAt, nil), want: confirmed},
		{name: "200 after a crash", mode: delegated, reply: reply(sentAt, nil), want: confirmed,
			earlier: []meeting.Attempt{{Actor: danaUser, Mode: delegated, Kind: meeting.KindCreate, State: meeting.AttemptPending, UpdatedAt: sentAt}}},
		{name: "200 after a refused attempt", mode: delegated, earlier: []meeting.Attempt{attempt(danaUser, delegated, refusedRun)}, reply: reply(sentAt, nil), want: found},
		{name: "200 after somebody else's unanswered attempt", mode: delegated, earlier: []meeting.Attempt{attempt(priyaUser, delegated, unanswered)}, reply: reply(sentAt, nil), want: found},
		{name: "200 after an unanswered attempt in the other mode", mode: delegated, earlier: []meeting.Attempt{attempt(danaUser, application, unanswered)}, reply: reply(sentAt, nil), want: found},
		{name: "200 of a meeting as old as clocks may differ", mode: delegated, calls: unanswered, reply: reply(sentAt.Add(-5*time.Minute), nil), want: confirmed},
		{name: "200 of an older meeting", mode: delegated, calls: unanswered, reply: reply(sentAt.Add(-5*time.Minute-time.Millisecond), nil), want: found},
		{name: "200, earliest unanswered call counts", mode: delegated, earlier: []meeting.Attempt{attempt(danaUser, delegated, unanswered)},
			calls: []meeting.Call{{StartedAt: sentAt.Add(time.Hour), Unsure: true}}, reply: reply(sentAt, nil), want: confirmed},

		{name: "refused", mode: delegated, err: refused, want: failed(meeting.ReasonForbidden)},
		{name: "no answer", mode: delegated, err: noAnswer, want: ending{state: meeting.AttemptUnfinished, reason: meeting.ReasonNoAnswer}},
		{name: "refused after an unanswered try", mode: delegated, calls: unanswered, err: refused, want: ending{state: meeting.AttemptUnfinished, reason: meeting.ReasonForbidden}},
		{name: "refused after an unanswered attempt", mode: delegated, earlier: []meeting.Attempt{attempt(danaUser, delegated, unanswered)}, err: refused,
			want: ending{state: meeting.AttemptUnfinished, reason: meeting.ReasonForbidden}},
		{name: "refused after somebody else's unanswered attempt", mode: delegated, earlier: []meeting.Attempt{attempt(priyaUser, delegated, unanswered)}, err: refused, want: failed(meeting.ReasonForbidden)},

		// In application mode, a meeting belongs to the actor only if one of the actor's
		// own attempts created it.
		{name: "application: 201", mode: application, reply: meeting.Reply{Created: true}, recordErr: unknown, want: created},
		{name: "application: 201, record not readable", mode: application, reply: meeting.Reply{Created: true}, recordErr: errors.New("disk"), want: created},
		{name: "application: 200 of an unknown meeting", mode: application, reply: reply(sentAt, nil), recordErr: unknown, want: taken},
		{name: "application: 200 of the actor's own", mode: application, reply: reply(sentAt, nil), recorded: recorded(2, 3, meeting.Created), want: found},
		{name: "application: 200 of the actor's, found and not created", mode: application, reply: reply(sentAt, nil), recorded: recorded(2, 3, meeting.Found), want: taken},
		{name: "application: 200 of the actor's, not confirmed", mode: application, reply: reply(sentAt, nil), recorded: recorded(2, 3, ""), want: taken},
		{name: "application: 200 of a colleague's", mode: application, reply: reply(sentAt, nil), recorded: recorded(1, 3, meeting.Created), want: taken},
		{name: "application: 200 of the organizer's own", mode: application, reply: reply(sentAt, nil), recorded: recorded(2, 2, meeting.Created), want: taken},
		{name: "application: 200, record not readable", mode: application, reply: reply(sentAt, nil), recorded: recorded(2, 3, meeting.Created), recordErr: errors.New("disk"), want: taken},
		{name: "application: unanswered and as asked", mode: application, calls: unanswered, reply: reply(sentAt, nil), recordErr: unknown, want: confirmed},
		{name: "application: unanswered and as asked, in a channel", mode: application, calls: unanswered, recordErr: unknown, want: confirmed,
			reply: reply(sentAt, func(r *meeting.Reply) { r.ThreadID, r.Attendees = "19:abc@thread.tacv2", nil })},
		{name: "application: unanswered and as asked, list missing", mode: application, calls: unanswered, recordErr: unknown, want: confirmed,
			reply: reply(sentAt, func(r *meeting.Reply) { r.Lacks, r.Attendees = []string{"participants"}, nil })},
		{name: "application: unanswered, other subject", mode: application, calls: unanswered, recordErr: unknown, want: taken,
			reply: reply(sentAt, func(r *meeting.Reply) { r.Subject = "Salary" })},
		{name: "application: as an earlier unanswered attempt asked", mode: application, earlier: []meeting.Attempt{asking("Salary", attempt(danaUser, application, unanswered))},
			recordErr: unknown, reply: reply(sentAt, func(r *meeting.Reply) { r.Subject = "Salary" }), want: confirmed},
		{name: "application: as an earlier refused attempt asked", mode: application, calls: unanswered, earlier: []meeting.Attempt{asking("Salary", attempt(danaUser, application, refusedRun))},
			recordErr: unknown, reply: reply(sentAt, func(r *meeting.Reply) { r.Subject = "Salary" }), want: taken},
		{name: "application: as a colleague's earlier attempt asked", mode: application, calls: unanswered, earlier: []meeting.Attempt{asking("Salary", attempt(priyaUser, application, unanswered))},
			recordErr: unknown, reply: reply(sentAt, func(r *meeting.Reply) { r.Subject = "Salary" }), want: taken},
		{name: "application: unanswered, other people", mode: application, calls: unanswered, recordErr: unknown, want: taken,
			reply: reply(sentAt, func(r *meeting.Reply) { r.Attendees = nil })},
		{name: "application: unanswered, record not readable", mode: application, calls: unanswered, reply: reply(sentAt, nil), recordErr: errors.New("disk"), want: taken},
		{name: "application: unanswered, recorded as a colleague's", mode: application, calls: unanswered, reply: reply(sentAt, nil), recorded: recorded(1, 3, meeting.Created), want: taken},
		{name: "application: unanswered, recorded as the actor's", mode: application, calls: unanswered, reply: reply(sentAt, nil), recorded: recorded(2, 3, meeting.Created), want: confirmed},
		{name: "application: older than clocks may differ", mode: application, calls: unanswered, reply: reply(sentAt.Add(-6*time.Second), nil), recordErr: unknown, want: taken},
		{name: "application: refused", mode: application, err: refused, want: failed(meeting.ReasonForbidden)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := createFacts{attempt: attempt(danaUser, tt.mode, nil), earlier: tt.earlier, calls: tt.calls, known: tt.known, reply: tt.reply, err: tt.err,
				recorded: tt.recorded, recordErr: tt.recordErr}
			if got := decideCreate(f); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func asking(subject string, a meeting.Attempt) meeting.Attempt {
	a.Asked.Subject = subject
	return a
}

// isAsAsked also compares the values that the desk proposed, because the unanswered call
// sent them.
func TestIsAsAskedComparesWhatNobodyTyped(t *testing.T) {
	d := savedMeeting()
	asked := meeting.Asked{Subject: "Proposed by the desk", Start: d.Start, End: d.End, Attendees: d.Attendees, Unasked: []meeting.Difference{meeting.DifferentSubject}}
	if isAsAsked(asked, meeting.Reply{Details: d}) {
		t.Error("isAsAsked accepts a meeting with a different subject")
	}
}
