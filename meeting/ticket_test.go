package meeting_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"meetdesk/meeting"
)

func TestTicketKey(t *testing.T) {
	for externalID, want := range map[string]string{
		"INC0012345":        "inc0012345",
		"inc-0012345":       "inc0012345",
		"INC 0012345":       "inc0012345",
		"#INC0012345":       "inc0012345",
		" INC_0012345 ":     "inc0012345",
		"INC0012345~2":      "inc0012345",
		"INC–0012345":       "inc0012345",
		"INC12345":          "inc12345", // a different number, because zeros are significant
		"[INC0012345]":      "inc0012345",
		"“INC 0012345”,":    "inc0012345",
		"(INC0012345~2)":    "inc0012345",
		"ＩＮＣ－００１２３４５":       "inc0012345",
		"INC٠٠١٢٣٤٥":        "inc0012345",
		"INC−0012345":       "inc0012345",
		"1-23":              "1-23",
		"12-3":              "12-3",
		"1 - 23":            "1-23",
		"CHG-2231/4":        "chg2231-4",
		"HR case 12":        "hr-case12",
		"INC0012345~1":      "inc0012345~1", // the desk never writes "~1"
		"INC0012345~02":     "inc0012345~02",
		"~2":                "~2",
		"ÄRENDE-7":          "ärende7",
		"7eb8263f-d0e0-414": "7eb8263f-d0e0-414",
		"#":                 "",
		"":                  "",
	} {
		if got := meeting.TicketKey(externalID); got != want {
			t.Errorf("TicketKey(%q) = %q, want %q", externalID, got, want)
		}
	}
}

func TestTicketKeyProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`#?[A-Za-z]{0,4}[-_ ]?[0-9]{1,7}(-[0-9]{1,3})?`).Draw(t, "external ID")
		key := meeting.TicketKey(id)
		if again := meeting.TicketKey(key); again != key {
			t.Errorf("TicketKey(%q) = %q, want the key itself", key, again)
		}
		if upper := meeting.TicketKey(strings.ToUpper(id)); upper != key {
			t.Errorf("TicketKey of %q is %q in capitals and %q as typed", id, upper, key)
		}
		if another := meeting.AnotherExternalID(id, []string{id}); meeting.TicketKey(another) != key {
			t.Errorf("%q and %q have different ticket keys", another, id)
		}
	})
}

func TestAnotherExternalID(t *testing.T) {
	for _, tt := range []struct {
		externalID string
		existing   []string
		want       string
	}{
		{"INC1", nil, "INC1~2"},
		{"INC1", []string{"INC1"}, "INC1~2"},
		{"INC1", []string{"INC1", "INC1~2"}, "INC1~3"},
		{"INC1~2", []string{"INC1", "INC1~2"}, "INC1~3"},
		{"INC1", []string{"INC1~7"}, "INC1~8"},
		{"INC1", []string{"inc-1~4", "INC2~9"}, "INC1~5"},
		{"INC1", []string{"INC1~9998"}, "INC1~9999"},
		{"INC1", []string{"INC1~9999"}, "INC1~2"},
		{"INC1", []string{"INC1", "INC1~2", "INC1~9999"}, "INC1~3"},
		{"INC1~9999", []string{"INC1~9999"}, "INC1~2"},
	} {
		if got := meeting.AnotherExternalID(tt.externalID, tt.existing); got != tt.want {
			t.Errorf("AnotherExternalID(%q, %q) = %q, want %q", tt.externalID, tt.existing, got, tt.want)
		}
	}
}
