package web

import (
	"net/http"
	"strconv"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/views"
)

func (s *Server) ownSessions(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	list, err := s.openSessions(r, v.session.User.ID)
	if err != nil {
		return err
	}
	imports, err := s.runningImports(r, v.session.User.ID, v.session.GrantID)
	if err != nil {
		return err
	}
	page := s.page(r, v.text.T("sessions.title"))
	return s.render(w, r, http.StatusOK, views.Sessions(page, views.SessionsData{Sessions: list, Imports: imports}))
}

// endOwnSession ends one or all of the person's other sessions, which pauses the imports
// that were started in them.
func (s *Server) endOwnSession(w http.ResponseWriter, r *http.Request) error {
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	current := visitOf(r).session
	if chosen := values.Get(form.FieldSession); chosen == form.SessionOthers {
		err = s.Store.EndOtherSessions(r.Context(), current.User.ID, current.ID)
	} else {
		var id int64
		if id, err = sessionID(chosen); err == nil && id != current.ID {
			err = s.Store.EndOwnSession(r.Context(), current.User.ID, id)
		}
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, paths.Sessions)
}

func sessionID(text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return 0, &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonSessionMissing} // err would quote the input
	}
	return id, nil
}

func (s *Server) openSessions(r *http.Request, userID int64) ([]views.Session, error) {
	list, err := s.Store.OpenSessions(r.Context(), userID, s.sessions.idle)
	if err != nil {
		return nil, err
	}
	return viewSessions(list, visitOf(r).session.ID), nil
}

func (s *Server) runningImports(r *http.Request, userID, except int64) (n int, err error) {
	list, err := s.Store.OpenImports(r.Context(), userID)
	for _, i := range list {
		if i.State == meeting.ImportRunning && i.GrantID != except {
			n++
		}
	}
	return n, err
}

// viewSessions converts the sessions for display. current is the ID of the session in which
// the page was requested.
func viewSessions(list []store.Session, current int64) (shown []views.Session) {
	for _, s := range list {
		shown = append(shown, views.Session{
			ID: s.ID, Address: s.Address, Browser: s.Browser, Created: s.CreatedAt, Used: s.UsedAt, Expires: s.ExpiresAt, Current: s.ID == current,
		})
	}
	return shown
}
