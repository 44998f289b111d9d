// Package views holds the pages: one templ function each, in the file of its
// address's name. They receive data and return markup; they fetch nothing and
// decide nothing about who may do what.
package views

import (
	"time"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// Page is what every page needs beside its own data.
type Page struct {
	Title    string              // for the browser's tab
	T        locale.Printer      // the person's language
	User     meeting.User        // who is signed in; ID 0: nobody
	Path     string              // of the page that the person is on, for the navigation
	Here     string              // an address that shows this page again
	Emulator bool                // nothing reaches Microsoft: say so
	Static   func(string) string // the address of a static file
	Ticket   meeting.TicketRule  // how ticket numbers are written, and where they lead

	SignedInAs string // names the person in every form of the page; "" where nobody is signed in
	Refresh    string // where the browser goes on by itself; "" to stay
}

// subjectOf is what a meeting is called.
func subjectOf(p Page, subject string) string {
	if subject == "" {
		return p.T.T("meeting.no_subject")
	}
	return subject
}

// ticketOf is what a meeting's ticket is called.
func ticketOf(p Page, externalID string) string {
	if externalID == "" {
		return p.T.T("meeting.no_ticket")
	}
	return externalID
}

// whenOf is when a meeting is, or that it has no time yet.
func whenOf(p Page, start, end time.Time, zone *time.Location) string {
	if start.IsZero() {
		return p.T.T("meeting.no_time")
	}
	return p.T.Range(start, end, zone)
}

// momentOf is a moment, or that there is none.
func momentOf(p Page, t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return p.T.T("meeting.no_time")
	}
	return p.T.DateTime(t, zone)
}

// stateOf is how a meeting stands, as a badge tells it: of a live one also that its
// time has passed.
func stateOf(p Page, s meeting.State, ended bool) (ui.Tone, string) {
	word := p.T.T("state." + string(s))
	switch s {
	case meeting.Live:
		if ended {
			return ui.Calm, p.T.T("state.over")
		}
		return ui.Good, word
	case meeting.Unfinished:
		return ui.Warn, word
	case meeting.Failed:
		return ui.Bad, word
	}
	return ui.Calm, word
}
