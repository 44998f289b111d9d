package meeting_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"meetdesk/linear"
	"meetdesk/meeting"
)

func TestTicketsAreReadInLinearTime(t *testing.T) {
	rule := meeting.TicketRule{Pattern: regexp.MustCompile(`^[A-Z]{2,5}-?\d{3,9}$`), URL: "https://t.example/{ticket}"}
	for _, tt := range []struct {
		name       string
		size       int
		head, tail string
		parse      func(string)
	}{
		{"ticket key", 8 << 10, "", "", func(s string) { meeting.TicketKey(s) }},
		{"ticket rule", 8 << 10, "INC", "1", func(s string) { rule.Normal(s); rule.Link(s) }},
		{"another external ID", 8 << 10, "", "~2", func(s string) { meeting.AnotherExternalID(s, []string{s, s + "~3"}) }},
	} {
		t.Run(tt.name, func(t *testing.T) { linear.Texts(t, tt.size, tt.head, tt.tail, tt.parse) })
	}
}

// TestPeopleAreComparedInLinearTime checks that comparing lists of people takes linear
// time. MaxAttendees does not limit the lists that Graph returns.
func TestPeopleAreComparedInLinearTime(t *testing.T) {
	for name, pattern := range map[string]meeting.Attendee{"by name": {Name: "#"}, "by UPN": {UPN: "#@b.example"}, "by ID": {ObjectID: "#", UPN: "x@b.example"}} {
		people := func(size int) (list []meeting.Attendee) {
			for i := range 200 * size { // longer lists would not fit into the CPU's cache
				in := strings.NewReplacer("#", strconv.Itoa(i))
				list = append(list, meeting.Attendee{Name: in.Replace(pattern.Name), UPN: in.Replace(pattern.UPN), ObjectID: in.Replace(pattern.ObjectID)})
			}
			return list
		}
		linear.Check(t, "keep "+name, people, func(list []meeting.Attendee) { meeting.Keep(list, list); meeting.Keep(nil, list) })
		linear.Check(t, "wish "+name, people, func(list []meeting.Attendee) {
			meeting.Attempt{Outcome: meeting.OutcomeFound, Asked: meeting.Asked{Attendees: list}}.Wish(list)
		})
		linear.Check(t, "compare "+name, people, func(list []meeting.Attendee) { meeting.SamePeople(list, list) })
	}
}
