// Package views contains the templ components for the pages and their parts. Most files are
// named after a page. The components neither load data nor check permissions.
package views

import (
	"cmp"
	"time"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// Page holds the data that every page needs.
type Page struct {
	Title    string
	T        locale.Printer      // in the person's language
	User     meeting.User        // the signed-in person; the ID is 0 if nobody is signed in
	Path     string              // path of the current page, for the navigation
	Here     string              // a path that leads back to this page
	Emulator bool                // the desk is connected to the emulator, so the page shows a notice
	Skew     time.Duration       // how far Microsoft's clock is ahead of this server's; 0 on pages that do not show it
	Static   func(string) string // returns the URL path of the static file with the given name
	Ticket   meeting.TicketRule  // the format of ticket numbers and the URL of tickets

	SignedInAs string // the person's signed ID, for the page's forms; "" if nobody is signed in
	LooksAgain bool   // the page waits for an outcome and checks for it every one or two seconds
	Reloads    bool   // the page shows an import whose counts can change; without JavaScript, it reloads itself every five seconds
	Refresh    string // URL to which the page redirects; "" for no redirect

	ownSearch bool   // the page has its own search box
	sentForm  string // ID of the form whose values the language and theme switches preserve; "" for none
	uploads   bool   // whether the form named in sentForm may be longer than 1 MB
	Held      string // on the page for a held form: the form's fields, URL-encoded; "" on other pages
	HeldFor   string // the path to which the held form was sent
}

func (p Page) searching() Page {
	p.ownSearch = true
	return p
}

// formID is the ID of a page's main form. The language and theme switches submit that form
// as well, to preserve the user's input.
const formID = "form"

func (p Page) withForm() Page {
	p.sentForm = formID
	return p
}

// withUpload is like withForm, but for a form that can be longer than 1 MB.
func (p Page) withUpload() Page {
	p.uploads = true
	return p.withForm()
}

func subjectOf(p Page, subject, externalID string) string {
	return cmp.Or(subject, externalID, p.T.T("meeting.no_subject"))
}

func ticketOf(p Page, externalID string) string {
	if externalID == "" {
		return p.T.T("meeting.no_ticket")
	}
	return externalID
}

func whenOf(p Page, start, end time.Time, zone *time.Location) string {
	if start.IsZero() {
		return p.T.T("meeting.no_time")
	}
	return p.T.Range(start, end, zone)
}

func momentOf(p Page, t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return p.T.T("meeting.no_time")
	}
	return p.T.DateTime(t, zone)
}

// stateOf returns the tone and text of the badge for a state. A live meeting that has ended
// has its own badge.
func stateOf(p Page, s meeting.State, ended bool) (ui.Tone, string) {
	word := p.T.T("state." + string(s))
	switch s {
	case meeting.Live:
		if ended {
			return ui.Calm, p.T.T("state.over")
		}
		return ui.Good, word
	case meeting.Waiting:
		return ui.Note, word
	case meeting.Unfinished:
		return ui.Warn, word
	case meeting.Failed:
		return ui.Bad, word
	}
	return ui.Calm, word
}

// busy returns the text that a button shows while Microsoft carries out the action.
func (p Page) busy(act string) string { return p.T.T("busy." + act) }
