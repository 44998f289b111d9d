package views

import (
	"slices"

	"meetdesk/meeting"
)

// stands describes the meeting's state to people who cannot change the meeting, and, once it
// has ended, to everybody. If another user made the newest attempt that concerns the
// meeting itself and can retry it, the text may say so.
func (d MeetingData) stands(p Page) string {
	until, _ := d.Meeting.LinkLasts()
	key := "stands." + d.standing()
	sentence := p.T.T(key, meeting.Args{
		"Start": p.T.DateTime(d.Meeting.Start, d.shownIn(p)), "End": p.T.DateTime(d.Meeting.End, d.shownIn(p)), "Until": p.T.Date(until, d.shownIn(p)),
	})
	if a := d.tried(); a.CanRetry() && a.Actor.ID != p.User.ID && p.T.Has(key+".ask") {
		sentence += " " + p.T.T(key+".ask", meeting.Args{"Name": a.Actor.DisplayName()})
	}
	return sentence
}

// standing returns the last part of the catalogue key for the meeting's state; see stands.
func (d MeetingData) standing() string {
	m := d.Meeting
	switch {
	case d.gone():
		return "gone"
	case m.State == meeting.Unfinished && d.tried().Waiting(d.Now):
		return "pending"
	case m.State != meeting.Live:
		return string(m.State)
	case m.Start.IsZero() || m.End.IsZero():
		return "no_time"
	case d.Now.Before(m.Start):
		return "upcoming"
	case !m.Ended(d.Now):
		return "now"
	}
	return d.linkStanding()
}

// linkStanding is like standing, but for a meeting that has ended. The result depends on
// whether the join link still works and whether Microsoft said how long it would.
func (d MeetingData) linkStanding() string {
	switch until, said := d.Meeting.LinkLasts(); {
	case d.Now.After(until):
		return "over.expired"
	case said:
		return "over"
	}
	return "over.expected"
}

// tried returns the newest attempt that is about the meeting rather than an option, or a
// zero Attempt.
func (d MeetingData) tried() meeting.Attempt {
	for _, a := range d.Attempts {
		if a.Concern() == meeting.ConcernMeeting {
			return a
		}
	}
	return meeting.Attempt{}
}

// Waits reports whether one of the meeting's attempts is running.
func (d MeetingData) Waits() bool {
	return slices.ContainsFunc(d.Attempts, func(a meeting.Attempt) bool { return a.Waiting(d.Now) })
}
