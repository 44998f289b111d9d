package views

import (
	"net/url"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views/ui"
)

// PresetsData holds the data for the page that lists the presets.
type PresetsData struct{ Presets []meeting.Preset }

// PresetData holds the data for the page with the form that adds or changes a preset.
type PresetData struct {
	ID       int64 // 0 for a new preset
	Form     form.PresetForm
	Problems meeting.Problems
	Stored   *meeting.Preset // the version that another user has stored since the form was opened, or nil
	Removing bool            // the person tried to remove the preset, but somebody else had changed it
	Gone     bool            // somebody else has removed the preset
	Kept     Kept            // why the form is shown again with the user's input
}

func (d PresetData) action() string {
	if d.ID == 0 {
		return paths.Presets
	}
	return paths.Submit(paths.Preset(d.ID))
}

func (d PresetData) titled(p Page) Page {
	if d.Problems.Any() {
		p.Title = p.T.T("form.wrong.mark") + " " + p.Title
	} else if d.Stored != nil || d.Gone {
		p.Title = p.T.T("form.past.mark") + " " + p.Title
	}
	return p
}

func (d PresetData) heading() string {
	if d.ID == 0 {
		return "preset.new"
	}
	return "preset.change"
}

func (d PresetData) summary(p Page) []ui.ErrorLink { return problemLinks(p, d.Problems) }

func problemLinks(p Page, problems meeting.Problems) []ui.ErrorLink {
	links := make([]ui.ErrorLink, 0, len(problems))
	for _, problem := range problems {
		links = append(links, ui.ErrorLink{Href: "#" + problem.Field, Text: p.T.Problem(problem)})
	}
	return links
}

func (d PresetData) field(p Page, name, label, value string) ui.Field {
	f := ui.Field{Name: name, Value: value, Label: p.T.T(label)}
	if hint := label + ".hint"; p.T.Has(hint) {
		f.Hint = p.T.T(hint, meeting.Args{"Place": meeting.TicketPlace})
	}
	for _, problem := range d.Problems.Field(name) {
		f.Errors = append(f.Errors, p.T.Problem(problem))
	}
	return f
}

func (d PresetData) name(p Page) ui.Field {
	f := d.field(p, meeting.FieldPresetName, "preset.name", d.Form.Name)
	f.Required, f.Autofocus = true, !d.Problems.Any() && d.Stored == nil && !d.Gone && !d.Kept.says()
	return f
}

func (d PresetData) minutes(p Page) ui.Field {
	f := d.field(p, meeting.FieldDuration, "preset.minutes", d.Form.Minutes)
	f.InputMode, f.Class = "numeric", "short"
	return f
}

type presetPart struct{ Label, Value string }

// partsOf returns the settings of a preset, without its name and prefix.
func partsOf(p Page, preset meeting.Preset) (parts []presetPart) {
	if preset.Subject != "" {
		parts = append(parts, presetPart{p.T.T("presets.subject"), preset.Subject})
	}
	if preset.Minutes != 0 {
		parts = append(parts, presetPart{p.T.T("form.length"), p.T.T("form.length.minutes", meeting.Args{"N": preset.Minutes})})
	}
	for _, o := range preset.Options.Chosen() {
		parts = append(parts, presetPart{p.T.T("field." + string(o)), optionWord(p, o, preset.Options.Get(o))})
	}
	return parts
}

func (d PresetData) stored(p Page) []presetPart {
	parts := []presetPart{{p.T.T("preset.name"), d.Stored.Name}}
	if d.Stored.Prefix != "" {
		parts = append(parts, presetPart{p.T.T("presets.prefix"), d.Stored.Prefix})
	}
	return append(parts, partsOf(p, *d.Stored)...)
}

func (d PresetData) conflictTitle(p Page) string {
	return p.T.T("preset.conflict.title", meeting.Args{"Name": d.Stored.ChangedBy.DisplayName()})
}

func (d PresetData) conflictText(p Page) string {
	key := "preset.conflict.save"
	if d.Removing {
		key = "preset.conflict.remove"
	}
	return p.T.T(key, meeting.Args{"When": p.T.DateTime(d.Stored.ChangedAt, p.zoneOr(nil))})
}

// presetLink returns the path of the form for a new meeting, filled in with the preset.
func presetLink(name string) string {
	return paths.With(paths.NewMeeting, url.Values{form.FieldPreset: {name}})
}
