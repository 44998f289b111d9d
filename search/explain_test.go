package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/search"
)

func TestExplain(t *testing.T) {
	m := meeting.Listed{ExternalID: "CHG/INC0012345", Subject: "Wi-Fi in Müller's room", Organizer: "Priya Nair", OrganizerUPN: "priya@contoso.example"}
	attendees := []meeting.Attendee{{Name: "Tomás Oliveira", UPN: "tomas@contoso.example"}, {UPN: "dana@fabrikam.example"}, {Name: "Sam", UPN: "sam@fabrikam.example"}}
	for typed, want := range map[string]string{
		"wifi":                            "subject",
		"mueller oliv":                    "subject, attendee Tomás Oliveira",
		"contoso":                         "organizer",
		"dana@fabrikam":                   "attendee dana@fabrikam.example",
		"fabrikam":                        "attendee dana@fabrikam.example", // the first of several attendees that match
		"oliveira/tomas":                  "attendee Tomás Oliveira",
		"example/sam":                     "attendee Sam", // the phrase begins in the address of the previous attendee
		"chg":                             "external_id",
		"chg-inc 0012345":                 "ticket_prefix",
		"chg inc 00":                      "ticket_prefix",
		"inc 0012":                        "external_id", // the text looks like a ticket number, but the meeting's ticket does not begin with it
		"chg wifi nair oliveira dana sam": "external_id, subject, organizer, attendee Tomás Oliveira",
		"wifi router":                     "not found: subject",
		"i":                               "not found: ",
		"":                                "not found: ",
	} {
		reasons, ok := search.Parse(typed).Explain(m, attendees)
		var list []string
		for _, r := range reasons {
			list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s", r.By, r.Name)))
		}
		got := strings.Join(list, ", ")
		if !ok {
			got = "not found: " + got
		}
		if got != want {
			t.Errorf("%q: %s; want %s", typed, got, want)
		}
	}
}

// Explain must not modify the query, which callers may reuse.
func TestExplainKeepsTheQuery(t *testing.T) {
	q := search.Parse("wifi oliveira")
	before := len(q.Terms)
	q.Explain(meeting.Listed{Subject: "wifi"}, nil)
	if _, ok := q.Explain(meeting.Listed{Subject: "wifi"}, []meeting.Attendee{{Name: "Oliveira"}}); !ok || len(q.Terms) != before || !slices.Contains(q.Terms[0][0].Tokens, "wifi") {
		t.Errorf("found: %v, %+v", ok, q)
	}
}
