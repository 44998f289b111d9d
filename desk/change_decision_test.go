package desk

import (
	"fmt"
	"net/http"
	"reflect"
	"testing"
	"time"

	"meetdesk/graph"
	"meetdesk/meeting"
)

var (
	tenOClock = time.Date(2030, 3, 4, 10, 0, 0, 0, time.UTC)
	danaUser  = meeting.Attendee{UPN: "dana@contoso.example", Name: "Dana Whitfield"}
	tomasUser = meeting.Attendee{UPN: "tomas@contoso.example", Name: "Tomás Reyes"}
	presenter = meeting.Attendee{UPN: tomasUser.UPN, Name: tomasUser.Name, Role: meeting.RolePresenter}
	newest    = []byte(`{"id":"M1"}`) // Graph's newest reply
)

func savedMeeting() meeting.Details {
	return meeting.Details{
		GraphID: "M1", Subject: "Printer on fire", Start: tenOClock, End: tenOClock.Add(time.Hour), Attendees: []meeting.Attendee{danaUser},
		Options: meeting.Options{Lobby: "organization", Presenters: "everyone"},
	}
}

// crowd returns the longest list of attendees that Graph includes in a reply. Such a list
// may be incomplete.
func crowd() (people []meeting.Attendee) {
	for i := range meeting.FullList {
		people = append(people, meeting.Attendee{UPN: fmt.Sprintf("person%d@contoso.example", i)})
	}
	return people
}

func update(edit func(*meeting.Asked)) meeting.Attempt {
	d := savedMeeting()
	a := meeting.Attempt{Kind: meeting.KindUpdate, Asked: meeting.Asked{Subject: d.Subject, Start: d.Start, End: d.End, Attendees: d.Attendees}}
	edit(&a.Asked)
	return a
}

func setOption(o meeting.Option, value string) meeting.Attempt {
	return meeting.Attempt{Kind: meeting.KindUpdate, Asked: meeting.Asked{Options: meeting.Options{}.With(o, value)}}
}

func setRoles(people ...meeting.Attendee) meeting.Attempt {
	return meeting.Attempt{Kind: meeting.KindUpdate, Asked: meeting.WithRoles(people, "")}
}

func patchOf(p graph.Patch) changeDecision { return changeDecision{step: sendPatch, patch: p} }

func doneAs(o meeting.Outcome) changeDecision {
	return record(ending{state: meeting.AttemptDone, outcome: o})
}

func unfinishedFor(reason meeting.Reason) changeDecision {
	return record(ending{state: meeting.AttemptUnfinished, reason: reason})
}

func people(list ...meeting.Attendee) *graph.People {
	return &graph.People{Attendees: list, Current: newest}
}

func refusal(status int, reason meeting.Reason) error {
	return &graph.Error{Kind: graph.Refused, Status: status, Reason: reason}
}

func TestDecideChange(t *testing.T) {
	var (
		removal    = meeting.Attempt{Kind: meeting.KindRemove}
		rename     = update(func(a *meeting.Asked) { a.Subject = "Printer is fine" })
		invite     = update(func(a *meeting.Asked) { a.Attendees = []meeting.Attendee{danaUser, tomasUser} })
		keepPeople = update(func(a *meeting.Asked) { a.Subject, a.KeepPeople, a.Attendees = "Printer is fine", true, nil })
		lobby      = setOption(meeting.OptionLobby, "everyone")
		byRole     = setOption(meeting.OptionPresenters, meeting.PresentersByRole)
		roles      = setRoles(danaUser, presenter)

		missing    = refusal(http.StatusNotFound, meeting.ReasonNotFound)
		forbidden  = refusal(http.StatusForbidden, meeting.ReasonForbidden)
		notGraph   = &graph.Error{Kind: graph.Unsure, Status: http.StatusNotFound, Reason: meeting.ReasonNotGraph}
		noAnswer   = &graph.Error{Kind: graph.Unsure, Reason: meeting.ReasonNoAnswer}
		answered   = []meeting.Call{{Method: http.MethodGet, Status: 500}}
		unanswered = []meeting.Call{{Method: http.MethodPatch, Unsure: true}, {Method: http.MethodGet, Status: 500}}

		renamed    = func(r *meeting.Reply) { r.Subject = "Somebody else's subject" }
		moved      = func(r *meeting.Reply) { r.Start, r.End = r.Start.Add(time.Hour), r.End.Add(time.Hour) }
		earlier    = func(r *meeting.Reply) { r.Start = r.Start.Add(-time.Hour) }
		longer     = func(r *meeting.Reply) { r.End = r.End.Add(time.Hour) }
		othersList = func(r *meeting.Reply) { r.Attendees = []meeting.Attendee{tomasUser} }
		opened     = func(r *meeting.Reply) { r.Options.Lobby = "invited" }
		crowded    = func(r *meeting.Reply) { r.Attendees = crowd() }
		noList     = func(r *meeting.Reply) { r.Lacks = []string{"participants"} }
		channel    = func(r *meeting.Reply) { r.ThreadID, r.Attendees = "19:abc@thread.tacv2", nil }
		byRoleNow  = func(r *meeting.Reply) { r.Options.Presenters = meeting.PresentersByRole }
		baseCrowd  = func(d *meeting.Details) { d.Attendees = crowd() }
		baseAlone  = func(d *meeting.Details) { d.Attendees = nil }
		subject    = "Printer is fine"
	)
	for _, tt := range []struct {
		name    string
		attempt meeting.Attempt
		calls   []meeting.Call         // the calls of earlier runs
		base    func(*meeting.Details) // how the meeting that the person saw differs from savedMeeting
		now     func(*meeting.Reply)   // how Graph's meeting differs from savedMeeting
		err     error
		want    changeDecision
	}{
		// Graph did not return the meeting.
		{name: "removal, missing at first", attempt: removal, err: missing, want: changeDecision{step: sendDelete}},
		{name: "removal, missing on a retry", attempt: removal, calls: answered, err: missing, want: doneAs(meeting.OutcomeRemoved)},
		{name: "removal, missing after an unanswered DELETE", attempt: removal, calls: unanswered, err: missing, want: doneAs(meeting.OutcomeRemoved)},
		{name: "removal, a 404 that is not Graph's", attempt: removal, err: notGraph, want: record(failed(meeting.ReasonNotGraph))},
		{name: "removal, a 404 that is not Graph's after an unanswered DELETE", attempt: removal, calls: unanswered, err: notGraph, want: unfinishedFor(meeting.ReasonNotGraph)},
		{name: "removal, refused", attempt: removal, err: forbidden, want: record(failed(meeting.ReasonForbidden))},
		{name: "update, missing", attempt: rename, err: missing, want: record(failed(meeting.ReasonNotFound))},
		{name: "update, missing after an unanswered PATCH", attempt: rename, calls: unanswered, err: missing, want: record(failed(meeting.ReasonNotFound))},
		{name: "update, no answer", attempt: rename, err: noAnswer, want: record(failed(meeting.ReasonNoAnswer))},
		{name: "update, refused on a retry", attempt: rename, calls: answered, err: forbidden, want: record(failed(meeting.ReasonForbidden))},
		{name: "update, refused after an unanswered PATCH", attempt: rename, calls: unanswered, err: forbidden, want: unfinishedFor(meeting.ReasonForbidden)},
		{name: "option, missing", attempt: lobby, err: missing, want: record(failed(meeting.ReasonNotFound))},
		{name: "option, no answer after an unanswered PATCH", attempt: lobby, calls: unanswered, err: noAnswer, want: unfinishedFor(meeting.ReasonNoAnswer)},

		// A meeting is removed only if its subject, times and people have not changed
		// since the person saw it.
		{name: "removal, as the person saw it", attempt: removal, want: changeDecision{step: sendDelete}},
		{name: "removal, subject changed", attempt: removal, now: renamed, want: record(failed(meeting.ReasonChanged))},
		{name: "removal, moved", attempt: removal, now: moved, want: record(failed(meeting.ReasonChanged))},
		{name: "removal, start changed", attempt: removal, now: earlier, want: record(failed(meeting.ReasonChanged))},
		{name: "removal, end changed", attempt: removal, now: longer, want: record(failed(meeting.ReasonChanged))},
		{name: "removal, people changed", attempt: removal, now: othersList, want: record(failed(meeting.ReasonChanged))},
		{name: "removal, option changed", attempt: removal, now: opened, want: changeDecision{step: sendDelete}},
		{name: "removal on a retry", attempt: removal, calls: unanswered, want: changeDecision{step: sendDelete}},

		// Changes to an option or to the roles.
		{name: "option, set already", attempt: setOption(meeting.OptionLobby, "organization"), want: doneAs(meeting.OutcomeSet)},
		{name: "option, set by somebody else in between", attempt: setOption(meeting.OptionLobby, "invited"), now: opened, want: doneAs(meeting.OutcomeSet)},
		{name: "option, as the person saw it", attempt: lobby, want: patchOf(graph.Patch{Options: meeting.Options{Lobby: "everyone"}})},
		{name: "option, changed", attempt: lobby, now: opened, want: record(failed(meeting.ReasonChanged))},
		{name: "option, another one changed", attempt: lobby, now: byRoleNow, want: patchOf(graph.Patch{Options: meeting.Options{Lobby: "everyone"}})},
		{name: "option, people changed", attempt: lobby, now: othersList, want: patchOf(graph.Patch{Options: meeting.Options{Lobby: "everyone"}})},
		{name: "option without a list, list cut", attempt: lobby, now: crowded, want: patchOf(graph.Patch{Options: meeting.Options{Lobby: "everyone"}})},
		{name: "option without a list, list missing", attempt: lobby, now: noList, want: patchOf(graph.Patch{Options: meeting.Options{Lobby: "everyone"}})},
		{name: "presenters by role", attempt: byRole, now: othersList,
			want: patchOf(graph.Patch{Options: meeting.Options{Presenters: meeting.PresentersByRole}, People: people(tomasUser)})},
		{name: "presenters by role, list cut", attempt: byRole, now: crowded, want: record(failed(meeting.ReasonPeople))},
		{name: "presenters by role, list missing", attempt: byRole, now: noList, want: record(failed(meeting.ReasonList))},
		{name: "presenters by role, empty list of a channel", attempt: byRole, now: channel, want: record(failed(meeting.ReasonList))},
		{name: "presenters by role, list of a channel", attempt: byRole, now: func(r *meeting.Reply) { channel(r); r.Attendees = []meeting.Attendee{danaUser} },
			want: patchOf(graph.Patch{Options: meeting.Options{Presenters: meeting.PresentersByRole}, People: people(danaUser)})},
		{name: "presenters by role, nobody invited", attempt: byRole, now: func(r *meeting.Reply) { r.Attendees = nil },
			want: patchOf(graph.Patch{Options: meeting.Options{Presenters: meeting.PresentersByRole}, People: people()})},
		{name: "roles", attempt: roles,
			want: patchOf(graph.Patch{Options: meeting.Options{Presenters: meeting.PresentersByRole}, People: people(danaUser, presenter)})},
		{name: "roles, given already", attempt: roles, want: doneAs(meeting.OutcomeSet),
			now: func(r *meeting.Reply) { byRoleNow(r); r.Attendees = []meeting.Attendee{danaUser, presenter} }},
		{name: "roles, option set and people not", attempt: roles, base: func(d *meeting.Details) { d.Options.Presenters = meeting.PresentersByRole }, now: byRoleNow,
			want: patchOf(graph.Patch{Options: meeting.Options{Presenters: meeting.PresentersByRole}, People: people(danaUser, presenter)})},
		{name: "roles, people changed", attempt: roles, now: othersList, want: record(failed(meeting.ReasonChanged))},
		{name: "roles, option changed", attempt: roles, now: byRoleNow, want: record(failed(meeting.ReasonChanged))},
		{name: "roles, list cut", attempt: roles, base: baseCrowd, now: crowded, want: record(failed(meeting.ReasonPeople))},
		{name: "roles, list missing", attempt: roles, now: noList, want: record(failed(meeting.ReasonList))},
		{name: "roles, empty list of a channel", attempt: roles, base: baseAlone, now: channel,
			want: patchOf(graph.Patch{Options: meeting.Options{Presenters: meeting.PresentersByRole}, People: people(danaUser, presenter)})},

		// Changes to the subject, the times or the people.
		{name: "update, made already", attempt: rename, now: func(r *meeting.Reply) { r.Subject = subject }, want: doneAs(meeting.OutcomeUpdated)},
		{name: "update of nothing", attempt: update(func(*meeting.Asked) {}), want: doneAs(meeting.OutcomeUpdated)},
		{name: "update, subject changed", attempt: rename, now: renamed, want: record(failed(meeting.ReasonChanged))},
		{name: "update, moved", attempt: rename, now: moved, want: record(failed(meeting.ReasonChanged))},
		{name: "update, people changed", attempt: rename, now: othersList, want: record(failed(meeting.ReasonChanged))},
		{name: "update, option changed", attempt: rename, now: opened, want: patchOf(graph.Patch{Subject: &subject})},
		{name: "update of the subject", attempt: rename, want: patchOf(graph.Patch{Subject: &subject})},
		{name: "update of the start", attempt: update(func(a *meeting.Asked) { a.Start = tenOClock.Add(time.Minute) }),
			want: patchOf(graph.Patch{Start: tenOClock.Add(time.Minute), End: tenOClock.Add(time.Hour)})},
		{name: "update of the end", attempt: update(func(a *meeting.Asked) { a.End = tenOClock.Add(time.Minute) }),
			want: patchOf(graph.Patch{Start: tenOClock, End: tenOClock.Add(time.Minute)})},
		{name: "update of people", attempt: invite, want: patchOf(graph.Patch{People: people(danaUser, tomasUser)})},
		{name: "update of people, presenters by role and nobody presents", attempt: invite, now: byRoleNow, want: patchOf(graph.Patch{People: people(danaUser, tomasUser)})},
		{name: "update of people with a presenter, presenters by role", now: byRoleNow,
			attempt: update(func(a *meeting.Asked) { a.Attendees = []meeting.Attendee{danaUser, presenter} }),
			want:    patchOf(graph.Patch{Options: meeting.Options{Presenters: meeting.PresentersByRole}, People: people(danaUser, presenter)})},
		{name: "update of people with a presenter, everyone presents",
			attempt: update(func(a *meeting.Asked) { a.Attendees = []meeting.Attendee{danaUser, presenter} }),
			want:    patchOf(graph.Patch{People: people(danaUser, presenter)})},
		{name: "update of people, list cut since", attempt: invite, now: crowded, want: record(failed(meeting.ReasonPeople))},
		{name: "update of people, list cut before", base: baseCrowd, now: crowded, want: patchOf(graph.Patch{Subject: &subject}),
			attempt: update(func(a *meeting.Asked) { a.Subject, a.Attendees = subject, []meeting.Attendee{tomasUser} })},
		{name: "update of people, list missing", attempt: invite, now: noList, want: record(failed(meeting.ReasonList))},
		{name: "update of people, empty list of a channel", attempt: invite, base: baseAlone, now: channel, want: patchOf(graph.Patch{People: people(danaUser, tomasUser)})},
		{name: "update that keeps the people, list cut since", attempt: keepPeople, now: crowded, want: patchOf(graph.Patch{Subject: &subject})},
		{name: "update that keeps the people, list cut before", attempt: keepPeople, base: baseCrowd, now: crowded, want: patchOf(graph.Patch{Subject: &subject})},
		{name: "update that keeps the people, list missing", attempt: keepPeople, now: noList, want: patchOf(graph.Patch{Subject: &subject})},
		{name: "update with the same people, list missing", attempt: rename, now: noList, want: patchOf(graph.Patch{Subject: &subject})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := changeFacts{attempt: tt.attempt, err: tt.err}
			f.attempt.Calls = tt.calls
			if tt.err == nil {
				f.base, f.now = savedMeeting(), meeting.Reply{Details: savedMeeting(), Raw: newest}
				if tt.base != nil {
					tt.base(&f.base)
				}
				if tt.now != nil {
					tt.now(&f.now)
				}
			}
			if got := decideChange(f); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %s, want %s", describe(got), describe(tt.want))
			}
		})
	}
}

// describe formats the decision. Unlike %+v, it dereferences the pointers in the patch.
func describe(d changeDecision) string {
	subject, list := "kept", "kept"
	if d.patch.Subject != nil {
		subject = fmt.Sprintf("%q", *d.patch.Subject)
	}
	if d.patch.People != nil {
		list = fmt.Sprintf("%+v", d.patch.People.Attendees)
	}
	return fmt.Sprintf("%s subject %s, times %v–%v, options %+v, people %s; ending %+v", d.step, subject, d.patch.Start, d.patch.End, d.patch.Options, list, d.end)
}

func TestEndOfChange(t *testing.T) {
	var (
		removal  = meeting.Attempt{Kind: meeting.KindRemove}
		rename   = update(func(a *meeting.Asked) { a.Subject = "Printer is fine" })
		lobby    = setOption(meeting.OptionLobby, "everyone")
		missing  = refusal(http.StatusNotFound, meeting.ReasonNotFound)
		refused  = refusal(http.StatusForbidden, meeting.ReasonForbidden)
		noAnswer = &graph.Error{Kind: graph.Unsure, Reason: meeting.ReasonNoAnswer}
		notSent  = &graph.Error{Kind: graph.NotSent, Reason: meeting.ReasonUnreachable}
	)
	for _, tt := range []struct {
		name    string
		attempt meeting.Attempt
		err     error
		want    ending
	}{
		{"updated", rename, nil, ending{state: meeting.AttemptDone, outcome: meeting.OutcomeUpdated}},
		{"option set", lobby, nil, ending{state: meeting.AttemptDone, outcome: meeting.OutcomeSet}},
		{"removed", removal, nil, ending{state: meeting.AttemptDone, outcome: meeting.OutcomeRemoved}},
		{"removed already", removal, missing, ending{state: meeting.AttemptDone, outcome: meeting.OutcomeRemoved}},
		{"update of a missing meeting", rename, missing, failed(meeting.ReasonNotFound)},
		{"removal refused", removal, refused, failed(meeting.ReasonForbidden)},
		{"update not sent", rename, notSent, failed(meeting.ReasonUnreachable)},
		{"update unanswered", rename, noAnswer, ending{state: meeting.AttemptUnfinished, reason: meeting.ReasonNoAnswer}},
		{"removal unanswered", removal, noAnswer, ending{state: meeting.AttemptUnfinished, reason: meeting.ReasonNoAnswer}},
	} {
		if got := endOfChange(tt.attempt, tt.err); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
