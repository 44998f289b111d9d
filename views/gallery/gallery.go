// Package gallery holds every page in all its states, with sample data: what
// the tests of views look at, and what /dev/pages shows while developing. No
// desk that people use has it: it is linked with the build tag dev alone.
package gallery

import (
	"fmt"

	"github.com/a-h/templ"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/views"
)

// Look is how the samples are to be made.
type Look struct {
	T      locale.Printer
	Theme  string // "" follows the browser's
	Static func(string) string
}

// Sample is one page in one of its states.
type Sample struct {
	Name string // of letters, digits, dots, dashes and underscores
	Page templ.Component
}

// Samples are all pages in all their states, with people's real troubles in
// them: very long words, markup in texts, nothing at all.
func Samples(l Look) []Sample {
	var list []Sample
	list = append(list, homeSamples(l)...)
	list = append(list, formSamples(l)...)
	list = append(list, meetingSamples(l)...)
	list = append(list, newsSamples(l)...)
	list = append(list, sightSamples(l)...)
	list = append(list, ticketSamples(l)...)
	list = append(list, historySamples(l)...)
	list = append(list, heldSamples(l)...)
	return append(list, errorSamples(l)...)
}

func (l Look) page(user meeting.User, title, path string) views.Page {
	user.Theme = l.Theme
	p := views.Page{Title: title, T: l.T, User: user, Path: path, Here: path, Static: l.Static}
	if user.ID != 0 {
		p.SignedInAs = identity(user)
	}
	return p
}

// identity is what the forms of a person's pages carry.
func identity(user meeting.User) string {
	return fmt.Sprintf("%d.sample", user.ID)
}
