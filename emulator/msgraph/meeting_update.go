package msgraph

import (
	"maps"
	"net/http"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// updateBody holds the properties in a PATCH that need special handling.
type updateBody struct {
	Start        *edmTime          `json:"startDateTime"`
	End          *edmTime          `json:"endDateTime"`
	Participants *participantsBody `json:"participants"`
}

// updateMeeting changes the properties that the documentation lists as updatable. Other
// known properties must have the right type but are not changed.
func (s *Server) updateMeeting(c *call) (wire.Response, error) {
	m, err := s.ownMeeting(c)
	if err != nil {
		return wire.Response{}, err
	}
	var body updateBody
	var all map[string]any
	if err := c.decodeAs(meetingShape(), &body); err != nil {
		return wire.Response{}, err
	}
	if err := c.decodeAs(meetingShape(), &all); err != nil {
		return wire.Response{}, err
	}
	m, err = s.tenant.Records.UpdateMeeting(m.ID, func(m *tenant.Meeting) error { return s.update(m.Document, body, all) })
	if err != nil {
		return wire.Response{}, recordError(err)
	}
	return s.meetingResponse(c, http.StatusOK, m)
}

func (s *Server) update(d tenant.Document, body updateBody, all map[string]any) error {
	if err := body.move(d); err != nil {
		return err
	}
	for property, value := range all {
		setProperty(d, property, value)
	}
	if body.Participants != nil && body.Participants.Attendees != nil {
		attendees, err := body.Participants.attendees(s.tenant.Switches().MaxAttendees)
		if err != nil {
			return err
		}
		setAttendees(d, attendees)
	}
	if err := s.settleRoles(d, body, all); err != nil {
		return err
	}
	d["expiryDateTime"] = formatTime(expiry(d.Time("endDateTime"), s.tenant.Now()))
	return nil
}

// move sets the start and end times if the request contains them. It returns an error if the
// request contains only one of them, or if the end is before the start.
func (b updateBody) move(d tenant.Document) error {
	switch {
	case b.Start == nil && b.End == nil:
		return nil
	case b.Start == nil || b.End == nil:
		return badRequest(genericMessage, "to move a meeting takes startDateTime and endDateTime")
	case b.End.Before(b.Start.Time):
		return badRequest(genericMessage, "endDateTime is before startDateTime")
	}
	d["startDateTime"], d["endDateTime"] = formatTime(b.Start.Time), formatTime(b.End.Time)
	return nil
}

// setAttendees replaces the whole list of attendees, as Graph does.
func setAttendees(d tenant.Document, attendees []any) {
	if participants, ok := d["participants"].(map[string]any); ok {
		participants["attendees"] = attendees
	}
}

// setProperty sets a property if Graph allows updating it. It merges an object into the
// current one, so properties that the new object omits keep their values.
func setProperty(d tenant.Document, property string, value any) {
	if !isUpdatable(property) {
		return
	}
	parts, isObject := value.(map[string]any)
	if current, ok := d[property].(map[string]any); ok && isObject {
		maps.Copy(current, parts)
		return
	}
	d[property] = value
}
