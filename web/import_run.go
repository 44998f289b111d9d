package web

import (
	"context"
	"math"
	"net/http"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

// showImport shows the progress of an import and the outcomes of its rows. The
// parameter others is true if the import belongs to another user.
func (s *Server) showImport(w http.ResponseWriter, r *http.Request, i meeting.Import, others bool) error {
	data, err := s.importData(r.Context(), i)
	if err != nil {
		return err
	}
	failed, rows, err := s.Store.ShownRows(r.Context(), i.ID, views.MaxImportRows)
	if err != nil {
		return err
	}
	data.Failed, data.Rows, data.Others = endedRows(i, failed), endedRows(i, rows), others
	page := s.page(r, visitOf(r).text.T("import.title"))
	page.Reloads = i.Changes()
	return s.render(w, r, http.StatusOK, views.Import(page, data))
}

func (s *Server) importData(ctx context.Context, i meeting.Import) (data views.ImportData, err error) {
	data = views.ImportData{Import: i, Zone: zoneOf(i.User.TimeZone)}
	until, err := s.Desk.ImportWait(ctx, i)
	if err == nil && !until.IsZero() {
		data.Wait = int(math.Ceil(until.Sub(s.Now()).Seconds()))
	}
	return data, err
}

func (s *Server) importPause(w http.ResponseWriter, r *http.Request) error {
	return s.actOnImport(w, r, func(i meeting.Import) error {
		return s.Store.PauseImport(r.Context(), i.ID, i.User.ID, meeting.ReasonImportPerson)
	})
}

// importResume resumes a paused import, which then uses the tokens of the current sign-in.
func (s *Server) importResume(w http.ResponseWriter, r *http.Request) error {
	return s.actOnImport(w, r, func(i meeting.Import) error { return s.Store.ResumeImport(r.Context(), i.ID, actor(r).GrantID) })
}

func (s *Server) importRetry(w http.ResponseWriter, r *http.Request) error {
	return s.actOnImport(w, r, func(i meeting.Import) error { return s.Store.RetryImport(r.Context(), i.ID, actor(r).GrantID) })
}

// importCancel cancels the import but keeps the meetings that it has created.
func (s *Server) importCancel(w http.ResponseWriter, r *http.Request) error {
	return s.actOnImport(w, r, func(i meeting.Import) error {
		return s.Store.CancelImport(r.Context(), i.ID, i.User.ID, meeting.ReasonImportPersonEnd)
	})
}

// actOnImport passes the import in the URL to the callback and then redirects to the import's
// page. It ignores a Conflict error from the callback, because the page shows the current
// state.
func (s *Server) actOnImport(w http.ResponseWriter, r *http.Request, act func(meeting.Import) error) error {
	i, err := s.pathImport(r)
	if err != nil {
		return err
	}
	if err := act(i); err != nil && meeting.CodeOf(err) != meeting.Conflict {
		return err
	}
	s.Desk.WakeImports()
	return s.seeOther(w, r, paths.Import(i.ID))
}
