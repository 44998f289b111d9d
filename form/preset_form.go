package form

import (
	"net/url"
	"strconv"
	"strings"

	"meetdesk/meeting"
)

// FieldVersion is the name of the field that holds the preset version shown by the page.
const FieldVersion = "version"

// PresetForm is an administrator's input in the preset form. The input may be invalid.
type PresetForm struct {
	Name, Prefix, Subject string
	Minutes               string
	Options               meeting.Options
	Version               string // "" for a new preset
}

// PresetFrom returns the form with the values from a submitted page or a link.
func PresetFrom(sent url.Values) PresetForm {
	f := PresetForm{
		Name: sent.Get(meeting.FieldPresetName), Prefix: sent.Get(meeting.FieldPresetPrefix), Subject: sent.Get(meeting.FieldSubject),
		Minutes: sent.Get(meeting.FieldDuration), Version: sent.Get(FieldVersion),
	}
	for _, o := range meeting.AllOptions() {
		*f.Options.Ref(o) = sent.Get(string(o))
	}
	return f
}

// PresetOf returns the form for changing p, filled in with its current values.
func PresetOf(p meeting.Preset) PresetForm {
	f := PresetForm{Name: p.Name, Prefix: p.Prefix, Subject: p.Subject, Options: p.Options, Version: strconv.FormatInt(p.Version, 10)}
	if p.Minutes != 0 {
		f.Minutes = strconv.Itoa(p.Minutes)
	}
	return f
}

// Preset returns the preset that the form describes, without an ID, and all problems with
// the form. The preset is valid only if there are no problems.
func (f PresetForm) Preset() (p meeting.Preset, problems meeting.Problems) {
	p = meeting.Preset{Name: meeting.Trim(f.Name), Prefix: meeting.Trim(f.Prefix), Subject: strings.TrimSpace(f.Subject), Options: f.Options}
	p.Version, _ = strconv.ParseInt(f.Version, 10, 64) // 0 if malformed; no preset has version 0
	problems = p.Validate()
	if text := strings.TrimSpace(f.Minutes); text != "" {
		minutes, err := strconv.Atoi(text)
		if err != nil || minutes < meeting.MinPresetMinutes || minutes > meeting.MaxPresetMinutes {
			problems.Add(meeting.FieldDuration, meeting.ReasonPresetLength, meeting.Args{
				"Value": meeting.Shorten(text, 40), "Min": meeting.MinPresetMinutes, "Max": meeting.MaxPresetMinutes,
			})
		}
		p.Minutes = minutes
	}
	return p, problems
}

// Map applies the change callback to each value and returns the changed form.
func (f PresetForm) Map(change func(string) string) PresetForm {
	for _, text := range []*string{&f.Name, &f.Prefix, &f.Subject, &f.Minutes, &f.Version} {
		*text = change(*text)
	}
	for _, o := range meeting.AllOptions() {
		*f.Options.Ref(o) = change(f.Options.Get(o))
	}
	return f
}
