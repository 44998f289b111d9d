package msgraph

import (
	"net/http"
	"regexp"
	"strings"

	"meetdesk/emulator/tenant"
	"meetdesk/emulator/wire"
)

// lookup matches the two filters that Graph supports for online meetings. Single quotes
// in the value are doubled.
var lookup = regexp.MustCompile(`(?i)^\s*(JoinWebUrl|joinMeetingIdSettings/joinMeetingId)\s+eq\s+'((?:[^']|'')*)'\s*$`)

// findMeeting finds one of the caller's meetings by join link or numeric ID. Graph cannot
// list meetings, so a filter is required.
func (s *Server) findMeeting(c *call) (wire.Response, error) {
	if err := checkLicense(c); err != nil {
		return wire.Response{}, err
	}
	filter := lookup.FindStringSubmatch(trimParentheses(c.option("filter")))
	if filter == nil {
		return wire.Response{}, badRequest("1026: An error has occurred.", "the $filter is missing or not supported")
	}
	byLink, value := strings.EqualFold(filter[1], "JoinWebUrl"), strings.ReplaceAll(filter[2], "''", "'")
	m, ok := s.tenant.Records.FindMeeting(func(d tenant.Document) bool {
		if byLink {
			return d["joinWebUrl"] == value
		}
		settings, _ := d["joinMeetingIdSettings"].(map[string]any)
		return settings["joinMeetingId"] == value
	})
	if !ok || m.Gone(s.tenant.Now()) {
		return wire.Response{}, unknownMeeting("no meeting has that link or ID")
	}
	if !m.OrganizedBy(c.caller) {
		return wire.Response{}, noAccess()
	}
	d, err := s.visible(c, m)
	if err != nil {
		return wire.Response{}, err
	}
	return wire.JSON(http.StatusOK, graphJSON, map[string]any{
		"@odata.context": s.meetingsContext(c),
		"value":          []tenant.Document{d},
	}), nil
}

func trimParentheses(filter string) string {
	for {
		trimmed := strings.TrimSpace(filter)
		opened, begins := strings.CutPrefix(trimmed, "(")
		closed, ends := strings.CutSuffix(opened, ")")
		if !begins || !ends {
			return trimmed
		}
		filter = closed
	}
}
