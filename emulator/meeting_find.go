package emulator

import (
	"net/http"
	"regexp"
	"strings"
)

// lookup matches the two filters that Graph has for a person's own meetings. A
// quote inside the value is doubled.
var lookup = regexp.MustCompile(`(?i)^\s*(JoinWebUrl|joinMeetingIdSettings/joinMeetingId)\s+eq\s+'((?:[^']|'')*)'\s*$`)

// findMeeting finds one meeting by its join link or its numeric ID, for its
// organizer only. There is no list: without a filter Graph refuses.
func (e *Emulator) findMeeting(c *graphCall) (answer, error) {
	if err := licensed(c); err != nil {
		return answer{}, err
	}
	filter := lookup.FindStringSubmatch(unwrapped(c.option("filter")))
	if filter == nil {
		return answer{}, badRequest("1026: An error has occurred.", "the $filter is missing or not supported")
	}
	m, ok := e.state.meetingWith(strings.EqualFold(filter[1], "JoinWebUrl"), strings.ReplaceAll(filter[2], "''", "'"))
	if !ok || m.gone(e.now()) {
		return answer{}, unknownMeeting("no meeting has that link or ID")
	}
	if !m.organizedBy(c.caller) {
		return answer{}, graphError{status: http.StatusForbidden, code: "Forbidden", message: "3003: User does not have access to lookup meeting"}
	}
	d, err := e.shown(c, m)
	if err != nil {
		return answer{}, err
	}
	return jsonAnswer(http.StatusOK, graphJSON, map[string]any{
		"@odata.context": e.meetingsContext(c),
		"value":          []document{d},
	}), nil
}

// unwrapped takes off the parentheses around a whole filter.
func unwrapped(filter string) string {
	for {
		in := strings.TrimSpace(filter)
		opened, begins := strings.CutPrefix(in, "(")
		closed, ends := strings.CutSuffix(opened, ")")
		if !begins || !ends {
			return in
		}
		filter = closed
	}
}

// meetingWith returns the meeting with a join link, or with a numeric ID.
func (s *state) meetingWith(link bool, value string) (meeting, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.meetings {
		settings, _ := m.Document["joinMeetingIdSettings"].(map[string]any)
		found := settings["joinMeetingId"]
		if link {
			found = m.Document["joinWebUrl"]
		}
		if found == value && !m.Removed {
			return m, true
		}
	}
	return meeting{}, false
}
