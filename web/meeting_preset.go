package web

import (
	"io"
	"net/http"
	"net/url"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views"
)

// presetOfLink applies the preset that the link names. If the link has no preset parameter,
// the ticket selects the preset.
func (s *Server) presetOfLink(r *http.Request, query url.Values, f *form.Form, data *views.FormData) error {
	if f.Preset == "" && query.Has(form.FieldPreset) {
		return nil // an empty parameter means no preset
	}
	_, found, err := s.fillPreset(r, f)
	if err == nil && !found {
		data.UnknownPreset, f.Preset = meeting.Shorten(f.Preset, meeting.MaxPresetName), ""
	}
	return err
}

// applyPreset applies the preset that was chosen in the submitted form. It shows the form
// again if the preset's button was pressed, or if the preset changes the form or does not
// exist.
func (s *Server) applyPreset(w http.ResponseWriter, r *http.Request, f *form.Form) (shown bool, err error) {
	asked := r.PostForm.Get(form.FieldApply) == "1"
	applied, _ := f.FilledPreset()
	if !asked && meeting.PresetKey(f.Preset) == meeting.PresetKey(applied) {
		f.FollowTicket()
		return false, nil
	}
	changed, found, err := s.fillPreset(r, f)
	if err != nil {
		return false, err
	}
	data, status := views.FormData{PresetFilled: !asked}, http.StatusOK
	switch {
	case !found:
		data.UnknownPreset, f.Preset, data.PresetFilled = meeting.Shorten(f.Preset, meeting.MaxPresetName), "", false
		status = http.StatusUnprocessableEntity
	case !changed && !asked:
		return false, nil
	}
	data.Form = *f
	return true, s.showMeetingForm(w, r, status, data)
}

// fillPreset applies the preset that the form names or, unless the person has already
// chosen, the preset that the ticket selects. found is false only if the named preset does
// not exist.
func (s *Server) fillPreset(r *http.Request, f *form.Form) (changed, found bool, err error) {
	presets, err := s.Store.Presets(r.Context())
	if err != nil {
		return false, false, err
	}
	_, decided := f.FilledPreset()
	var p meeting.Preset
	switch {
	case f.Preset != "":
		if p, found = meeting.PresetNamed(presets, f.Preset); !found {
			return false, false, nil
		}
	case !decided:
		if p, found = meeting.PresetForTicket(presets, f.ExternalID); !found {
			return false, true, nil
		}
	}
	return f.Fill(p, usualMinutes(visitOf(r).session.User)), true, nil
}

// meetingPreset applies a preset to the submitted form and sends the resulting fields to the
// form's script, encoded as a URL query. The status is 204 if the named preset does not
// exist, or if no preset is named and nothing changed.
func (s *Server) meetingPreset(w http.ResponseWriter, r *http.Request) error {
	sent, err := readBody(w, r)
	if err != nil {
		return err
	}
	f := form.FromValues(validText(sent))
	f.ExternalID, _ = s.Ticket.Normal(f.ExternalID)
	changed, found, err := s.fillPreset(r, &f)
	if err != nil {
		return err
	}
	if !found || !changed && f.Preset == "" {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = io.WriteString(w, f.Fillable().Encode())
	return err
}
