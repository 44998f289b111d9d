// Package gallery contains sample pages for tests and for /dev/pages. It is not part of
// release builds.
package gallery

import (
	"fmt"

	"github.com/a-h/templ"

	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/views"
)

// Look specifies the language and the theme for the samples.
type Look struct {
	T      locale.Printer
	Theme  string // "" to use the browser's setting
	Static func(string) string
}

// Sample is a page in one of its states.
type Sample struct {
	Name string // letters, digits, dots, hyphens and underscores
	Page templ.Component
}

// Samples returns the sample pages. Some contain very long words, markup in text, or no
// data at all.
func Samples(l Look) []Sample {
	var list []Sample
	list = append(list, homeSamples(l)...)
	list = append(list, formSamples(l)...)
	list = append(list, meetingSamples(l)...)
	list = append(list, newsSamples(l)...)
	list = append(list, sightSamples(l)...)
	list = append(list, ticketSamples(l)...)
	list = append(list, historySamples(l)...)
	list = append(list, adminSamples(l)...)
	list = append(list, checkSamples(l)...)
	list = append(list, auditSamples(l)...)
	list = append(list, retentionSamples(l)...)
	list = append(list, presetSamples(l)...)
	list = append(list, importSamples(l)...)
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

// identity returns a placeholder for the signed user ID in forms.
func identity(user meeting.User) string {
	return fmt.Sprintf("%d.sample", user.ID)
}
