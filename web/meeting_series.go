package web

import (
	"fmt"
	"net/http"
	"strconv"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
)

// addSeries stores the meetings of a series as a draft import and shows its dry run. If the
// person went back from an earlier draft to change the series, the new draft replaces it.
func (s *Server) addSeries(w http.ResponseWriter, r *http.Request, forms []form.Form, replaced string) error {
	ticket := forms[0].ExternalID
	rows := make([]meeting.ImportRow, len(forms))
	for i, f := range forms {
		rows[i] = meeting.ImportRow{Number: i + 1, Form: encodeForm(f), ExternalID: ticket, Choice: meeting.ChoiceAnother}
	}
	draft := meeting.Import{User: visitOf(r).session.User, Title: fmt.Sprintf("%s × %d", truncate(printableText(ticket), 90), len(forms)), TimeZone: forms[0].TimeZone}
	id, err := s.Store.AddImport(r.Context(), draft, rows)
	if err != nil {
		return err
	}
	if err := s.removeSeries(r, replaced); err != nil {
		return err
	}
	return s.seeOther(w, r, paths.Import(id))
}

// removeSeries removes the draft with the given ID if it contains a series and belongs to
// the person. It ignores any other import.
func (s *Server) removeSeries(r *http.Request, draft string) error {
	id, err := strconv.ParseInt(draft, 10, 64)
	if err != nil {
		return nil
	}
	i, err := s.Store.Import(r.Context(), id)
	if err == nil && i.User.ID == visitOf(r).session.User.ID {
		for row, err := range s.Store.ImportRows(r.Context(), id) {
			if err != nil || decodeForm(row.Form).Repeat == "" {
				return err
			}
			break
		}
		err = s.Store.RemoveDraft(r.Context(), id)
	}
	if code := meeting.CodeOf(err); code == meeting.NotFound || code == meeting.Conflict {
		return nil
	}
	return err
}
