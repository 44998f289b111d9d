package emulator

import (
	"net/http"
	"strings"
)

// mostRead is how many attendees a GET shows; the others are kept all the same
// (docs-contrib#2349). What createOrGet and PATCH answer is whole: nobody has
// reported otherwise.
const mostRead = 750

// meetingAnswer is a meeting as the caller of c gets to see it.
func (e *Emulator) meetingAnswer(c *graphCall, status int, m meeting) (answer, error) {
	d, err := e.shown(c, m)
	if err != nil {
		return answer{}, err
	}
	d["@odata.context"] = e.meetingsContext(c) + "/$entity"
	return jsonAnswer(status, graphJSON, d), nil
}

func (e *Emulator) shown(c *graphCall, m meeting) (document, error) {
	d, err := m.Document.clone()
	if err != nil {
		return nil, err
	}
	if !knowsAllMembers(c.request.Header) {
		hideYoungMembers(d)
	}
	if e.Switches().ChannelHidesAttendees {
		hideChannelAttendees(d)
	}
	if c.request.Method == http.MethodGet {
		shortenAttendees(d)
	}
	return d, nil
}

func (e *Emulator) meetingsContext(c *graphCall) string {
	return e.options.URL + "/" + c.version + "/$metadata#users('" + c.caller.ObjectID + "')/onlineMeetings"
}

// hideChannelAttendees empties the list of a meeting in a channel, whose
// threads end differently.
func hideChannelAttendees(d document) {
	chat, _ := d["chatInfo"].(map[string]any)
	thread, _ := chat["threadId"].(string)
	participants, ok := d["participants"].(map[string]any)
	if ok && !strings.HasPrefix(thread, "19:meeting_") {
		participants["attendees"] = []any{}
	}
}

func shortenAttendees(d document) {
	participants, _ := d["participants"].(map[string]any)
	if attendees, _ := participants["attendees"].([]any); len(attendees) > mostRead {
		participants["attendees"] = attendees[:mostRead]
	}
}

// readMeeting is for the organizer and for those who are invited.
func (e *Emulator) readMeeting(c *graphCall) (answer, error) {
	if err := licensed(c); err != nil {
		return answer{}, err
	}
	m, err := e.named(c)
	if err != nil {
		return answer{}, err
	}
	if !m.organizedBy(c.caller) && !m.Document.invites(c.caller) {
		return answer{}, graphError{status: http.StatusForbidden, code: "Forbidden", message: "3003: User does not have access to lookup meeting"}
	}
	return e.meetingAnswer(c, http.StatusOK, m)
}

// removeMeeting is for the organizer.
func (e *Emulator) removeMeeting(c *graphCall) (answer, error) {
	m, err := e.own(c)
	if err != nil {
		return answer{}, err
	}
	_, err = e.state.changeMeeting(m.ID, func(m *meeting) error {
		m.Removed = true
		return nil
	})
	return answer{status: http.StatusNoContent}, err
}

// named returns the meeting in the path.
func (e *Emulator) named(c *graphCall) (meeting, error) {
	id := c.request.PathValue("id")
	if !isMeetingID(id) {
		return meeting{}, badRequest("Meeting Id is corrupted", "the ID cannot be one of Graph's")
	}
	m, ok := e.state.meeting(id)
	if !ok || m.gone(e.now()) {
		return meeting{}, unknownMeeting("there is no such meeting, or no longer")
	}
	return m, nil
}

// own returns the meeting in the path if it is the caller's to change.
func (e *Emulator) own(c *graphCall) (meeting, error) {
	if err := licensed(c); err != nil {
		return meeting{}, err
	}
	m, err := e.named(c)
	if err != nil {
		return meeting{}, err
	}
	if !m.organizedBy(c.caller) {
		return meeting{}, forbidden("the meeting belongs to somebody else")
	}
	return m, nil
}

func (m meeting) organizedBy(p Person) bool {
	return m.Key.Organizer == p.ObjectID && m.Key.Tenant == p.Tenant
}
