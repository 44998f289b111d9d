package views

import (
	"meetdesk/views/ui"

	"meetdesk/paths"
)

// colorScheme is what a browser needs to know before it has the stylesheet: with
// it no page is light first and dark then.
func (p Page) colorScheme() string {
	if p.User.Theme != "" {
		return p.User.Theme
	}
	return "light dark"
}

// languages is the switch for the language of the pages.
func (p Page) languages() ui.SwitchProps {
	s := p.preference("language", p.T.Lang())
	for _, l := range p.T.Languages() {
		s.Choices = append(s.Choices, ui.SwitchChoice{Value: l.Tag, Word: l.Name, Lang: l.Tag})
	}
	return s
}

// themes is the switch for light and dark.
func (p Page) themes() ui.SwitchProps {
	value := p.User.Theme
	if value == "" {
		value = "system"
	}
	s := p.preference("theme", value)
	for _, theme := range []string{"system", "light", "dark"} {
		s.Choices = append(s.Choices, ui.SwitchChoice{Value: theme, Word: p.T.T("theme." + theme)})
	}
	return s
}

func (p Page) preference(name, value string) ui.SwitchProps {
	return ui.SwitchProps{Action: paths.Preferences, Name: name, Label: p.T.T(name + ".label"), Value: value, ReturnTo: p.Here, Identity: formIdentity(p)}
}
