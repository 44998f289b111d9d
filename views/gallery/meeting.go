package gallery

import (
	"strings"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func meetingSamples(l Look) []Sample {
	p := l.page(Priya, "INC0012345", paths.Meeting(7))
	start := time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC)
	m := Live(7, "INC0012345", "Laptop does not start after the update", start, Priya)
	show := func(name string, m meeting.Meeting, attempts ...meeting.Attempt) Sample {
		return Sample{"meeting-" + name, views.Meeting(p, Own(m, attempts...))}
	}
	created := First(m)
	found := Attempt(m, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeFound, "", Call(200, ""))
	found.Asked.Subject, found.Asked.Start, found.Asked.Attendees = "Laptop again", start.Add(time.Hour), []meeting.Attendee{{UPN: "dana@contoso.example", Name: "Dana Whitfield"}}
	found.Asked.Options, found.Asked.ThreadID = meeting.Options{Lobby: "invited", Record: meeting.On}, "19:general@thread.tacv2"
	other := found.Asked.Differences(m.Details)
	wanted := form.Form{
		Subject: "Laptop again", Date: "2027-03-03", Start: "11:00", End: "10:30", TimeZone: "Europe/Lisbon", FormID: "f-2", Attendees: "Dana Whitfield <dana@contoso.example>",
		Options: found.Asked.Options,
	}
	data := func(d views.MeetingData) views.MeetingData {
		d.Meeting, d.Zone = m, Lisbon
		return d
	}
	list := []Sample{
		show("created", m, created),
		show("confirmed", m, Attempt(m, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeConfirmed, "", Call(0, ""), Call(200, ""))),
		show("updated", m, Attempt(m, meeting.KindUpdate, meeting.AttemptDone, meeting.OutcomeUpdated, "", Call(200, "")), created),
		show("update-failed", m, Attempt(m, meeting.KindUpdate, meeting.AttemptFailed, "", meeting.ReasonThrottled, Call(429, "UnknownError")), created),
		show("update-unfinished", m, Attempt(m, meeting.KindUpdate, meeting.AttemptUnfinished, "", meeting.ReasonChanged, Call(0, "")), created),
		show("pending", Waiting(m), Attempt(m, meeting.KindCreate, meeting.AttemptPending, "", "")),
		show("dismissed", Unconfirmed(m, meeting.Unfinished), Attempt(m, meeting.KindCreate, meeting.AttemptDismissed, "", meeting.ReasonNoAnswer, Call(0, ""))),
		show("removed", over(m, meeting.Removed), Attempt(m, meeting.KindRemove, meeting.AttemptDone, meeting.OutcomeRemoved, "", Call(204, ""))),
		show("replaced", over(m, meeting.Replaced), Attempt(m, meeting.KindRefresh, meeting.AttemptFailed, "", meeting.ReasonNotFound, Call(404, ""))),
		{"meeting-found", views.Meeting(p, data(views.MeetingData{Attempts: []meeting.Attempt{found}, Done: found.ID, Now: Now, CanChange: true, Compared: found, Differences: other, Change: wanted, BaseReply: 12, AnotherID: "INC0012345~2"}))},
		{"meeting-past", views.Meeting(p, data(views.MeetingData{Attempts: []meeting.Attempt{created}, CanChange: true, Past: true, AnotherID: "INC0012345~2"}))},
	}
	long := Live(8, strings.Repeat("A1-", 85)+"Z", strings.Repeat("W", 255), start, Tomas)
	long.Start, long.End, long.Expires = start.Add(13*time.Hour+30*time.Minute), start.Add(14*time.Hour+30*time.Minute), start.Add(60*24*time.Hour)
	long.Attendees = append(long.Attendees, meeting.Attendee{UPN: strings.Repeat("very.long.name.", 15) + "@contoso.example", Role: meeting.RoleCoorganizer})
	list = append(list, show("long", long, Attempt(long, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeCreated, "", Call(201, ""))))
	for _, reason := range []meeting.Reason{
		meeting.ReasonRefused, meeting.ReasonBadRequest, meeting.ReasonForbidden, meeting.ReasonScope,
		meeting.ReasonThrottled, meeting.ReasonBusy, meeting.ReasonWait, meeting.ReasonSignIn, meeting.ReasonUnreachable,
		meeting.ReasonProxy, meeting.ReasonClaims, meeting.ReasonPayment, meeting.ReasonTLS, meeting.ReasonBetaOff,
		meeting.ReasonAppToken, meeting.ReasonAppScope, meeting.ReasonAppSetup, meeting.ReasonAppOff,
		meeting.ReasonNoOrganizer, meeting.ReasonNotAllowed, meeting.ReasonOrganizerHas, meeting.ReasonSetup,
		meeting.ReasonDesk, meeting.ReasonLate,
	} {
		list = append(list, show("failed-"+nameOf(reason), Unconfirmed(m, meeting.Failed), Attempt(m, meeting.KindCreate, meeting.AttemptFailed, "", reason, Call(403, "Forbidden"))))
	}
	for _, reason := range []meeting.Reason{
		meeting.ReasonNoAnswer, meeting.ReasonGarbled, meeting.ReasonNotGraph, meeting.ReasonServerError,
		meeting.ReasonStopped,
	} {
		list = append(list, show("unfinished-"+nameOf(reason), Unconfirmed(m, meeting.Unfinished), Attempt(m, meeting.KindCreate, meeting.AttemptUnfinished, "", reason, Call(0, ""))))
	}
	return list
}

// nameOf returns a reason without the prefix "reason.", for use in sample names.
func nameOf(reason meeting.Reason) string { return strings.TrimPrefix(string(reason), "reason.") }
