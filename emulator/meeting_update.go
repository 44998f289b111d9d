package emulator

import (
	"maps"
	"net/http"
)

// updateBody holds the properties of a PATCH that follow rules of their own.
type updateBody struct {
	Start        *edmTime          `json:"startDateTime"`
	End          *edmTime          `json:"endDateTime"`
	Participants *participantsBody `json:"participants"`
}

// updateMeeting changes what the documentation lists as updatable. Everything
// else in the body must be of its type and is then ignored, the external ID and
// the organizer included.
func (e *Emulator) updateMeeting(c *graphCall) (answer, error) {
	m, err := e.own(c)
	if err != nil {
		return answer{}, err
	}
	var body updateBody
	var all map[string]any
	if err := c.decodeAs(meetingShape(), &body); err != nil {
		return answer{}, err
	}
	if err := c.decodeAs(meetingShape(), &all); err != nil {
		return answer{}, err
	}
	m, err = e.state.changeMeeting(m.ID, func(m *meeting) error { return e.update(m.Document, body, all) })
	if err != nil {
		return answer{}, err
	}
	return e.meetingAnswer(c, http.StatusOK, m)
}

func (e *Emulator) update(d document, body updateBody, all map[string]any) error {
	if err := body.move(d); err != nil {
		return err
	}
	for property, value := range all {
		setProperty(d, property, value)
	}
	if body.Participants != nil && body.Participants.Attendees != nil {
		attendees, err := body.Participants.attendees(e.Switches().MaxAttendees)
		if err != nil {
			return err
		}
		setAttendees(d, attendees)
	}
	if err := e.settleRoles(d, body, all); err != nil {
		return err
	}
	d["expiryDateTime"] = formatTime(expiry(d.time("endDateTime"), e.now()))
	return nil
}

// move sets both times. One alone is refused.
func (b updateBody) move(d document) error {
	switch {
	case b.Start == nil && b.End == nil:
		return nil
	case b.Start == nil || b.End == nil:
		return badRequest(anError, "to move a meeting takes startDateTime and endDateTime")
	case b.End.Before(b.Start.Time):
		return badRequest(anError, "endDateTime is before startDateTime")
	}
	d["startDateTime"], d["endDateTime"] = formatTime(b.Start.Time), formatTime(b.End.Time)
	return nil
}

// setAttendees replaces the whole list, which is what Graph takes it for.
func setAttendees(d document, attendees []any) {
	if participants, ok := d["participants"].(map[string]any); ok {
		participants["attendees"] = attendees
	}
}

// setProperty sets a property that can be updated. Of an object it sets the
// parts that are given.
func setProperty(d document, property string, value any) {
	if !isUpdatable(property) {
		return
	}
	parts, many := value.(map[string]any)
	if known, ok := d[property].(map[string]any); ok && many {
		maps.Copy(known, parts)
		return
	}
	d[property] = value
}
