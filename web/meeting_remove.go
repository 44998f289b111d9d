package web

import (
	"net/http"
	"strconv"

	"meetdesk/meeting"
	"meetdesk/views"
)

// meetingRemoveForm asks whether the meeting is to be removed; it removes nothing.
func (s *Server) meetingRemoveForm(w http.ResponseWriter, r *http.Request) error {
	m, err := s.toChange(r)
	if err != nil {
		return err
	}
	base, err := s.Store.LastReply(r.Context(), m.ID)
	if err != nil {
		return err
	}
	title := visitOf(r).text.T("remove.title")
	return s.render(w, r, http.StatusOK, views.Remove(s.page(r, title), views.RemoveData{Meeting: m, BaseReply: base, Zone: zoneOf(m.TimeZone)}))
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
	base, _ := strconv.ParseInt(values.Get(meeting.FieldBaseReply), 10, 64) // absent: the newest
	if err := s.Desk.Remove(r.Context(), actor(r), id, base); err != nil {
		return err
	}
	return seeOther(w, r, meetingPath(id))
}

// meetingRefresh looks at the meeting as Graph has it now.
func (s *Server) meetingRefresh(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := s.Desk.Refresh(r.Context(), actor(r), id); err != nil {
		return err
	}
	return seeOther(w, r, meetingPath(id))
}

// toChange returns the live meeting in the address if it is the person's to
// change.
func (s *Server) toChange(r *http.Request) (meeting.Meeting, error) {
	id, err := pathID(r)
	if err != nil {
		return meeting.Meeting{}, err
	}
	m, _, err := s.Desk.Own(r.Context(), actor(r).User, id)
	if err == nil && m.State != meeting.Live {
		err = &meeting.Error{Code: meeting.Conflict, Key: "change.not_live"}
	}
	return m, err
}
