package web

import (
	"net/http"
	"strconv"

	"meetdesk/form"
	"meetdesk/views"
)

func (s *Server) meetingRemoveForm(w http.ResponseWriter, r *http.Request) error {
	m, err := s.liveMeeting(r)
	if err != nil {
		return err
	}
	base, err := s.Store.LastReply(r.Context(), m.ID)
	if err != nil {
		return err
	}
	title := visitOf(r).text.T("remove.title")
	return s.render(w, r, http.StatusOK, views.Remove(s.page(r, title), views.RemoveData{Meeting: m, BaseReply: base}))
}

func (s *Server) meetingRemove(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	base, _ := strconv.ParseInt(values.Get(form.FieldBaseReply), 10, 64) // 0 means the newest response
	if err := s.Desk.Remove(r.Context(), actor(r), id, base); err != nil {
		return err
	}
	return s.afterAct(w, r, id)
}
