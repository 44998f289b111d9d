package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"meetdesk/form"
	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/views"
)

// encodeForm encodes the form as text for storage in an import row.
func encodeForm(f form.Form) string { return f.Values().Encode() }

func decodeForm(text string) form.Form {
	values, _ := url.ParseQuery(text)
	return form.FromValues(values)
}

// shownImport returns the import in the URL and whether it belongs to another user.
// Administrators may view any import that has been started. If the person may not view the
// import, the error is NotFound.
func (s *Server) shownImport(r *http.Request) (i meeting.Import, others bool, err error) {
	id, err := pathID(r)
	if err != nil {
		return i, false, err
	}
	i, err = s.Store.Import(r.Context(), id)
	person := visitOf(r).session.User
	if others = err == nil && i.User.ID != person.ID; others && (i.State == meeting.ImportDraft || !person.Role.Has(meeting.Admin)) {
		err = &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonImportUnknown}
	}
	return i, others, err
}

// pathImport returns the import in the URL. If it belongs to another user, the error is
// NotFound.
func (s *Server) pathImport(r *http.Request) (meeting.Import, error) {
	i, others, err := s.shownImport(r)
	if others && err == nil {
		err = &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonImportUnknown}
	}
	return i, err
}

// importShow shows a draft with the problems in its rows, or the progress of an import.
func (s *Server) importShow(w http.ResponseWriter, r *http.Request) error {
	i, others, err := s.shownImport(r)
	if err != nil {
		return err
	}
	if others {
		if err := s.Store.Audit(r.Context(), visitOf(r).session.User.ID, store.AuditImportsRead, 0, strconv.FormatInt(i.ID, 10)); err != nil {
			return err
		}
	}
	if i.State != meeting.ImportDraft {
		return s.showImport(w, r, i, others)
	}
	data, err := s.dryRun(r, i)
	if err != nil {
		return err
	}
	return s.showCheck(w, r, http.StatusOK, data)
}

func (s *Server) showCheck(w http.ResponseWriter, r *http.Request, status int, data views.ImportCheckData) error {
	return s.render(w, r, status, views.ImportCheck(s.page(r, visitOf(r).text.T("import.checked")), data))
}

// importCheck stores the corrected rows and the choices. It then repeats the dry run or
// starts the import.
func (s *Server) importCheck(w http.ResponseWriter, r *http.Request) error {
	i, err := s.pathImport(r)
	if err != nil {
		return err
	}
	sent, err := readBody(w, r)
	if err != nil {
		return err
	}
	changed, unanswered, err := s.changeDraft(r.Context(), visitOf(r).text, &i, validText(sent))
	if err != nil {
		return err
	}
	starts := sent.Get(views.FieldAct) == "start"
	if !starts && !unanswered {
		return s.seeOther(w, r, paths.Import(i.ID))
	}
	data, err := s.dryRun(r, i)
	if err != nil {
		return err
	}
	if data.Unanswered = unanswered; starts {
		for _, row := range data.Rows {
			data.Stopped = data.Stopped || changed[row.Position] && row.Faulty()
		}
		data.Changed = sent.Has(views.FieldExisting) && sent.Get(views.FieldExisting) != data.Shown()
	}
	mayStart := starts && !data.Stopped && !data.Changed && !data.Unanswered
	if mayStart {
		err = s.startImport(r, data)
	}
	now, readErr := s.Store.Import(r.Context(), i.ID)
	switch {
	case mayStart && err == nil, readErr == nil && now.State != meeting.ImportDraft: // on a double click, the first request starts the import
		return s.seeOther(w, r, paths.Import(i.ID))
	case err != nil:
		return err
	}
	return s.showCheck(w, r, http.StatusUnprocessableEntity, data)
}

// changeDraft stores the person's changes and returns the positions of the changed rows. It
// also reports whether a question about the whole table is still unanswered.
func (s *Server) changeDraft(ctx context.Context, text locale.Printer, i *meeting.Import, sent url.Values) (changed map[int]bool, unanswered bool, err error) {
	zone := i.TimeZone
	if sent.Has(meeting.FieldTimeZone) {
		i.TimeZone = knownZone(sent.Get(meeting.FieldTimeZone))
	}
	order, all := form.DateOrder(sent.Get(views.FieldOrder)), meeting.Choice(sent.Get(views.FieldChoiceAll))
	changed = make(map[int]bool)
	var save []meeting.ImportRow
	for row, err := range s.Store.ImportRows(ctx, i.ID) {
		if err != nil {
			return nil, false, err
		}
		before := row
		f := decodeForm(row.Form)
		values, shown := f.Values(), s.columns.ReadOptions(f).Values()
		for _, name := range append(form.Inputs(), form.FieldPast) {
			if input := views.RowField(row.Position, name); sent.Has(input) && sent.Get(input) != shown.Get(name) {
				value := sent.Get(input) // unchanged values stay as they were typed in the table
				if o := meeting.Option(name); slices.Contains(o.Values(), value) {
					value = text.T("option." + name + "." + value) // the result file contains the word that the person chose
				}
				values.Set(name, value)
			}
		}
		f = form.FromValues(values)
		f.ReadDates(order)
		f.ExternalID, _ = s.Ticket.Normal(f.ExternalID)
		row.Form, row.ExternalID = encodeForm(f), f.ExternalID
		if row.ExternalID != before.ExternalID {
			row.Known = 0
		}
		if choice := sent.Get(views.RowField(row.Position, views.FieldChoice)); choice != "" {
			row.Choice = validChoice(meeting.Choice(choice))
		}
		if all != "" {
			row.Choice = validChoice(all)
		}
		asked := rowForm(*i, row.Form)
		unanswered = unanswered || asked.UnclearDate() != "" || asked.TimeZone == ""
		changed[row.Position] = row.Form != before.Form || f.TimeZone == "" && i.TimeZone != zone
		if row.Form != before.Form || row.Choice != before.Choice {
			save = append(save, row)
		}
	}
	if len(save) == 0 && i.TimeZone == zone {
		return changed, unanswered, nil
	}
	return changed, unanswered, s.Store.ChangeDraft(ctx, *i, save)
}

func validChoice(c meeting.Choice) meeting.Choice {
	for _, known := range meeting.Choices() {
		if c == known {
			return c
		}
	}
	return ""
}

// startImport starts the import without the rows that have problems or that the person
// chose to skip. If no rows remain, the error is a Conflict.
func (s *Server) startImport(r *http.Request, data views.ImportCheckData) error {
	rows, waiting := make([]meeting.ImportRow, 0, len(data.Rows)), 0
	for _, row := range data.Rows {
		row.State, row.Reason = meeting.RowWaiting, ""
		switch chosen := row.Chosen(); {
		case row.Faulty():
			row.State, row.Reason = meeting.RowLeft, meeting.ReasonImportFaulty
		case chosen == meeting.ChoiceSkip:
			row.State, row.Reason = meeting.RowLeft, meeting.ReasonImportSkipped
		case chosen == meeting.ChoiceUse:
			row.MeetingID = row.Match.ID
		case chosen == meeting.ChoiceAnother:
			row.ExternalID, row.Request.ExternalID = row.Planned, row.Planned
		}
		if !row.Faulty() {
			row.Choice = row.Chosen()
		}
		if row.State == meeting.RowWaiting {
			waiting++
		}
		rows = append(rows, row.ImportRow)
	}
	if waiting == 0 {
		return &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonImportNothing}
	}
	if err := s.Store.StartImport(r.Context(), data.Import.ID, actor(r).GrantID, rows); err != nil {
		return err
	}
	s.Desk.WakeImports()
	return nil
}

func (s *Server) importRemove(w http.ResponseWriter, r *http.Request) error {
	i, err := s.pathImport(r)
	if err != nil {
		return err
	}
	if err := s.Store.RemoveDraft(r.Context(), i.ID); err != nil {
		return err
	}
	return s.seeOther(w, r, paths.Imports)
}
