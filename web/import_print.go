package web

import (
	"net/http"

	"meetdesk/meeting"
	"meetdesk/views"
)

// importInvitations shows a printable page with the invitations to an import's meetings,
// except those that have been removed.
func (s *Server) importInvitations(w http.ResponseWriter, r *http.Request) error {
	i, list, err := s.endedImport(r)
	if err != nil {
		return err
	}
	data := views.InvitationsData{Import: i, EachPage: r.URL.Query().Get("pages") == "each"}
	seen := make(map[int64]bool) // two rows may use the same meeting
	for _, row := range list {
		id := row.MeetingID
		if id == 0 || seen[id] {
			continue
		}
		seen[id] = true
		m, err := s.Store.Meeting(r.Context(), id)
		if err != nil {
			return err
		}
		if m.JoinURL != "" && !m.State.Withdrawn() {
			data.Meetings = append(data.Meetings, m)
		}
	}
	return s.render(w, r, http.StatusOK, views.Invitations(s.page(r, visitOf(r).text.T("import.invitations")), data))
}

// endedImport returns the import in the URL and its rows. If the import is a draft or
// belongs to another user, the error is NotFound.
func (s *Server) endedImport(r *http.Request) (i meeting.Import, list []meeting.ImportRow, err error) {
	if i, err = s.pathImport(r); err != nil {
		return i, nil, err
	}
	if i.State == meeting.ImportDraft {
		return i, nil, &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonImportUnknown}
	}
	list, err = s.Store.EndedRows(r.Context(), i.ID)
	return i, list, err
}
