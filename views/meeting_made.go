package views

import (
	"slices"
	"strings"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
)

// madeBy returns the space-separated names of the fields that affect the result of Made.
func madeBy() string {
	return strings.Join(append(slices.Concat(form.TimeInputs(), form.SeriesInputs()), meeting.FieldOrganizer, form.FieldBaseReply), " ")
}

// Made returns a message that says what submitting the form will do. The message includes
// the time of the meeting and, for a single new meeting, its organizer. If the times are
// unclear, the message says so instead.
func Made(p Page, d FormData) string {
	if d.Unclear.Any() {
		for _, problem := range d.Unclear {
			switch problem.Key {
			case meeting.ReasonTimeMissing, meeting.ReasonTimeTwice, meeting.ReasonEndFar:
				return p.T.Problem(problem)
			}
		}
		if d.Form.Date != "" && d.Form.Start != "" && d.Form.End+d.Form.Duration != "" {
			return p.T.Problem(d.Unclear[0])
		}
		return p.T.T("form.made.unclear")
	}
	when := d.madeWhen(p)
	if d.Meeting != nil {
		return when
	}
	if series, _ := d.Form.Series(d.Now); len(series) > 0 {
		last, _ := time.Parse(time.DateOnly, series[len(series)-1].Date)
		return p.T.T("form.made.series", meeting.Args{"Series": d.seriesWord(p), "When": when, "Last": p.T.Date(last, time.UTC)})
	}
	made := p.T.T("form.made", meeting.Args{"When": when, "Name": d.organizerName(p)})
	if meeting.StartsBefore(d.Request.Start, d.Now) {
		return p.T.T("form.made.past", meeting.Args{"Made": made, "Ago": p.T.Ago(d.Now.Sub(d.Request.Start))})
	}
	return made
}

func (d FormData) madeWhen(p Page) string {
	asked := d.Request.Asked(d.Now)
	if d.Request.Start.IsZero() {
		return p.T.N("form.made.now", int(asked.End.Sub(asked.Start)/time.Minute))
	}
	zone, _ := meeting.LoadZone(d.Request.TimeZone)
	name := d.Request.TimeZone
	if d.Form.Fold != "" {
		name = p.T.Zone(asked.Start, zone) // if the local time occurs twice, the offset says which one is meant
	}
	when := p.T.Range(asked.Start, asked.End, zone) + " " + name
	if yours := p.T.Elsewhere(asked.Start, asked.End, zone, p.zoneOr(zone)); yours != "" {
		when += " · " + yours
	}
	return when
}

func (d FormData) organizerName(p Page) string {
	if d.Request.Organizer == "" {
		return p.T.T("form.organizer.you")
	}
	for _, u := range d.Organizers {
		if u.ObjectID == d.Request.Organizer {
			return u.DisplayName()
		}
	}
	return d.Request.Organizer // an unknown organizer, which is rejected when the form is submitted
}

// lengths are the meeting lengths, in minutes, that the script offers.
var lengths = []int{15, 30, 45, 60}
