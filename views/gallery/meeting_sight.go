package gallery

import (
	"net/url"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

// sightSamples returns pages of meetings that the help desk can view but not change.
func sightSamples(l Look) []Sample {
	p := l.page(Dana, "INC0012345", paths.Meeting(7))
	m := Live(7, "INC0012345", "Laptop does not start after the update", time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC), Priya)
	created := First(m)
	show := func(name string, m meeting.Meeting, attempts ...meeting.Attempt) Sample {
		d := views.MeetingData{Meeting: m, Attempts: attempts, Zone: Lisbon, Now: Now, HelpDesk: true, AnotherID: "INC0012345~5", List: url.Values{"q": {"inc 12345"}}}
		d.Before, d.After = ofTicket(m)
		return Sample{"meeting-sight-" + name, views.Meeting(p, d)}
	}
	at := func(start time.Time) meeting.Meeting {
		m := m
		m.Start, m.End = start, start.Add(30*time.Minute)
		return m
	}
	told := at(Now.Add(-3 * time.Hour))
	told.Expires = Now.Add(50 * 24 * time.Hour)
	timeless := m
	timeless.Start, timeless.End = time.Time{}, time.Time{}
	failed, unfinished := Unconfirmed(m, meeting.Failed), Unconfirmed(m, meeting.Unfinished)
	create := func(state meeting.AttemptState, reason meeting.Reason, calls ...meeting.Call) meeting.Attempt {
		return Attempt(m, meeting.KindCreate, state, "", reason, calls...)
	}
	many := created
	for range 25 {
		many.Calls = append(many.Calls, Call(503, "UnknownError"))
	}
	adopted := views.MeetingData{Meeting: m, Attempts: []meeting.Attempt{Attempt(m, meeting.KindRefresh, meeting.AttemptDone, meeting.OutcomeAdopted, "", Call(200, ""))}, Zone: Lisbon, Now: Now, HelpDesk: true, List: url.Values{"state": {"upcoming"}}}
	adopted.Meeting.Origin, adopted.Meeting.ExternalID = meeting.Adopted, ""
	return []Sample{
		show("upcoming", m, created),
		show("now", at(Now.Add(-10*time.Minute)), created),
		show("over", told, created),
		show("over-expected", at(Now.Add(-26*time.Hour)), created),
		show("over-expired", at(Now.Add(-90*24*time.Hour)), created),
		show("no-time", timeless, created),
		show("failed", failed, create(meeting.AttemptFailed, meeting.ReasonSignIn, Call(401, "InvalidAuthenticationToken"))),
		show("unfinished", unfinished, create(meeting.AttemptUnfinished, meeting.ReasonNoAnswer, Call(0, ""))),
		show("pending", Waiting(m), create(meeting.AttemptPending, "")),
		show("dismissed", unfinished, create(meeting.AttemptDismissed, meeting.ReasonNoAnswer, Call(0, ""))),
		show("found", m, Attempt(m, meeting.KindCreate, meeting.AttemptDone, meeting.OutcomeFound, "", Call(200, ""))),
		show("change-failed", m, Attempt(m, meeting.KindUpdate, meeting.AttemptFailed, "", meeting.ReasonThrottled, Call(429, "UnknownError")), many),
		show("change-unfinished", m, Attempt(m, meeting.KindUpdate, meeting.AttemptUnfinished, "", meeting.ReasonNoAnswer, Call(0, "")), created),
		show("gone", m, Attempt(m, meeting.KindRefresh, meeting.AttemptFailed, "", meeting.ReasonNotFound, Call(404, "")), created),
		show("removed", over(m, meeting.Removed), Attempt(m, meeting.KindRemove, meeting.AttemptDone, meeting.OutcomeRemoved, "", Call(204, "")), created),
		show("replaced", over(m, meeting.Replaced), created),
		noted(p, m, Attempt(m, meeting.KindUpdate, meeting.AttemptFailed, "", meeting.ReasonThrottled, Call(429, "UnknownError")), created),
		{"meeting-sight-adopted", views.Meeting(p, adopted)},
	}
}

// noted returns the page of a meeting with several notes, as shown to the help desk after a
// search.
func noted(p views.Page, m meeting.Meeting, attempts ...meeting.Attempt) Sample {
	d := views.MeetingData{Meeting: m, Attempts: attempts, Zone: Lisbon, Now: Now, HelpDesk: true, List: url.Values{"q": {"inc 12345"}}}
	for i, text := range []string{"The caller reports that the link does not open in the browser of the meeting room, and that the passcode is refused.", "Reported as not working, 10:42", "Called back"} {
		d.Notes = append(d.Notes, meeting.Note{ID: int64(9 - i), Kind: meeting.Remark, Text: text, Author: Dana, At: Now.Add(-time.Duration(i) * time.Hour)})
	}
	d.Before, d.After = ofTicket(m)
	return Sample{"meeting-sight-noted", views.Meeting(p, d)}
}

func ofTicket(m meeting.Meeting) (before, after []meeting.Meeting) {
	first := Live(5, "INC0012345", m.Subject, Now.Add(-9*24*time.Hour), Tomas)
	second := over(Live(6, "INC0012345~2", m.Subject, Now.Add(-5*24*time.Hour), Priya), meeting.Removed)
	next := Live(9, "INC0012345~3", m.Subject, Now.Add(9*24*time.Hour), Dana)
	last := Unconfirmed(Live(10, "INC0012345~4", m.Subject, time.Time{}, Tomas), meeting.Unfinished)
	last.Start, last.End = time.Time{}, time.Time{}
	return []meeting.Meeting{first, second}, []meeting.Meeting{next, last}
}
