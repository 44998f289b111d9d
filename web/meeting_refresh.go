package web

import (
	"net/http"
)

func (s *Server) meetingRefresh(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := s.Desk.Refresh(r.Context(), actor(r), id); err != nil {
		return err
	}
	return s.afterAct(w, r, id)
}
