package gallery

import (
	"strings"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

// queues returns three presets: one that sets everything, one that sets nothing, and one
// whose text fields have the maximum length.
func queues() []meeting.Preset {
	return []meeting.Preset{
		{
			ID: 1, Name: "Change review", Prefix: "CHG-", Subject: "Review of {ticket}", Minutes: 60, Version: 3,
			Options:   meeting.Options{Lobby: "invited", Presenters: "organizer", Announce: meeting.Off, Record: meeting.On},
			ChangedBy: alex, ChangedAt: Now.Add(-time.Hour),
		},
		{ID: 2, Name: "<b>", Version: 1, ChangedBy: alex, ChangedAt: Now.Add(-48 * time.Hour)},
		{
			ID: 3, Name: strings.Repeat("W", meeting.MaxPresetName), Prefix: strings.Repeat("W", meeting.MaxPresetPrefix),
			Subject: strings.Repeat("W", meeting.MaxSubject), Minutes: 1440, Version: 1, ChangedBy: alex, ChangedAt: Now,
		},
	}
}

func presetSamples(l Look) []Sample {
	p := l.page(alex, "Presets", paths.Presets)
	list := queues()
	full := form.PresetOf(list[0])
	wrong := form.PresetForm{
		Name: list[2].Name + "W", Prefix: list[2].Prefix + "W", Subject: "{number}", Minutes: "an hour", Options: meeting.Options{Lobby: "nobody"}, Version: "1",
	}
	_, problems := wrong.Preset()
	taken := meeting.Problems{
		{Field: meeting.FieldPresetName, Key: meeting.ReasonPresetNameTaken, Args: meeting.Args{"Name": "Change review"}},
		{Field: meeting.FieldPresetPrefix, Key: meeting.ReasonPresetPrefixTaken, Args: meeting.Args{"Name": "Change review"}},
	}
	staff := l.page(Priya, "New meeting", paths.NewMeeting)
	filled := form.Form{Date: "2027-03-03", Start: "10:00", End: "10:30", TimeZone: "Europe/Lisbon", FormID: "f-1"}
	filled.Fill(list[0], 30)
	zones := meeting.Zones()
	return []Sample{
		{"presets", views.Presets(p, views.PresetsData{Presets: list})},
		{"presets-none", views.Presets(p, views.PresetsData{})},
		{"preset-new", views.Preset(p, views.PresetData{})},
		{"preset-change", views.Preset(p, views.PresetData{ID: 1, Form: full})},
		{"preset-wrong", views.Preset(p, views.PresetData{ID: 3, Form: wrong, Problems: problems})},
		{"preset-taken", views.Preset(p, views.PresetData{Form: full, Problems: taken})},
		{"preset-conflict", views.Preset(p, views.PresetData{ID: 1, Form: wrong, Stored: &list[0]})},
		{"preset-conflict-remove", views.Preset(p, views.PresetData{ID: 1, Form: full, Stored: &list[0], Removing: true})},
		{"preset-gone", views.Preset(p, views.PresetData{Form: full, Gone: true})},
		{"preset-unsent", views.Preset(p, views.PresetData{Form: full, Kept: views.Kept{Unsent: true}})},
		{"form-presets", meetingForm(staff, views.FormData{Form: form.Form{Date: "2027-03-02", FormID: "f-1"}, Zones: zones, Presets: list})},
		{"form-preset-filled", meetingForm(staff, views.FormData{Form: filled, Zones: zones, Presets: list, PresetFilled: true})},
		{"form-preset-unknown", meetingForm(staff, views.FormData{Form: form.Form{FormID: "f-1"}, Zones: zones, UnknownPreset: "<b>" + list[2].Name[3:]})},
	}
}
