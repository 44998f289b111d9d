package web

import (
	"context"
	"errors"
	"net/http"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func (s *Server) presetList(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Store.Presets(r.Context())
	if err != nil {
		return err
	}
	data := views.PresetsData{Presets: list}
	return s.render(w, r, http.StatusOK, views.Presets(s.page(r, visitOf(r).text.T("presets.title")), data))
}

func (s *Server) presetNew(w http.ResponseWriter, r *http.Request) error {
	data := views.PresetData{}
	if t := typed(r); t != nil {
		data.Form, data.Kept = form.PresetFrom(validText(t.values)), t.kept
	}
	return s.showPreset(w, r, http.StatusOK, data)
}

func (s *Server) presetAdd(w http.ResponseWriter, r *http.Request) error {
	return s.savePreset(w, r, views.PresetData{}, s.Store.AddPreset)
}

func (s *Server) presetEdit(w http.ResponseWriter, r *http.Request) error {
	p, err := s.pathPreset(r)
	if err != nil {
		return err
	}
	data := views.PresetData{ID: p.ID, Form: form.PresetOf(p)}
	if t := typed(r); t != nil {
		data.Form, data.Kept = form.PresetFrom(validText(t.values)), t.kept
	}
	return s.showPreset(w, r, http.StatusOK, data)
}

func (s *Server) presetChange(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	return s.savePreset(w, r, views.PresetData{ID: id}, s.Store.ChangePreset)
}

// presetRemove removes a preset. If the preset has changed since the user loaded it, the
// form is shown with the stored values.
func (s *Server) presetRemove(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	p, _ := form.PresetFrom(values).Preset()
	err = s.Store.RemovePreset(r.Context(), visitOf(r).session.User.ID, id, p.Version)
	if meeting.CodeOf(err) == meeting.Conflict {
		stored, err := s.Store.Preset(r.Context(), id)
		if err != nil {
			return err
		}
		return s.showPreset(w, r, http.StatusConflict, views.PresetData{ID: id, Form: form.PresetOf(stored), Stored: &stored, Removing: true})
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, paths.Presets)
}

// savePreset stores the submitted preset by calling save. If a value is invalid or the
// store refuses the preset, the form is shown again with the user's input.
func (s *Server) savePreset(w http.ResponseWriter, r *http.Request, data views.PresetData, save presetSaver) error {
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	data.Form = form.PresetFrom(values)
	p, problems := data.Form.Preset()
	p.ID = data.ID
	if problems.Any() {
		data.Problems = problems
		return s.showPreset(w, r, http.StatusUnprocessableEntity, data)
	}
	err = save(r.Context(), visitOf(r).session.User.ID, p)
	if err == nil {
		return s.seeOther(w, r, paths.Presets)
	}
	var known *meeting.Error
	if !errors.As(err, &known) {
		return err
	}
	visitOf(r).err = err // for the log
	status := http.StatusConflict
	switch known.Key {
	case meeting.ReasonPresetNameTaken:
		data.Problems = meeting.Problems{{Field: meeting.FieldPresetName, Key: known.Key, Args: known.Args}}
	case meeting.ReasonPresetPrefixTaken:
		data.Problems = meeting.Problems{{Field: meeting.FieldPresetPrefix, Key: known.Key, Args: known.Args}}
	case meeting.ReasonPresetUnknown:
		data.ID, data.Gone, data.Form.Version = 0, true, ""
	case meeting.ReasonPresetChanged:
		stored, err := s.Store.Preset(r.Context(), data.ID)
		if err != nil {
			return err
		}
		data.Stored, data.Form.Version = &stored, form.PresetOf(stored).Version
	default:
		return err
	}
	return s.showPreset(w, r, status, data)
}

// presetSaver is a method of the store that adds or changes a preset.
type presetSaver func(ctx context.Context, userID int64, p meeting.Preset) error

func (s *Server) pathPreset(r *http.Request) (meeting.Preset, error) {
	id, err := pathID(r)
	if err != nil {
		return meeting.Preset{}, err
	}
	return s.Store.Preset(r.Context(), id)
}

func (s *Server) showPreset(w http.ResponseWriter, r *http.Request, status int, data views.PresetData) error {
	data.Form = data.Form.Map(printableText)
	title := visitOf(r).text.T("preset.new")
	if data.ID != 0 {
		title = visitOf(r).text.T("preset.change")
	}
	return s.render(w, r, status, views.Preset(s.page(r, title), data))
}
