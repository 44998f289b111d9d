package people_test

import (
	"testing"

	"meetdesk/linear"
	"meetdesk/people"
)

func TestTextIsReadInLinearTime(t *testing.T) {
	for _, tt := range []struct {
		name       string
		size       int
		head, tail string
		parse      func(string)
	}{
		{"people", 8 << 10, "", "", func(s string) { people.Parse(s) }},
		{"people before an address", 8 << 10, "", "a@b.example", func(s string) { people.Parse(s) }},
		{"people after an address", 8 << 10, "Ana <a@b.example>", "", func(s string) { people.Parse(s) }},
		{"people in quotes", 8 << 10, `"`, `" <a@b.example>`, func(s string) { people.Parse(s) }},
		{"query", 8 << 10, "", "", func(s string) { people.Query(s) }},
	} {
		t.Run(tt.name, func(t *testing.T) { linear.Texts(t, tt.size, tt.head, tt.tail, tt.parse) })
	}
}
