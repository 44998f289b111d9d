package gallery

import (
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

// newsSamples returns meeting pages with less common banners, such as those about options,
// roles, refreshes and removals.
func newsSamples(l Look) []Sample {
	p := l.page(Priya, "INC0012345", paths.Meeting(7))
	m := Live(7, "INC0012345", "Laptop does not start after the update", time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC), Priya)
	m.Options = meeting.Options{Lobby: "organization", Presenters: "somethingNew", Announce: meeting.Off, Record: meeting.On}
	m.Attendees = append(m.Attendees, meeting.Attendee{UPN: "dana@contoso.example", Name: "Dana Whitfield", ObjectID: "11111111-aaaa-4bbb-8ccc-000000000003"})
	created := First(m)
	show := func(name string, attempts ...meeting.Attempt) Sample {
		return Sample{"meeting-" + name, views.Meeting(p, Own(m, append(attempts, created)...))}
	}
	with := func(name string, d views.MeetingData, change func(*views.MeetingData)) Sample {
		change(&d)
		return Sample{"meeting-" + name, views.Meeting(p, d)}
	}
	of := func(kind meeting.Kind, state meeting.AttemptState, outcome meeting.Outcome, reason meeting.Reason, calls ...meeting.Call) meeting.Attempt {
		return Attempt(m, kind, state, outcome, reason, calls...)
	}
	lobby := option(m, 43, meeting.OptionLobby, "invited", meeting.AttemptFailed, "", meeting.ReasonForbidden, Call(403, "Forbidden"))
	record := option(m, 44, meeting.OptionRecord, meeting.On, meeting.AttemptDone, meeting.OutcomeSet, "", Call(200, ""))
	read := of(meeting.KindRefresh, meeting.AttemptDone, meeting.OutcomeRead, "", Call(200, ""))
	found := of(meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeFound, "", Call(200, ""))
	accepted := found
	accepted.Accepted = true
	challenge := Call(401, "InvalidAuthenticationToken")
	challenge.Claims = `{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}`
	waiting, filtered := Call(429, "UnknownError"), Call(403, "")
	waiting.RetryAt = Now.Add(10 * time.Minute)
	filtered.RequestID, filtered.Unsure, filtered.Message = "", true, "text/html: <title>Access denied</title>"
	now := m.Details
	now.Subject, now.Start, now.Attendees, now.Options.Lobby = "Laptop, second try", m.Start.Add(time.Hour), m.Attendees[:1], "everyone"
	changed := m
	changed.Details = now

	joined := m
	joined.Attendees = append(joined.Attendees, NotAccounts()...)

	theirs := m
	theirs.Organizer = Tomas
	theirs.Maker = Dana
	denied := Attempt(Unconfirmed(theirs, meeting.Failed), meeting.KindCreate, meeting.AttemptFailed, "", meeting.ReasonPolicy, Call(403, "Forbidden"))
	denied.Actor, denied.Mode = Dana, meeting.Application
	forTomas := Own(Unconfirmed(theirs, meeting.Failed), denied)
	forTomas.AppClientID = "22222222-aaaa-4bbb-8ccc-000000000009"
	adopted := m
	adopted.Origin, adopted.ThreadID = meeting.Adopted, "19:general@thread.tacv2"

	return []Sample{
		show("lobby-failed", lobby),
		show("option-set", record, lobby),
		show("option-pending", option(m, 45, meeting.OptionAnnounce, meeting.On, meeting.AttemptPending, "", "")),
		show("roles", withRoles(m, 46, "", meeting.AttemptDone, meeting.OutcomeSet, "", Call(200, ""))),
		show("roles-failed", withRoles(m, 46, "", meeting.AttemptFailed, "", meeting.ReasonList, Call(200, ""))),
		show("roles-unfinished", withRoles(m, 46, meeting.PresentersByRole, meeting.AttemptUnfinished, "", meeting.ReasonNoAnswer, Call(0, ""))),
		with("joined", Own(joined, created), func(*views.MeetingData) {}),
		show("option-unfinished", option(m, 45, meeting.OptionPresenters, "roleIsPresenter", meeting.AttemptUnfinished, "", meeting.ReasonNoAnswer, Call(0, ""))),
		show("remove-failed", of(meeting.KindRemove, meeting.AttemptFailed, "", meeting.ReasonConflict, Call(409, "Conflict"))),
		show("remove-unfinished", of(meeting.KindRemove, meeting.AttemptUnfinished, "", meeting.ReasonNoAnswer, Call(0, ""))),
		show("remove-pending", of(meeting.KindRemove, meeting.AttemptPending, "", "")),
		show("update-pending", of(meeting.KindUpdate, meeting.AttemptPending, "", "")),
		show("refresh-pending", of(meeting.KindRefresh, meeting.AttemptPending, "", "")),
		show("refresh-failed", of(meeting.KindRefresh, meeting.AttemptFailed, "", meeting.ReasonNoAnswer, Call(0, ""))),
		show("refresh-unfinished", of(meeting.KindRefresh, meeting.AttemptUnfinished, "", meeting.ReasonStopped)),
		show("claims", of(meeting.KindUpdate, meeting.AttemptFailed, "", meeting.ReasonClaims, challenge)),
		with("waiting", Own(m, of(meeting.KindUpdate, meeting.AttemptFailed, "", meeting.ReasonThrottled, waiting), created), func(d *views.MeetingData) { d.Until, d.Now = waiting.RetryAt, Now }),
		show("not-graph", of(meeting.KindUpdate, meeting.AttemptUnfinished, "", meeting.ReasonNotGraph, filtered)),
		show("read", read),
		{"meeting-accepted", views.Meeting(p, Own(m, accepted))},
		with("unchanged", Own(m, read, created), func(d *views.MeetingData) { d.Looked = true }),
		with("changed", Own(changed, read, created), func(d *views.MeetingData) { d.Looked, d.Changes = true, m.Changes(now) }),
		with("colleagues", Own(m, created), func(d *views.MeetingData) { d.Colleagues = Colleagues() }),
		with("kit", views.MeetingData{Meeting: theirs, Attempts: []meeting.Attempt{created}, Zone: Lisbon}, func(d *views.MeetingData) {
			d.KitOnly, d.People.Now = true, []meeting.HandedOver{{Person: Priya, Since: Now.Add(-time.Hour)}}
		}),
		with("access", Own(m, created), func(d *views.MeetingData) { d.Manages, d.People = true, AccessTo() }),
		with("others-attempt", Own(m, of(meeting.KindUpdate, meeting.AttemptFailed, "", meeting.ReasonBusy, Call(503, "")), created), func(d *views.MeetingData) { d.Retryable, d.Attempts[0].Actor = nil, Dana }),
		with("not-now", Own(m, of(meeting.KindUpdate, meeting.AttemptFailed, "", meeting.ReasonBusy, Call(503, "")), created), func(d *views.MeetingData) { d.Retryable = nil }),
		{"meeting-policy", views.Meeting(l.page(Dana, "INC0012345", paths.Meeting(7)), forTomas)},
		{"meeting-adopted", views.Meeting(p, Own(adopted, of(meeting.KindRefresh, meeting.AttemptDone, meeting.OutcomeAdopted, "", Call(200, ""))))},
	}
}
