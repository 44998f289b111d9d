package web

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"meetdesk/form"
	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/views"
)

// encodeForm encodes the form as text for storage in an import row.
func encodeForm(f form.Form) string { return f.Values().Encode() }

// decodeForm is the inverse of encodeForm.
func decodeForm(text string) form.Form {
	values, _ := url.ParseQuery(text)
	return form.FromValues(values)
}

// shownImport returns the import in the URL, and whether it belongs to another user.
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

// dryRun validates every row of a draft and looks up its ticket. It sends nothing to
// Microsoft.
func (s *Server) dryRun(r *http.Request, i meeting.Import) (data views.ImportCheckData, err error) {
	data = views.ImportCheckData{Import: i, Rows: make([]views.CheckedRow, 0, i.Counts.Rows), Zones: meeting.Zones(), Now: s.Now()}
	for row, err := range s.Store.ImportRows(r.Context(), i.ID) {
		if err != nil {
			return data, err
		}
		data.Rows = append(data.Rows, s.checkRow(i, row))
	}
	markSeries(data.Rows)
	markDuplicates(data.Rows)
	if err := s.markExisting(r, &data); err != nil {
		return data, err
	}
	if err := s.markAhead(r.Context(), i, data.Rows); err != nil {
		return data, err
	}
	return data, s.planIDs(r.Context(), data.Rows)
}

// checkRow validates one row. A start in the past is a problem unless the person has
// confirmed it.
func (s *Server) checkRow(i meeting.Import, row meeting.ImportRow) views.CheckedRow {
	c := views.CheckedRow{ImportRow: row, Form: printable(s.columns.ReadOptions(decodeForm(row.Form)))}
	f := s.columns.ReadOptions(rowForm(i, row.Form))
	c.Request, c.Problems = f.CheckRow(s.rules(), s.Now())
	c.Unclear, c.NoZone = f.UnclearDate(), strings.TrimSpace(f.TimeZone) == ""
	if !c.Problems.Any() && !f.Past && s.inPast(c.Request.Start, nil) {
		c.Problems.Add(meeting.FieldDate, meeting.ReasonImportPast, nil)
	}
	return c
}

// rowForm decodes the form in a row of the import. If the form has no time zone, it gets
// the import's.
func rowForm(i meeting.Import, text string) form.Form {
	f := decodeForm(text)
	if f.TimeZone == "" {
		f.TimeZone = knownZone(i.TimeZone)
	}
	return f
}

// knownZone returns the given name, or "" if there is no time zone with this name.
func knownZone(name string) string {
	if _, ok := meeting.LoadZone(name); !ok {
		return ""
	}
	return name
}

// markSeries marks all rows as a series if there are at least two and all are for the same
// ticket.
func markSeries(rows []views.CheckedRow) {
	if len(rows) < 2 {
		return
	}
	ticket := meeting.TicketKey(rows[0].ExternalID)
	if ticket == "" || slices.ContainsFunc(rows, func(row views.CheckedRow) bool { return meeting.TicketKey(row.ExternalID) != ticket }) {
		return
	}
	for i := range rows {
		rows[i].InSeries = true
	}
}

// markDuplicates marks every row whose external ID has the same name key as an earlier
// row's. It ignores rows that have problems or no ticket, and days that are left out of a
// series.
func markDuplicates(rows []views.CheckedRow) {
	seen := make(map[string]int) // maps a name key to the number of the first row that has it
	for i, row := range rows {
		if meeting.TicketKey(row.ExternalID) == "" || row.Faulty() || row.InSeries && row.Choice == meeting.ChoiceSkip {
			continue
		}
		key := meeting.NameKey(row.ExternalID)
		if rows[i].Duplicate = seen[key]; seen[key] == 0 {
			seen[key] = row.Number
		}
	}
}

// markExisting marks every row without problems whose ticket already has a meeting.
// Showing a colleague's meeting is audited and counts as one look-up. If no look-ups are
// left, the row gets a problem instead.
func (s *Server) markExisting(r *http.Request, data *views.ImportCheckData) error {
	person := visitOf(r).session.User
	matches, err := s.Store.ImportMatches(r.Context(), data.Import.ID, person.ID)
	if err != nil {
		return err
	}
	var shown []meeting.ImportRow
	counted := make(map[int64]bool)
	for _, row := range data.Rows {
		counted[row.Known] = true
	}
	for i := range matches {
		match := &matches[i]
		row := &data.Rows[match.Position-1]
		if row.Match != nil || row.Faulty() || row.Waits() {
			continue
		}
		if match.Organizer.ID != person.ID && !counted[match.ID] {
			until, ok := s.lookUps.allow(person.ID, netip.Addr{})
			if !ok {
				data.Limited = visitOf(r).text.NotBefore(until, s.Now(), zoneOf(person.TimeZone))
				row.Problems.Add(meeting.FieldExternalID, meeting.ReasonImportLimited, meeting.Args{"Until": data.Limited})
				continue
			}
			if err := s.Store.AuditMeetings(r.Context(), person.ID, store.AuditTicketRead, []int64{match.ID}, row.ExternalID); err != nil {
				return err
			}
			counted[match.ID] = true
		}
		if match.Organizer.ID != person.ID && row.Known == 0 {
			row.Known = match.ID
			shown = append(shown, row.ImportRow)
		}
		row.Match = match
	}
	if len(shown) == 0 {
		return nil
	}
	return s.Store.ChangeDraft(r.Context(), data.Import, shown)
}

// markAhead marks every row whose ticket will get a meeting from another import of the
// same person. An external ID with a suffix, such as INC1~2, must match exactly.
func (s *Server) markAhead(ctx context.Context, i meeting.Import, rows []views.CheckedRow) error {
	list, err := s.Store.RowsAhead(ctx, i.ID, i.User.ID)
	if err != nil || len(list) == 0 {
		return err
	}
	named, ofTicket := make(map[string]*meeting.RowAhead), make(map[string]*meeting.RowAhead)
	for i := range list {
		named[meeting.NameKey(list[i].ExternalID)] = &list[i]
		ofTicket[meeting.TicketKey(list[i].ExternalID)] = &list[i]
	}
	for i, row := range rows {
		rows[i].Ahead = named[meeting.NameKey(row.ExternalID)]
		if rows[i].Ahead == nil && !meeting.IsAnother(row.ExternalID) { // a plain ticket number may mean any meeting for the ticket
			rows[i].Ahead = ofTicket[meeting.TicketKey(row.ExternalID)]
		}
	}
	return nil
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
	case mayStart && err == nil, readErr == nil && now.State != meeting.ImportDraft: // after a double click, the first request has started it
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

// validChoice returns c, or "" if c is unknown.
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

// planIDs assigns an unused external ID to each row that creates another meeting for its
// ticket.
func (s *Server) planIDs(ctx context.Context, rows []views.CheckedRow) error {
	used := make(map[string][]string) // by ticket key
	for _, row := range rows {
		key := meeting.TicketKey(row.ExternalID)
		used[key] = append(used[key], row.ExternalID)
	}
	looked := make(map[string]bool)
	for i, row := range rows {
		if row.Faulty() || row.Chosen() != meeting.ChoiceAnother {
			continue
		}
		key := meeting.TicketKey(row.ExternalID)
		if !looked[key] {
			known, err := s.Store.TicketExternalIDs(ctx, 0, key)
			if err != nil {
				return err
			}
			looked[key], used[key] = true, append(used[key], known...)
		}
		rows[i].Planned = meeting.AnotherExternalID(row.ExternalID, used[key])
		used[key] = append(used[key], rows[i].Planned)
	}
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
