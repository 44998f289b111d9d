package views

import "meetdesk/meeting"

// acts returns the newest done attempt of each outcome, newest first, for the lines in
// the list of facts that say who did what and when. The attempts that set options are
// one line.
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
