package web

import (
	"fmt"
	"net/http"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
)

// addSeries stores the meetings of a series as a draft import and shows its dry run.
func (s *Server) addSeries(w http.ResponseWriter, r *http.Request, forms []form.Form) error {
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
	return s.seeOther(w, r, paths.Import(id))
}
