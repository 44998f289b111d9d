package people_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/people"
)

// TestParsePasted checks that Parse reads text pasted from mail programs, spreadsheets,
// chats and the desk's own pages.
func TestParsePasted(t *testing.T) {
	const (
		presenter   = meeting.RolePresenter
		coorganizer = meeting.RoleCoorganizer
	)
	ana := []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana Silva"}}
	bare := []meeting.Attendee{{UPN: "ana@b.example"}}
	both := []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana Silva"}, {UPN: "bob@b.example", Name: "Bob Stone"}}
	for _, tt := range []struct {
		text string
		want []meeting.Attendee
	}{
		// A name and an address, in several arrangements.
		{"Ana Silva <ana@b.example<mailto:ana@b.example>>", ana},
		{"Ana Silva<ana@b.example>", ana},
		{"Ana Silva <mailto:ana@b.example>", ana},
		{"Ana Silva (ana@b.example)", ana},
		{"Ana Silva [ana@b.example]", ana},
		{"Ana Silva ana@b.example", ana},
		{"Ana Silva - ana@b.example", ana},
		{"Ana Silva: ana@b.example", bare}, // the text before a colon may be a heading
		{`"Ana Silva" ana@b.example`, ana},
		{"«Ana Silva» <ana@b.example>", ana},
		{"[Ana Silva](mailto:ana@b.example)", ana},
		{"[ana@b.example](mailto:ana@b.example)", bare},
		{"ana@b.example [mailto:ana@b.example]", bare},
		{"'ana@b.example' <'ana@b.example'>", bare},
		{"Ana Silva (HR) <ana@b.example>", []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana Silva (HR)"}}},
		{"Silva, Ana ana@b.example", []meeting.Attendee{{UPN: "ana@b.example", Name: "Silva, Ana"}}},
		{"Silva, Ana <ana@b.example>; Stone, Bob <bob@b.example>", []meeting.Attendee{{UPN: "ana@b.example", Name: "Silva, Ana"}, {UPN: "bob@b.example", Name: "Stone, Bob"}}},
		{"ana@old.example <ana@b.example>", []meeting.Attendee{{UPN: "ana@b.example", Name: "ana@old.example"}}},
		// Chat messages and raw email headers.
		{"[12:04, 3/3/2027] Ana Silva <ana@b.example>", ana},
		{"[03.03.27, 12:04:11] Ana Silva ana@b.example", ana},
		{"[3/3/2027 12:04 PM] Ana Silva\nana@b.example", ana},
		{"3/3/27, 12:04 - Ana Silva (ana@b.example)", ana},
		{"[12] Ana Silva <ana@b.example>", []meeting.Attendee{{UPN: "ana@b.example", Name: "[12] Ana Silva"}}},
		{"=?UTF-8?Q?Ana_Silva?= <ana@b.example>", ana},
		{"\"=?iso-8859-1?B?QW5hIFNpbHZh?=\" <ana@b.example>", ana},
		{"=?utf-8?Q?Ana?= =?utf-8?Q?_Silva?= <ana@b.example>", ana},
		// URI schemes such as sip: and mailto:.
		{"sip:ana@b.example", bare},
		{"sip:ana@b.example;transport=tls", bare},
		{"Ana Silva <sip:ana@b.example>", ana},
		{"SMTP:ana@b.example", bare},
		{"mailto:ana@b.example?subject=INC1&body=a%20b", bare},
		{"mailto:ana%40b.example", bare},
		{"mailto:ana@b.example,bob@b.example?subject=x", []meeting.Attendee{{UPN: "ana@b.example"}, {UPN: "bob@b.example"}}},
		{"<mailto:ana@b.example?cc=bob@b.example>", []meeting.Attendee{{UPN: "ana@b.example"}, {UPN: "bob@b.example"}}},
		// Punctuation after an address.
		{"ana@b.example.", bare},
		{"ana@b.example!", bare},
		{"Ana Silva <ana@b.example>.", ana},
		// Mail headers in several languages, named groups, quoted lines and numbered lists.
		{"To: Ana Silva <ana@b.example>\nCc: Bob Stone <bob@b.example>", both},
		{"An: Ana Silva <ana@b.example>; Bob Stone <bob@b.example>", both},
		{"De: Ana Silva <ana@b.example>\nPara: Bob Stone <bob@b.example>\nAssunto: Impressora", both},
		{"À : Ana Silva <ana@b.example>\nObjet : Imprimante", ana},
		{"**To:** Ana Silva <ana@b.example>\nSubject: Printer\nSent: Monday, 2 March 2026 10:00", ana},
		{"收件人：Ana Silva <ana@b.example>；Bob Stone <bob@b.example>", both},
		{"Kopie: ana@b.example", bare},
		{"Team North: Ana Silva <ana@b.example>, Bob Stone <bob@b.example>;", both},
		{"undisclosed-recipients:;\nana@b.example", bare},
		{"To:\nana@b.example", bare},
		{"> To: Ana Silva <ana@b.example>\n> > Cc: Bob Stone <bob@b.example>", both},
		{"1. Ana Silva <ana@b.example>\n2) Bob Stone <bob@b.example>", both},
		{"Ana Silva <ana@b.example>，Bob Stone <bob@b.example>", both},
		// Spreadsheet cells.
		{"Ana Silva\tana@b.example\tpresenter", []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana Silva", Role: presenter}}},
		{"Ana\tSilva\tana@b.example", ana},
		{"\"Silva, Ana\"\tana@b.example", []meeting.Attendee{{UPN: "ana@b.example", Name: "Silva, Ana"}}},
		{"ana@b.example\tAna Silva", ana},
		{"ana@b.example\tAna Silva\tPresenter", []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana Silva", Role: presenter}}},
		{"Presenter\tAna Silva\tana@b.example", []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana Silva", Role: presenter}}},
		{"ana@b.example\tbob@b.example", []meeting.Attendee{{UPN: "ana@b.example"}, {UPN: "bob@b.example"}}},
		// Roles and other words that the desk's pages show after an address.
		{"Ana Silva ana@b.example Apresentador De fora", []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana Silva", Role: presenter}}},
		{"Ana Silva ana@b.example Co-organizer Outside", []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana Silva", Role: coorganizer}}},
		{"ana@b.example Coorganizador Não identificado", []meeting.Attendee{{UPN: "ana@b.example", Role: coorganizer}}},
		{"ana@b.example [presenter]", []meeting.Attendee{{UPN: "ana@b.example", Role: presenter}}},
		{"Ana Silva\nana@b.example\nPresenter\nOutside\nBob Stone\nbob@b.example", []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana Silva", Role: presenter}, {UPN: "bob@b.example", Name: "Bob Stone"}}},
		{"Ana Silva\nana@b.example\nPresenterOutside\nbob@b.example De fora", []meeting.Attendee{{UPN: "ana@b.example", Name: "Ana Silva", Role: presenter}, {UPN: "bob@b.example"}}},
		{"ana@b.example CoorganizadorNão identificado", []meeting.Attendee{{UPN: "ana@b.example", Role: coorganizer}}},
		{"Zoë Q\n<ana@b.example>", []meeting.Attendee{{UPN: "ana@b.example", Name: "Zoë Q"}}},
		{"Ana Silva ana@b.example Outside\nOutside: somebody who is not of this organization.", ana},
		// Local parts with quotes or special characters.
		{`"ana"@b.example`, bare},
		{`Ana Silva <"ana"@b.example>`, ana},
		{`ana.o'neill+x@b.example`, []meeting.Attendee{{UPN: "ana.o'neill+x@b.example"}}},
		{"ana_b.example#EXT#@contoso.onmicrosoft.com", []meeting.Attendee{{UPN: "ana_b.example#EXT#@contoso.onmicrosoft.com"}}},
	} {
		got, problems := people.Parse(tt.text)
		if problems.Any() || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("Parse(%q) = %+v, %v; want %+v", tt.text, got, problems, tt.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, bad := range []string{
		"Ana Silva\nbob@b.example", // two people, one of them without an address
		"Ana, Bob", "Ana, Bob, carl@b.example", "ana@b.example, Bob Stone",
		"Ana <ana@b.example> Bob", "Ana\tana@b.example\tBob\tpresenter", "ana@b.example\tBob\tHR",
		`"ana silva"@b.example`, "ana@b..example", "ana@-b.example", ".ana@b.example", "ana.@b.example", "a..b@b.example",
		"ana@b.example@c.example", "ana@[10.0.0.1]", "ana@b_c.example", "Ana <ana@b.example", "(ana@b.example",
		"ana@" + strings.Repeat("b", 64) + ".example", strings.Repeat("a", 65) + "@b.example", "Ana ana@b.example organizer",
	} {
		if got, problems := people.Parse(bad); !problems.Any() {
			t.Errorf("Parse(%q) = %+v, want a problem", bad, got)
		}
	}
}

func TestParseStops(t *testing.T) {
	for text, want := range map[string]struct {
		key            meeting.Reason
		people, faults int
	}{
		strings.Repeat("x\n", 200000):                           {meeting.ReasonAttendeesLines, 0, 11},
		strings.Repeat("ana@b.example\n", 5000):                 {"", 1, 0},
		strings.Repeat("ana@b.example\n", 5001):                 {meeting.ReasonAttendeesFar, 1, 1},
		addresses(500):                                          {"", 500, 0},
		addresses(501):                                          {meeting.ReasonAttendeesMany, 501, 1},
		addresses(20000):                                        {meeting.ReasonAttendeesFar, 1000, 1},
		strings.Repeat("a,", 500000):                            {meeting.ReasonAttendeesLine, 0, 1},
		strings.Repeat("a,", 500000) + "ana@b.example, b@b.org": {meeting.ReasonAttendeesLine, 1, 1},
	} {
		people, problems := people.Parse(text)
		if len(people) != want.people || len(problems) != want.faults || want.key != "" && !problems.Has(want.key) {
			t.Errorf("%.30q…: %d people and %d problems, the last one %v; want %+v", text, len(people), len(problems), problems[max(0, len(problems)-1):], want)
		}
	}
}

func addresses(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("person" + strconv.Itoa(i) + "@b.example, ")
	}
	return b.String()
}
