package views

import (
	"cmp"
	"slices"
	"strings"

	"meetdesk/meeting"
)

// lost returns a line for each detail that would be lost by changing the meeting to match
// the compared request.
func (d MeetingData) lost(p Page) (lines []string) {
	there, wish := d.Meeting.Details, d.Compared.Wish(d.Meeting.Attendees)
	moved := false
	for _, part := range d.Differences {
		switch part {
		case meeting.DifferentSubject:
			if there.Subject != "" {
				lines = append(lines, p.T.T("compare.lost.subject", meeting.Args{"Subject": there.Subject}))
			}
		case meeting.DifferentStart, meeting.DifferentEnd:
			if !moved && !there.Start.IsZero() {
				lines = append(lines, p.T.T("compare.lost.time", meeting.Args{"When": p.T.Range(there.Start, there.End, d.shownIn(p))}))
			}
			moved = true
		case meeting.DifferentAttendees:
			if names := removedNames(there.Attendees, wish.Attendees); len(names) > 0 {
				lines = append(lines, p.T.N("compare.lost.people", len(names), meeting.Args{"Names": strings.Join(names, ", ")}))
			}
		case meeting.DifferentThread: // a change does not affect the thread
		default:
			o := meeting.Option(part)
			if value := there.Options.Get(o); value != "" {
				lines = append(lines, p.T.T("compare.lost.option", meeting.Args{"Setting": p.T.T("option." + string(o)), "Value": optionWord(p, o, value)}))
			}
		}
	}
	return lines
}

func removedNames(there, wish []meeting.Attendee) (names []string) {
	for _, a := range there {
		if !slices.ContainsFunc(wish, a.Same) {
			names = append(names, cmp.Or(a.Name, a.UPN, "?"))
		}
	}
	return names
}
