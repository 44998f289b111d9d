package web

import (
	"net/http"
	"strconv"
	"time"

	"meetdesk/meeting"
	"meetdesk/views"
)

// pathID returns the number in the route's {id}; anything else there is an
// address that does not exist.
func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, &meeting.Error{Code: meeting.NotFound, Key: "page.unknown", Err: err}
	}
	return id, nil
}

// zoneOf is the zone to show times in: UTC where none is known.
func zoneOf(name string) *time.Location {
	if zone, ok := meeting.LoadZone(name); ok {
		return zone
	}
	return time.UTC
}

func (s *Server) meetingShow(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	ctx, person := r.Context(), visitOf(r).session.User
	m, relation, err := s.Desk.See(ctx, person, id)
	if err != nil {
		return err
	}
	attempts, err := s.Store.Attempts(ctx, id)
	if err != nil {
		return err
	}
	data := views.MeetingData{
		Meeting: m, Attempts: attempts, Zone: zoneOf(m.TimeZone),
		CanChange: person.CanChange(relation), Past: startedBefore(m, attempts),
		Differences: ignored(m, attempts), Query: truncate(validText(r.URL.Query()).Get("q"), maxQuery),
	}
	unmade := m.State == meeting.Failed || m.State == meeting.Unfinished // the first is still to be had
	if data.CanChange && m.ExternalID != "" && !unmade {
		taken, err := s.Store.TicketExternalIDs(ctx, m.Organizer.ID, meeting.TicketKey(m.ExternalID))
		if err != nil {
			return err
		}
		data.AnotherID = meeting.AnotherExternalID(m.ExternalID, taken)
	}
	title := m.Subject
	if title == "" {
		title = m.ExternalID
	}
	return s.render(w, r, http.StatusOK, views.Meeting(s.page(r, title), data))
}

// ignored tells in what the newest attempt, if it found a meeting that existed,
// asked for something else than Graph has.
func ignored(m meeting.Meeting, attempts []meeting.Attempt) []meeting.Difference {
	if len(attempts) == 0 || attempts[0].State != meeting.AttemptDone || attempts[0].Kind != meeting.KindCreate {
		return nil
	}
	return attempts[0].Asked.Differences(m.Details)
}

// startedBefore reports whether the meeting was already to have begun when the
// newest attempt asked for it. Graph allows that; the person should know. A
// minute's grace is for a meeting that starts now.
func startedBefore(m meeting.Meeting, attempts []meeting.Attempt) bool {
	return len(attempts) > 0 && !m.Start.IsZero() && m.Start.Before(attempts[0].CreatedAt.Add(-time.Minute)) &&
		(attempts[0].Kind == meeting.KindCreate || attempts[0].Kind == meeting.KindUpdate)
}
