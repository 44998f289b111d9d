package views

import "meetdesk/meeting"

// acts returns the newest completed attempt for each outcome, newest first. All attempts
// that set options have the same outcome, so only the newest of them is included.
func (d MeetingData) acts() (acts []meeting.Attempt) {
	seen := make(map[meeting.Outcome]bool)
	for _, a := range d.Attempts {
		if a.State == meeting.AttemptDone && a.Outcome != "" && !seen[a.Outcome] {
			acts = append(acts, a)
		}
		seen[a.Outcome] = true
	}
	return acts
}

func (d MeetingData) actBy(p Page, a meeting.Attempt) string {
	return p.T.T("acts.by", meeting.Args{"Name": a.Actor.DisplayName(), "When": d.dayAndTime(p, a.UpdatedAt)})
}
