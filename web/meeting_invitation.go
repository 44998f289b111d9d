package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"meetdesk/meeting"
	"meetdesk/views"
)

// meetingCalendar sends the meeting as a calendar file. For a meeting that was removed
// or replaced, the file cancels it.
func (s *Server) meetingCalendar(w http.ResponseWriter, r *http.Request) error {
	m, err := s.toHandOut(r, "invitation.ics")
	if err != nil {
		return err
	}
	switch {
	case !m.State.Withdrawn() && m.JoinURL == "":
		return &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonKitNoLink}
	case m.Start.IsZero():
		return &meeting.Error{Code: meeting.Conflict, Key: meeting.ReasonKitNoTime}
	}
	file, err := views.Calendar(visitOf(r).text, m, zoneOf(m.TimeZone), s.Now())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", contentDisposition("attachment", m, ".ics"))
	return s.send(w, r, http.StatusOK, "text/calendar; charset=utf-8; method="+views.CalendarMethod(m), file)
}

// maxFileName is the longest name that is made of a ticket, in characters: in bytes,
// file systems allow 255.
const maxFileName = 60

// contentDisposition is the header of a file about the meeting, "meeting-
// INC0012345-2.ics". It takes only letters, digits and dashes from the ticket, which
// every file system and header can hold. Letters beyond ASCII are in a second name,
// which browsers prefer (RFC 6266, 4.3).
func contentDisposition(disposition string, m meeting.Meeting, ending string) string {
	ascii := fileName(m, func(r rune) bool { return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) })
	header := disposition + `; filename="` + ascii + ending + `"`
	if full := fileName(m, func(r rune) bool { return unicode.In(r, unicode.L, unicode.M, unicode.Nd) }); full != ascii {
		header += `; filename*=UTF-8''` + url.PathEscape(full+ending)
	}
	return header
}

// fileName returns a file name made of those characters of the ticket that keep accepts,
// or else of the meeting's number.
func fileName(m meeting.Meeting, keep func(rune) bool) string {
	words := strings.FieldsFunc(m.ExternalID, func(r rune) bool { return !keep(r) })
	return "meeting-" + cmp.Or(truncate(strings.Join(words, "-"), maxFileName), strconv.FormatInt(m.ID, 10))
}
