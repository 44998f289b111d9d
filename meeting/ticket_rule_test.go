package meeting_test

import (
	"regexp"
	"testing"

	"meetdesk/meeting"
)

func TestTicketRuleNormal(t *testing.T) {
	for _, tt := range []struct {
		pattern, typed string
		want           string // "" if the rule refuses the external ID
	}{
		{`^INC\d{7}$`, "INC0012345", "INC0012345"},
		{`^INC\d{7}$`, "inc0012345", "INC0012345"},
		{`^INC\d{7}$`, " inc 001-2345 ", "INC0012345"},
		{`^INC\d{7}$`, "#INC0012345", "INC0012345"},
		{`^INC\d{7}$`, "INC–0012345", "INC0012345"},
		{`^INC\d{7}$`, "INC0012345~2", "INC0012345~2"},
		{`^INC\d{7}$`, "inc-0012345~12", "INC0012345~12"},
		{`^INC\d{7}$`, "INC0012345~1", ""}, // the desk never writes "~1"
		{`^INC\d{7}$`, "INC12345", ""},     // zeros are not added
		{`^INC\d{7}$`, "INC00123456", ""},
		{`^INC\d{7}$`, "REQ0012345", ""},
		{`^INC\d{7}$`, "~2", ""},
		{`^[A-Z]+-\d+$`, "desk-77", "DESK-77"},
		{`^[A-Z]+-\d+$`, "DESK77", ""}, // separators are not added
		{`^case \d+$`, "case 12", "case 12"},
		{`^case \d+$`, "CASE 12", ""}, // lower case is not tried
		{`^[a-z]{3}\d+$`, "inc 12", "inc12"},
		{`INC\d{7}`, "see INC0012345", "see INC0012345"}, // the pattern has no anchors
		{`^\d{5,}$`, "67 001", "67001"},
		{`^\d{5,}$`, "67-001", "67001"},
		{`^\d{5,}$`, "67 001 234", "67001234"},
		{`^\d{8}$`, "2027-0303", "20270303"},
		{`^\d{5,}$`, "67001-1", ""}, // ambiguous: may be 67001 or 670011
		{`^\d{5,}$`, "67001/1", ""},
		{`^\d{5,}$`, "67001 1", ""},
		{`^\d{5,}$`, "67-001-1", ""},
		{`^CS\d+$`, "cs 67001-2", ""},
		{`^INC\d{7,8}$`, "INC0012345.2", ""},
		{``, "anything at all", "anything at all"},
	} {
		var rule meeting.TicketRule
		if tt.pattern != "" {
			rule.Pattern = regexp.MustCompile(tt.pattern)
		}
		got, ok := rule.Normal(tt.typed)
		if ok != (tt.want != "") || ok && got != tt.want || !ok && got != tt.typed {
			t.Errorf("%s: Normal(%q) = %q, %v; want %q", tt.pattern, tt.typed, got, ok, tt.want)
		}
	}
}

func TestTicketRuleLink(t *testing.T) {
	pattern := regexp.MustCompile(`^INC\d{7}$`)
	for _, tt := range []struct {
		url, externalID, want string
	}{
		{"https://t.example/{ticket}", "INC0012345", "https://t.example/INC0012345"},
		{"https://t.example/{ticket}", "INC0012345~3", "https://t.example/INC0012345"},
		{"https://t.example/{ticket}", "inc-0012345", "https://t.example/INC0012345"},
		{"https://t.example/?q={ticket}#{ticket}", "old 1", "https://t.example/?q=old%201#old%201"},
		{"https://t.example/?q={ticket}", `a&b=c/../d?e#f+"<é`, "https://t.example/?q=a%26b%3Dc%2F..%2Fd%3Fe%23f%2B%22%3C%C3%A9"},
		{"https://t.example/{ticket}", "", ""},
		{"", "INC0012345", ""},
	} {
		rule := meeting.TicketRule{Pattern: pattern, URL: tt.url}
		if got := rule.Link(tt.externalID); got != tt.want {
			t.Errorf("the link of %q with %s is %q, want %q", tt.externalID, tt.url, got, tt.want)
		}
	}
}
