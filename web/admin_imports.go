package web

import (
	"net/http"
	"slices"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/views"
)

// adminImports lists everybody's imports. The first page begins with all imports that are
// running or paused.
func (s *Server) adminImports(w http.ResponseWriter, r *http.Request) error {
	person := visitOf(r).session.User
	if err := s.Store.Audit(r.Context(), person.ID, store.AuditImportsRead, 0, ""); err != nil {
		return err
	}
	before := beforeImport(r)
	newest, err := s.Store.Imports(r.Context(), 0, before, maxImports)
	if err != nil {
		return err
	}
	var open, rest []meeting.Import
	for _, i := range newest {
		if i.Active() {
			open = append(open, i)
		} else {
			rest = append(rest, i)
		}
	}
	slices.Reverse(open)
	switch {
	case before != 0:
		open = nil // the first page has them
	case len(newest) == maxImports: // older imports may be open, too
		if open, err = s.Store.OpenImports(r.Context(), 0); err != nil {
			return err
		}
	}
	data := views.ImportsData{Imports: slices.Concat(open, rest), Older: olderImports(newest), Zone: zoneOf(person.TimeZone)}
	return s.render(w, r, http.StatusOK, views.AdminImports(s.page(r, visitOf(r).text.T("imports.title")), data))
}

func (s *Server) adminPauseImport(w http.ResponseWriter, r *http.Request) error {
	return s.actOnAnyImport(w, r, func(i meeting.Import, byID int64) error {
		return s.Store.PauseImport(r.Context(), i.ID, byID, meeting.ReasonImportAdministrator)
	})
}

func (s *Server) adminCancelImport(w http.ResponseWriter, r *http.Request) error {
	return s.actOnAnyImport(w, r, func(i meeting.Import, byID int64) error {
		return s.Store.CancelImport(r.Context(), i.ID, byID, meeting.ReasonImportAdminEnd)
	})
}

// actOnAnyImport performs an administrator's action on an import and redirects to the list.
// A conflict is not an error: the list shows the current state.
func (s *Server) actOnAnyImport(w http.ResponseWriter, r *http.Request, act func(i meeting.Import, byID int64) error) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	i, err := s.Store.Import(r.Context(), id)
	if err != nil {
		return err
	}
	if err := act(i, visitOf(r).session.User.ID); err != nil && meeting.CodeOf(err) != meeting.Conflict {
		return err
	}
	return s.seeOther(w, r, paths.AdminImports)
}
