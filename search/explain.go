package search

import (
	"cmp"
	"slices"
	"strings"

	"meetdesk/meeting"
)

// Reason is a part of a meeting that matches a query.
type Reason struct {
	By   Part
	Name string // the attendee's name, or UPN if there is no name; "" unless By is InAttendee
}

// Part names a part of a meeting that full-text search covers.
type Part string

// The parts of a meeting.
const (
	InExternalID Part = "external_id"
	InTicket     Part = "ticket_prefix" // the ticket number begins with the text of the query
	InSubject    Part = "subject"
	InOrganizer  Part = "organizer"
	InAttendee   Part = "attendee"
)

// maxReasons is the maximum number of reasons that Explain returns. Without a limit, a
// query with many terms could return as many reasons.
const maxReasons = 4

// Explain reports whether the meeting matches the query, and returns the reasons. For
// each term, the reason is the first part of the meeting that matches it. Explain returns
// at most maxReasons reasons. If the ticket number begins with the text of the query,
// InTicket is the only reason. Only the given attendees are searched.
func (q Query) Explain(m meeting.Listed, attendees []meeting.Attendee) (reasons []Reason, ok bool) {
	externalID := Fold(m.ExternalID + " " + meeting.TicketKey(m.ExternalID))
	organizer := m.Organizer + " " + m.OrganizerUPN
	if m.Organizer == m.OrganizerUPN { // the organizer has no name
		organizer = m.OrganizerUPN
	}
	x := explanation{open: q.Terms}
	x.read(Reason{By: InExternalID}, externalID)
	x.read(Reason{By: InSubject}, IndexText(m.Subject))
	if len(x.open) > 0 {
		x.read(Reason{By: InOrganizer}, IndexText(organizer))
	}
	if len(x.open) > 0 && len(attendees) > 0 {
		x.readAttendees(attendees)
	}
	switch {
	case len(q.Terms) > 0 && len(x.open) == 0:
	case len(q.Ticket) > 0 && q.Ticket.in(Tokens(externalID)):
		x.reasons = []Reason{{By: InExternalID}}
	default:
		return x.reasons, false
	}
	if q.ticketKey != "" && strings.HasPrefix(meeting.TicketKey(m.ExternalID), q.ticketKey) {
		return []Reason{{By: InTicket}}, true
	}
	return x.reasons, true
}

// Matches reports whether the full-text index would find a meeting with these values. The
// values of several people are separated by spaces.
func (q Query) Matches(externalID, subject, organizers, attendees string) bool {
	ticket := Tokens(Fold(externalID + " " + meeting.TicketKey(externalID)))
	columns := [][]string{ticket, Tokens(IndexText(subject)), Tokens(IndexText(organizers)), Tokens(IndexText(attendees))}
	isOpen := func(t Term) bool { return !slices.ContainsFunc(columns, t.in) }
	return len(q.Terms) > 0 && !slices.ContainsFunc(q.Terms, isOpen) || q.Ticket.in(ticket)
}

type explanation struct {
	open    []Term // terms that have not matched yet
	reasons []Reason
}

// read searches one part of the meeting for the terms that have not matched yet. The
// parameter indexed is the text of that part as the index stores it.
func (x *explanation) read(by Reason, indexed string) {
	if len(x.open) == 0 {
		return
	}
	text := Tokens(indexed)
	open := slices.DeleteFunc(slices.Clone(x.open), func(t Term) bool { return t.in(text) })
	if len(open) < len(x.open) && len(x.reasons) < maxReasons && !slices.Contains(x.reasons, by) {
		x.reasons = append(x.reasons, by)
	}
	x.open = open
}

// readAttendees searches the attendees for the terms that have not matched yet. The index
// has a single column for all attendees, so a phrase may span two of them. The reason
// for a term is the first attendee whose text contains all of it or, if there is none, the
// attendee in whose text the phrase ends.
func (x *explanation) readAttendees(attendees []meeting.Attendee) {
	var texts []string
	for _, a := range attendees {
		texts = append(texts, a.Name+" "+a.UPN)
	}
	column := func(from, to int) string { return IndexText(strings.Join(texts[from:to], " ")) }
	whole := Tokens(column(0, len(texts)))
	rest := slices.DeleteFunc(slices.Clone(x.open), func(t Term) bool { return t.in(whole) })
	x.open = slices.DeleteFunc(slices.Clone(x.open), func(t Term) bool { return !t.in(whole) })
	for i, a := range attendees {
		if len(x.open) > 0 {
			x.read(attendeeReason(a), column(i, i+1))
		}
	}
	for i, a := range attendees {
		if len(x.open) > 0 {
			x.read(attendeeReason(a), column(0, i+1))
		}
	}
	x.open = rest
}

func attendeeReason(a meeting.Attendee) Reason {
	return Reason{By: InAttendee, Name: cmp.Or(a.Name, a.UPN)}
}

func (t Term) in(text []string) bool {
	return slices.ContainsFunc(t, func(p Phrase) bool { return p.in(text) })
}

func (p Phrase) in(text []string) bool {
	for at := 0; len(p.Tokens) > 0 && at+len(p.Tokens) <= len(text); at++ {
		if p.equals(text[at : at+len(p.Tokens)]) {
			return true
		}
	}
	return false
}

// equals reports whether the phrase matches the whole text. The caller must ensure that
// both have the same number of tokens.
func (p Phrase) equals(text []string) bool {
	last := len(p.Tokens) - 1
	return slices.Equal(text[:last], p.Tokens[:last]) && (text[last] == p.Tokens[last] || p.Prefix && strings.HasPrefix(text[last], p.Tokens[last]))
}
