package msgraph

import (
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// createOrGetBody holds the parameters of createOrGet. Graph ignores all others.
type createOrGetBody struct {
	ExternalID   *string           `json:"externalId"`
	Subject      *string           `json:"subject"`
	Start        *edmTime          `json:"startDateTime"`
	End          *edmTime          `json:"endDateTime"`
	Participants *participantsBody `json:"participants"`
	ChatInfo     *chatInfoBody     `json:"chatInfo"`
}

// conflictWindow is the minimum time that it takes to create a meeting while
// SimultaneousConflict is on. It makes concurrent calls overlap.
const conflictWindow = 100 * time.Millisecond

type chatInfoBody struct {
	ThreadID *string `json:"threadId"`
}

// createOrGet returns a new meeting with status 201, or the caller's existing meeting,
// unchanged, with status 200.
func (s *Server) createOrGet(c *call) (wire.Response, error) {
	if err := checkLicense(c); err != nil {
		return wire.Response{}, err
	}
	var body createOrGetBody
	if err := c.decodeAs(createOrGetShape(), &body); err != nil {
		return wire.Response{}, err
	}
	n, err := s.newMeeting(c, body)
	if err != nil {
		return wire.Response{}, err
	}
	key := tenant.MeetingKey{Tenant: c.caller.Tenant, Organizer: c.caller.ObjectID, ExternalID: n.externalID}
	switches := s.tenant.Switches()
	if switches.SimultaneousConflict {
		done, err := s.tenant.Records.BeginCreate(key, n.now)
		if err != nil {
			return wire.Response{}, recordError(err)
		}
		if done != nil {
			defer done()
			time.Sleep(max(conflictWindow, s.tenant.Latency())) // not cancelled if the client disconnects
		}
	}
	m, created, err := s.tenant.Records.CreateOrGet(key, n.now, switches, n.document)
	if err != nil {
		return wire.Response{}, recordError(err)
	}
	if created {
		return s.meetingResponse(c, http.StatusCreated, m)
	}
	return s.meetingResponse(c, http.StatusOK, m)
}

// newMeeting validates the request's parameters and converts them to a newMeeting. They
// must be valid even if the meeting already exists.
func (s *Server) newMeeting(c *call, body createOrGetBody) (newMeeting, error) {
	n := newMeeting{organizer: c.caller, subject: body.Subject, now: s.tenant.Now(), shortLink: s.tenant.Switches().ShortLinks}
	if body.ExternalID == nil || strings.TrimSpace(*body.ExternalID) == "" {
		return n, badRequest(genericMessage, "externalId is missing or blank")
	}
	n.externalID = *body.ExternalID
	if err := checkLimits(body, s.tenant.Switches()); err != nil {
		return n, err
	}
	var err error
	if n.start, n.end, err = meetingTimes(body.Start, body.End, n.now); err != nil {
		return n, err
	}
	if n.attendees, err = body.Participants.attendees(s.tenant.Switches().MaxAttendees); err != nil {
		return n, err
	}
	dropRoles(n.attendees)
	n.thread, err = s.channel(c, body.ChatInfo)
	return n, err
}

func checkLimits(body createOrGetBody, limits tenant.Switches) error {
	if limits.ASCIIExternalID && strings.ContainsFunc(*body.ExternalID, func(r rune) bool { return r < ' ' || r > '~' }) {
		return badRequest(genericMessage, "externalId has characters outside of printable ASCII")
	}
	if exceeds(body.ExternalID, limits.MaxExternalID) {
		return badRequest(genericMessage, fmt.Sprintf("externalId is over %d characters", limits.MaxExternalID))
	}
	if exceeds(body.Subject, limits.MaxSubject) {
		return badRequest(genericMessage, fmt.Sprintf("subject is over %d characters", limits.MaxSubject))
	}
	return nil
}

func exceeds(s *string, limit int) bool {
	return s != nil && limit > 0 && utf8.RuneCountInString(*s) > limit
}

// channel returns the thread ID in chatInfo, or "" if there is no chatInfo. The parameter
// is documented for v1.0, but only beta accepts it (onlinemeeting-createorget.md, Notes).
func (s *Server) channel(c *call, chat *chatInfoBody) (string, error) {
	switch {
	case chat == nil:
		return "", nil
	case c.version != "beta" && !s.tenant.Switches().ChatInfoInV1:
		return "", badRequest(genericMessage, "chatInfo is supported in beta only")
	case chat.ThreadID == nil || !strings.HasPrefix(*chat.ThreadID, "19:"):
		return "", badRequest(genericMessage, "chatInfo.threadId is not a thread")
	}
	return *chat.ThreadID, nil
}

// checkLicense refuses callers who cannot have meetings: personal accounts and people
// without a Teams licence.
func checkLicense(c *call) error {
	if c.caller.NoLicense || c.caller.Tenant == tenant.PersonalTenant {
		return forbidden("the person has no licence for Teams meetings")
	}
	return nil
}
