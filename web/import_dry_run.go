package web

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/views"
)

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

// markExisting marks the rows whose tickets already have a meeting. It ignores rows that
// have problems or wait for a choice. Showing a colleague's meeting for the first time is
// audited and counts as one look-up. If no look-ups are left, the row gets a problem instead.
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

// planIDs assigns an unused external ID to each row that creates another meeting for its
// ticket.
func (s *Server) planIDs(ctx context.Context, rows []views.CheckedRow) error {
	used := make(map[string][]string) // external IDs by ticket key
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
