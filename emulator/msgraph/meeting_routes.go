package msgraph

import (
	"net/http"
	"strings"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// maxShownAttendees is the maximum number of attendees in the response to a GET
// (docs-contrib#2349). No limit is known for createOrGet and PATCH.
const maxShownAttendees = 750

func (s *Server) meetingResponse(c *call, status int, m tenant.Meeting) (wire.Response, error) {
	d, err := s.visible(c, m)
	if err != nil {
		return wire.Response{}, err
	}
	d["@odata.context"] = s.meetingsContext(c) + "/$entity"
	return wire.JSON(status, graphJSON, d), nil
}

// visible returns a copy of the onlineMeeting as it appears in the response to c.
func (s *Server) visible(c *call, m tenant.Meeting) (tenant.Document, error) {
	d, err := m.Document.Clone()
	if err != nil {
		return nil, err
	}
	if !wantsUnknownMembers(c.request.Header) {
		hideUnknownMembers(d)
	}
	if s.tenant.Switches().ChannelHidesAttendees {
		hideChannelAttendees(d)
	}
	if c.request.Method == http.MethodGet {
		truncateAttendees(d)
	}
	return d, nil
}

func (s *Server) meetingsContext(c *call) string {
	return s.tenant.Options.URL + "/" + c.version + "/$metadata#users('" + c.caller.ObjectID + "')/onlineMeetings"
}

// hideChannelAttendees empties the list of attendees if the meeting is in a channel. The
// thread IDs of other meetings begin with "19:meeting_".
func hideChannelAttendees(d tenant.Document) {
	chat, _ := d["chatInfo"].(map[string]any)
	thread, _ := chat["threadId"].(string)
	participants, ok := d["participants"].(map[string]any)
	if ok && !strings.HasPrefix(thread, "19:meeting_") {
		participants["attendees"] = []any{}
	}
}

func truncateAttendees(d tenant.Document) {
	participants, _ := d["participants"].(map[string]any)
	if attendees, _ := participants["attendees"].([]any); len(attendees) > maxShownAttendees {
		participants["attendees"] = attendees[:maxShownAttendees]
	}
}

func (s *Server) readMeeting(c *call) (wire.Response, error) {
	if err := checkLicense(c); err != nil {
		return wire.Response{}, err
	}
	m, err := s.pathMeeting(c)
	if err != nil {
		return wire.Response{}, err
	}
	if !m.OrganizedBy(c.caller) && !isInvited(m.Document, c.caller) {
		return wire.Response{}, noAccess()
	}
	return s.meetingResponse(c, http.StatusOK, m)
}

func (s *Server) removeMeeting(c *call) (wire.Response, error) {
	m, err := s.ownMeeting(c)
	if err != nil {
		return wire.Response{}, err
	}
	if err := s.tenant.Records.RemoveMeeting(m.ID); err != nil {
		return wire.Response{}, recordError(err)
	}
	return wire.Response{Status: http.StatusNoContent}, nil
}

func (s *Server) pathMeeting(c *call) (tenant.Meeting, error) {
	id := c.request.PathValue("id")
	if !isMeetingID(id) {
		return tenant.Meeting{}, badRequest("Meeting Id is corrupted", "the ID cannot be one of Graph's")
	}
	m, ok := s.tenant.Records.Meeting(id)
	if !ok || m.Gone(s.tenant.Now()) {
		return tenant.Meeting{}, unknownMeeting("there is no such meeting, or no longer")
	}
	return m, nil
}

// ownMeeting returns the meeting whose ID is in the path. It returns an error if the caller
// is not the meeting's organizer.
func (s *Server) ownMeeting(c *call) (tenant.Meeting, error) {
	if err := checkLicense(c); err != nil {
		return tenant.Meeting{}, err
	}
	m, err := s.pathMeeting(c)
	if err != nil {
		return tenant.Meeting{}, err
	}
	if !m.OrganizedBy(c.caller) {
		return tenant.Meeting{}, forbidden("the meeting belongs to somebody else")
	}
	return m, nil
}
