package web

import (
	"net/http"
	"strconv"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func (s *Server) meetingNote(w http.ResponseWriter, r *http.Request) error {
	return s.addNote(w, r, meeting.Remark, form.FieldNote)
}

func (s *Server) meetingSent(w http.ResponseWriter, r *http.Request) error {
	return s.addNote(w, r, meeting.Sent, form.FieldSentTo)
}

// addNote adds a note whose text is in the given form field. If the text is invalid, it
// shows the meeting again with an error.
func (s *Server) addNote(w http.ResponseWriter, r *http.Request, kind meeting.NoteKind, field string) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	text := values.Get(field)
	note, problem := meeting.NewNote(kind, text)
	if problem != "" {
		return s.showMeeting(w, r, http.StatusUnprocessableEntity, views.NoteForm{Kind: kind, Text: printableText(text), Problem: problem})
	}
	if err := s.Desk.AddNote(r.Context(), visitOf(r).session.User, id, note); err != nil {
		return err
	}
	return s.seeOther(w, r, paths.Meeting(id))
}

func (s *Server) meetingTakeBack(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	note, _ := strconv.ParseInt(values.Get(form.FieldNoteID), 10, 64) // 0 is not a valid ID
	if err := s.Desk.TakeBackNote(r.Context(), visitOf(r).session.User, id, note); err != nil {
		return err
	}
	return s.seeOther(w, r, paths.Meeting(id))
}

// meetingPutBack undoes the last change to the meeting.
func (s *Server) meetingPutBack(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	seen, _ := strconv.ParseInt(values.Get(form.FieldBaseReply), 10, 64) // for 0, PutBack returns a Conflict
	if err := s.Desk.PutBack(r.Context(), actor(r), id, seen); err != nil {
		return err
	}
	return s.afterAct(w, r, id)
}
