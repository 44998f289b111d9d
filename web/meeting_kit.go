package web

import (
	"net/http"
	"strconv"
	"strings"

	"meetdesk/meeting"
	"meetdesk/views"
)

// meetingCalendar hands out the meeting as a calendar file; of a removed one, the
// file that cancels it.
func (s *Server) meetingCalendar(w http.ResponseWriter, r *http.Request) error {
	m, err := s.toHandOut(r, "invitation.ics")
	if err != nil {
		return err
	}
	switch {
	case m.State != meeting.Removed && m.JoinURL == "":
		return &meeting.Error{Code: meeting.Conflict, Key: "kit.no_link"}
	case m.Start.IsZero():
		return &meeting.Error{Code: meeting.Conflict, Key: "kit.no_time"}
	}
	file, err := views.Calendar(visitOf(r).text, m, zoneOf(m.TimeZone), s.Now())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+fileName(m)+`.ics"`)
	return s.send(w, r, http.StatusOK, "text/calendar; charset=utf-8; method=PUBLISH", file)
}

// meetingQR draws the join link as a QR code.
func (s *Server) meetingQR(w http.ResponseWriter, r *http.Request) error {
	m, err := s.toHandOut(r, "qr.svg")
	switch {
	case err != nil:
		return err
	case m.State == meeting.Removed:
		return &meeting.Error{Code: meeting.Conflict, Key: "kit.over"}
	case m.JoinURL == "":
		return &meeting.Error{Code: meeting.Conflict, Key: "kit.no_link"}
	}
	code, err := views.QR(visitOf(r).text.T("qr.title"), m.JoinURL)
	if err != nil {
		return &meeting.Error{Code: meeting.Conflict, Key: "kit.too_long", Err: err}
	}
	return s.send(w, r, http.StatusOK, "image/svg+xml", code)
}

// toHandOut returns the meeting in the address for one part of its kit, to
// whoever may see the meeting. A replaced meeting has no kit.
func (s *Server) toHandOut(r *http.Request, part string) (meeting.Meeting, error) {
	id, err := pathID(r)
	if err != nil {
		return meeting.Meeting{}, err
	}
	m, _, err := s.Desk.SeePart(r.Context(), visitOf(r).session.User, id, part)
	if err == nil && m.State == meeting.Replaced {
		err = &meeting.Error{Code: meeting.Conflict, Key: "kit.over"}
	}
	return m, err
}

// maxFileName is the longest name that is made of a ticket, in characters.
const maxFileName = 60

// fileName is what a file about the meeting is called, without its ending:
// "meeting-INC0012345-2". Only letters, digits and dashes are taken from the
// ticket, so that no file system and no header takes offence.
func fileName(m meeting.Meeting) string {
	words := strings.FieldsFunc(m.ExternalID, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9')
	})
	name := truncate(strings.Join(words, "-"), maxFileName)
	if name == "" {
		name = strconv.FormatInt(m.ID, 10)
	}
	return "meeting-" + name
}
