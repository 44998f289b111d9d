package meeting_test

import (
	"strings"
	"testing"

	"meetdesk/meeting"
)

func TestPresetValidate(t *testing.T) {
	for _, tt := range []struct {
		name   string
		preset meeting.Preset
		want   meeting.Reason // "" if nothing is wrong
	}{
		{"the shortest name", meeting.Preset{Name: "A"}, ""},
		{"the longest name", meeting.Preset{Name: strings.Repeat("é", meeting.MaxPresetName)}, ""},
		{"no name", meeting.Preset{}, meeting.ReasonPresetNameBlank},
		{"a long name", meeting.Preset{Name: strings.Repeat("é", meeting.MaxPresetName+1)}, meeting.ReasonPresetNameLong},
		{"two lines", meeting.Preset{Name: "A\nB"}, meeting.ReasonPresetNameControl},
		{"an invisible character", meeting.Preset{Name: "A\u200bB"}, meeting.ReasonPresetNameControl},
		{"the ticket in the subject", meeting.Preset{Name: "A", Subject: "{ticket}: {ticket}"}, ""},
		{"an unknown placeholder", meeting.Preset{Name: "A", Subject: "{ticket} {number}"}, meeting.ReasonPresetPlace},
		{"a placeholder in capitals", meeting.Preset{Name: "A", Subject: "{Ticket}"}, meeting.ReasonPresetPlace},
		{"a single brace", meeting.Preset{Name: "A", Subject: ":-{"}, ""},
		{"a long subject", meeting.Preset{Name: "A", Subject: strings.Repeat("x", meeting.MaxSubject+1)}, meeting.ReasonSubjectLong},
		{"a long prefix", meeting.Preset{Name: "A", Prefix: strings.Repeat("x", meeting.MaxPresetPrefix+1)}, meeting.ReasonPresetPrefixLong},
		{"an unknown option", meeting.Preset{Name: "A", Options: meeting.Options{Lobby: "nobody"}}, meeting.ReasonOptionUnknown},
	} {
		got := tt.preset.Validate()
		if tt.want == "" && got.Any() || tt.want != "" && (len(got) != 1 || got[0].Key != tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, got, tt.want)
		}
	}
}

func TestPresetForTicket(t *testing.T) {
	presets := []meeting.Preset{{Name: "Any"}, {Name: "Change", Prefix: "CHG"}, {Name: "Urgent change", Prefix: "chg-9"}, {Name: "People", Prefix: "HR-"}, {Name: "Numbers", Prefix: "67001-"}, {Name: "Dash", Prefix: "-"}}
	for ticket, want := range map[string]string{
		"CHG-2231": "Change", "chg2231": "Change", "CHG-9": "Urgent change", "INC1": "", "": "", "CH": "", "XCHG": "",
		"HR-9002": "People", "hr9002": "People", "HR 9002": "People", "#hr_9002": "People", "ＨＲ-9002": "People", "HR-": "People", "HRX-1": "", "hrx1": "", "H": "",
		"67001-2": "Numbers", "67001/2": "Numbers", "670012": "", "-1": "",
	} {
		got, ok := meeting.PresetForTicket(presets, ticket)
		if got.Name != want || ok != (want != "") {
			t.Errorf("%q selects %q, want %q", ticket, got.Name, want)
		}
	}
}

func TestSubjectFor(t *testing.T) {
	for _, tt := range []struct{ pattern, ticket, want string }{
		{"Support {ticket} ({ticket})", "INC1", "Support INC1 (INC1)"},
		{"Support {ticket}", "", "Support {ticket}"},
		{"Support", "INC1", "Support"},
		{"{ticket}{ticket}", strings.Repeat("é", 200), strings.Repeat("é", meeting.MaxSubject)},
	} {
		if got := meeting.SubjectFor(tt.pattern, tt.ticket); got != tt.want {
			t.Errorf("%q for %q is %q, want %q", tt.pattern, tt.ticket, got, tt.want)
		}
	}
}
