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

// meetingCalendar sends the meeting as a calendar file. If the meeting was removed or
// replaced, the file is a cancellation.
func (s *Server) meetingCalendar(w http.ResponseWriter, r *http.Request) error {
	m, err := s.meetingForKit(r, "invitation.ics")
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

// maxFileName limits the number of the ticket's characters in a file name. Most file systems
// allow names of up to 255 bytes, and a character takes up to four.
const maxFileName = 60

// contentDisposition returns the Content-Disposition header for a file about the meeting,
// such as "meeting-INC0012345-2.ics". The filename parameter contains only ASCII letters,
// digits and dashes. If the ticket has other letters or digits, the filename* parameter
// preserves them (RFC 6266, 4.3).
func contentDisposition(disposition string, m meeting.Meeting, ending string) string {
	ascii := fileName(m, func(r rune) bool { return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) })
	header := disposition + `; filename="` + ascii + ending + `"`
	if full := fileName(m, func(r rune) bool { return unicode.In(r, unicode.L, unicode.M, unicode.Nd) }); full != ascii {
		header += `; filename*=UTF-8''` + url.PathEscape(full+ending)
	}
	return header
}

// fileName returns a file name, without an extension, that contains the ticket. Characters
// that keep rejects are dropped at the ends of the ticket; elsewhere, each run of them is
// replaced by a dash. If nothing remains, the name contains the meeting's ID instead.
func fileName(m meeting.Meeting, keep func(rune) bool) string {
	words := strings.FieldsFunc(m.ExternalID, func(r rune) bool { return !keep(r) })
	return "meeting-" + cmp.Or(truncate(strings.Join(words, "-"), maxFileName), strconv.FormatInt(m.ID, 10))
}
