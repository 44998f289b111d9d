package emulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// updateBody holds the properties of a PATCH that follow rules of their own.
type updateBody struct {
	Start        *edmTime          `json:"startDateTime"`
	End          *edmTime          `json:"endDateTime"`
	Participants *participantsBody `json:"participants"`
}

// updateMeeting changes what the documentation lists as updatable. Everything
// else in the body is ignored, the external ID and the organizer included.
func (e *Emulator) updateMeeting(c *graphCall) (answer, error) {
	m, err := e.own(c)
	if err != nil {
		return answer{}, err
	}
	var body updateBody
	var all map[string]json.RawMessage
	if err := c.decode(&body); err != nil {
		return answer{}, err
	}
	if err := c.decode(&all); err != nil {
		return answer{}, err
	}
	m, err = e.state.changeMeeting(m.ID, func(m *meeting) error { return e.update(m.Document, body, all) })
	if err != nil {
		return answer{}, err
	}
	return e.meetingAnswer(c, http.StatusOK, m)
}

func (e *Emulator) update(d document, body updateBody, all map[string]json.RawMessage) error {
	if err := body.move(d); err != nil {
		return err
	}
	for property, text := range all {
		if err := setProperty(d, property, text); err != nil {
			return err
		}
	}
	if body.Participants != nil && body.Participants.Attendees != nil {
		attendees, err := body.Participants.attendees(e.Switches().MaxAttendees)
		if err != nil {
			return err
		}
		setAttendees(d, attendees)
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

// setProperty sets a property that can be updated, after a look at its type. Of
// an object it sets the parts that are given.
func setProperty(d document, property string, text json.RawMessage) error {
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return badRequest(anError, err.Error())
	}
	accepts, ok := updatable()[property]
	if !ok {
		return nil
	}
	if value != nil && !accepts(value) {
		return badRequest(anError, fmt.Sprintf("%s cannot be %s", property, text))
	}
	parts, many := value.(map[string]any)
	if known, ok := d[property].(map[string]any); ok && many {
		maps.Copy(known, parts)
		return nil
	}
	d[property] = value
	return nil
}

// updatable lists the simple properties that a PATCH can set, with what each of
// them accepts.
func updatable() map[string]func(any) bool {
	flag := func(v any) bool { _, ok := v.(bool); return ok }
	text := func(v any) bool { _, ok := v.(string); return ok }
	object := func(v any) bool { _, ok := v.(map[string]any); return ok }
	return map[string]func(any) bool{
		"subject":                              text,
		"allowAttendeeToEnableCamera":          flag,
		"allowAttendeeToEnableMic":             flag,
		"allowBreakoutRooms":                   flag,
		"allowCopyingAndSharingMeetingContent": flag,
		"allowPowerPointSharing":               flag,
		"allowRecording":                       flag,
		"allowTeamworkReactions":               flag,
		"allowTranscription":                   flag,
		"allowWhiteboard":                      flag,
		"isEntryExitAnnounced":                 flag,
		"recordAutomatically":                  flag,
		"watermarkProtection":                  object,
		"lobbyBypassSettings":                  lobbySettings,
		"allowedPresenters":                    member("everyone", "organization", "roleIsPresenter", "organizer"),
		"allowMeetingChat":                     member("enabled", "disabled", "limited"),
		"allowLiveShare":                       member("enabled", "disabled"),
		"allowedLobbyAdmitters":                member("organizerAndCoOrganizersAndPresenters", "organizerAndCoOrganizers"),
	}
}

func member(members ...string) func(any) bool {
	return func(v any) bool {
		s, ok := v.(string)
		return ok && slices.Contains(members, s)
	}
}

func lobbySettings(v any) bool {
	settings, ok := v.(map[string]any)
	scope, given := settings["scope"]
	return ok && (!given || member("organizer", "organization", "organizationAndFederated", "everyone", "invited", "organizationExcludingGuests")(scope))
}
