package emulator

import (
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// createOrGetBody holds the six parameters of the action. Others are ignored.
type createOrGetBody struct {
	ExternalID   *string           `json:"externalId"`
	Subject      *string           `json:"subject"`
	Start        *edmTime          `json:"startDateTime"`
	End          *edmTime          `json:"endDateTime"`
	Participants *participantsBody `json:"participants"`
	ChatInfo     *chatInfoBody     `json:"chatInfo"`
}

// conflictWindow is how long making a meeting takes at least where a second
// call can notice it.
const conflictWindow = 100 * time.Millisecond

type chatInfoBody struct {
	ThreadID *string `json:"threadId"`
}

// createOrGet answers 201 with a new meeting, or 200 with the caller's meeting
// of that external ID, whatever else the request says.
func (e *Emulator) createOrGet(c *graphCall) (answer, error) {
	if err := licensed(c); err != nil {
		return answer{}, err
	}
	var body createOrGetBody
	if err := c.decodeAs(createOrGetShape(), &body); err != nil {
		return answer{}, err
	}
	n, err := e.asked(c, body)
	if err != nil {
		return answer{}, err
	}
	key := meetingKey{Tenant: c.caller.Tenant, Organizer: c.caller.ObjectID, ExternalID: n.externalID}
	w := e.Switches()
	if w.SimultaneousConflict {
		done, err := e.state.beginFirst(key, n.now)
		if err != nil {
			return answer{}, err
		}
		if done != nil {
			defer done()
			time.Sleep(max(conflictWindow, time.Duration(e.latency.Load()))) // whoever leaves meanwhile has made a meeting all the same
		}
	}
	m, created, err := e.state.obtain(key, n.now, w, n.document)
	if err != nil {
		return answer{}, err
	}
	if created {
		return e.meetingAnswer(c, http.StatusCreated, m)
	}
	return e.meetingAnswer(c, http.StatusOK, m)
}

// asked checks the parameters. They must be right for an existing meeting too.
func (e *Emulator) asked(c *graphCall, body createOrGetBody) (newMeeting, error) {
	n := newMeeting{organizer: c.caller, subject: body.Subject, now: e.now(), shortLink: e.Switches().ShortLinks}
	if body.ExternalID == nil || strings.TrimSpace(*body.ExternalID) == "" {
		return n, badRequest(anError, "externalId is missing or blank")
	}
	n.externalID = *body.ExternalID
	if err := checkLimits(body, e.Switches()); err != nil {
		return n, err
	}
	var err error
	if n.start, n.end, err = meetingTimes(body.Start, body.End, n.now); err != nil {
		return n, err
	}
	if n.attendees, err = body.Participants.attendees(e.Switches().MaxAttendees); err != nil {
		return n, err
	}
	dropRoles(n.attendees)
	n.thread, err = e.channel(c, body.ChatInfo)
	return n, err
}

func checkLimits(body createOrGetBody, limits Switches) error {
	if limits.ASCIIExternalID && strings.ContainsFunc(*body.ExternalID, func(r rune) bool { return r < ' ' || r > '~' }) {
		return badRequest(anError, "externalId has characters outside of printable ASCII")
	}
	if over(body.ExternalID, limits.MaxExternalID) {
		return badRequest(anError, fmt.Sprintf("externalId is over %d characters", limits.MaxExternalID))
	}
	if over(body.Subject, limits.MaxSubject) {
		return badRequest(anError, fmt.Sprintf("subject is over %d characters", limits.MaxSubject))
	}
	return nil
}

func over(s *string, limit int) bool {
	return s != nil && limit > 0 && utf8.RuneCountInString(*s) > limit
}

// channel returns the thread of chatInfo, which v1.0 lists as a parameter and
// does not take (onlinemeeting-createorget.md, Notes).
func (e *Emulator) channel(c *graphCall, chat *chatInfoBody) (string, error) {
	switch {
	case chat == nil:
		return "", nil
	case c.version != "beta" && !e.Switches().ChatInfoInV1:
		return "", badRequest(anError, "chatInfo is supported in beta only")
	case chat.ThreadID == nil || !strings.HasPrefix(*chat.ThreadID, "19:"):
		return "", badRequest(anError, "chatInfo.threadId is not a thread")
	}
	return *chat.ThreadID, nil
}

// licensed refuses who cannot have meetings: a personal account, or somebody
// without a Teams licence.
func licensed(c *graphCall) error {
	if c.caller.NoLicense || c.caller.Tenant == PersonalTenant {
		return forbidden("the person has no licence for Teams meetings")
	}
	return nil
}
