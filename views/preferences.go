package views

import (
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views/ui"
)

// colorScheme returns the value of the color-scheme meta tag, which avoids a flash of the
// wrong theme before the stylesheet loads.
func (p Page) colorScheme() string {
	if p.User.Theme != "" {
		return p.User.Theme
	}
	return "light dark"
}

func (p Page) languages() ui.SwitchProps {
	s := p.preference("language", p.T.Lang())
	for _, l := range p.T.Languages() {
		s.Choices = append(s.Choices, ui.SwitchChoice{Value: l.Tag, Word: l.Name, Lang: l.Tag})
	}
	return s
}

func (p Page) themes() ui.SwitchProps {
	value := p.User.Theme
	if value == "" {
		value = meeting.ThemeSystem
	}
	s := p.preference("theme", value)
	for _, theme := range meeting.Themes() {
		s.Choices = append(s.Choices, ui.SwitchChoice{Value: theme, Word: p.T.T("theme." + theme)})
	}
	return s
}

func (p Page) preference(name, value string) ui.SwitchProps {
	return ui.SwitchProps{
		Action: paths.Preferences, Name: name, Label: p.T.T(name + ".label"), Value: value,
		Form: p.sentForm, Identity: switchFields(p), Long: p.uploads || p.HeldFor == paths.Imports,
	}
}
