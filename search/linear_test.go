package search_test

import (
	"regexp"
	"testing"
	"time"

	"meetdesk/linear"
	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/search"
)

// Some strings are short, because Recognize truncates long ones. Truncation would hide
// how the time grows.
func TestRecognizeTakesLinearTime(t *testing.T) {
	recognize := func(s string) { search.Recognize(s, people.OnlyAddress) }
	rule := meeting.TicketRule{Pattern: regexp.MustCompile(`^[A-Z]{2,5}-?\d{3,9}$`), URL: "https://t.example/{ticket}"}
	for _, tt := range []struct {
		name       string
		size       int
		head, tail string
		parse      func(string)
	}{
		{"text", 500, "", "", recognize},
		{"text before a link", 500, "", "https://teams.microsoft.com/meet/1234567890123?p=a", recognize},
		{"text after a link", 500, "https://teams.microsoft.com/l/meetup-join/", "", recognize},
		{"text within a wrapped link", 500, "https://urldefense.com/v2/url?u=https-3A__", "&d=", recognize},
		{"reply prefixes", 500, "RE: ", "", recognize},
		{"day", 8 << 10, "", "", func(s string) { search.FindDay(s, time.Unix(0, 0), false) }},
		{"day after a number", 8 << 10, "26 ", " 2026", func(s string) { search.FindDay(s, time.Unix(0, 0), false) }},
		{"tickets in a text", 8 << 10, "", "", func(s string) { search.Input{Text: s}.Tickets(meeting.TicketRule{}) }},
		{"tickets in a text, by a rule", 500, "", "", func(s string) { search.Input{Text: s}.Tickets(rule) }},
	} {
		t.Run(tt.name, func(t *testing.T) { linear.Texts(t, tt.size, tt.head, tt.tail, tt.parse) })
	}
}

func TestFoldTakesLinearTime(t *testing.T) {
	linear.Texts(t, 8<<10, "", "", func(text string) { search.Fold(text) })
	linear.Texts(t, 8<<10, "e", "é", func(text string) { search.Fold(text) })
}

func TestExplainTakesLinearTime(t *testing.T) {
	linear.Texts(t, 8<<10, "", "", func(text string) {
		search.Parse(text).Explain(meeting.Listed{Subject: text}, []meeting.Attendee{{Name: text}, {Name: text}})
	})
}
