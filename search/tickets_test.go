package search_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/search"
	"meetdesk/testenv"
)

// rules contains the rules in docs/deep-links.md and a few others, by name.
var rules = map[string]meeting.TicketRule{
	"none":       {},
	"ServiceNow": {Pattern: regexp.MustCompile(`^INC\d{7}$`), URL: "https://example.service-now.com/nav_to.do?uri=incident.do%3Fsysparm_query%3Dnumber%3D{ticket}"},
	"Jira":       {Pattern: regexp.MustCompile(`^[A-Z][A-Z0-9]+-\d+$`), URL: "https://example.atlassian.net/browse/{ticket}"},
	"Zammad":     {Pattern: regexp.MustCompile(`^\d{5,}$`), URL: "https://zammad.example.org/#search/{ticket}"},
	"own path":   {Pattern: regexp.MustCompile(`(?:^REQ\d+$)|(^\d+/\d{4}$)`), URL: "https://tickets.example/show/{ticket}/details"},
	"URL only":   {URL: "https://tickets.example/find?n={ticket}&x=1"},
}

func TestTicketsWithRules(t *testing.T) {
	for rule, texts := range map[string]map[string][]string{
		"none": {
			"Ticket#67001": {"67001"}, "my ticket is 67001": {"67001"}, "Case 12345, please": {"12345"}, "printer #123 broken": {"123"},
			"chamado nº 12345": {"12345"}, "Caso: 12345": {"12345"}, "Fall 4711": {"4711"}, "Vorgangsnummer: 12345": {"12345"}, "Ticket n° 4711": {"4711"},
			"Fallnr. 99": {"99"}, "Re: Case No. 00012345: printer": {"00012345"}, "Störung 815 im Haus": {"815"}, "zgłoszenie nr 31337": {"31337"}, "ärende 5150 väntar": {"5150"},
			"工单 12345": {"12345"}, "Ticket: CHG-2231/4": {"CHG-2231/4"}, "[JIRA] (DESK-77) Laptop": {"DESK-77"}, "service desk ticket number is 67001.": {"67001"},
			"67,001": {"67001"}, "67001.0": {"67001"}, "67.001,00": {"67.001", "67001"}, "٦٧٠٠١": {"67001"}, "ticket #๖๗๐๐๑": {"67001"}, "> ticket > 67001": {"67001"},
			"Budget Fall 2026": nil, "showcase 12345": nil, "C#12345": nil, "room 12345": nil, "https://zammad.example.org/#ticket/zoom/67001": nil, "AT&T #": nil,
			"meu chamado é o 4711": {"4711"}, "o número do chamado é 4711": {"4711"}, "le numéro du dossier est le 4711": {"4711"}, "mi caso es el 4711": {"4711"}, "Ticketnummer lautet 4711": {"4711"},
			"工单号：4711": {"4711", "工单号:4711"}, "案件番号 4711": {"4711"}, "チケット番号：４７１１": {"4711", "チケット番号:4711"}, "티켓 번호 4711": {"4711"}, `my "ticket" 4711`: {"4711"},
			"ticket 67,001": {"67,001", "67001"}, "Ticket#67 001": {"67 001", "67001"}, "case 1,234,567 please": {"1,234,567", "1234567"}, "chamado 67.001": {"67.001", "67001"}, "Fall 67'001": {"67'001", "67001"}, "ＤＥＳＫ－７７": {"DESK-77"}, "ticket 4711 10:30": {"4711"}, "case 12, floor 3": {"12"},
			"=?UTF-8?Q?Re:_Ticket=2367001?= Printer": {"67001", "Ticket#67001"},
		},
		"ServiceNow": {
			"my INC0012345 does not open": {"INC0012345"}, "inc0012345": {"INC0012345"}, "see inc 0012345 and (INC-0012346)": {"INC0012345", "INC0012346"}, "inc 001-2345, thanks": {"INC0012345"},
			"INC0012345~2 please": {"INC0012345~2"}, "INC٠٠١٢٣٤٥": {"INC0012345"}, "Incident:INC0012345/assigned": {"INC0012345"}, "xINC0012345": nil, "INC00123456": nil,
			"INC0012345-2": nil, "meeting-INC0012345-2.ics": nil, "INC0012345.1 and more": {"INC0012345.1"}, "ＩＮＣ００１２３４５ です": {"INC0012345"}, "inc  001-2345": {"INC0012345"},
			"https://example.service-now.com/nav_to.do?uri=incident.do%3Fsysparm_query%3Dnumber%3DINC0012345":                      {"INC0012345"},
			"example.service-now.com/nav_to.do?uri=incident.do%3Fsysparm_query%3Dnumber%3Dinc0012345":                              {"INC0012345"},
			"https://example.service-now.com/now/nav/ui/classic/params/target/incident.do%3Fsysparm_query%3Dnumber%253DINC0012345": {"INC0012345"},
			safe("https://example.service-now.com/nav_to.do?uri=incident.do%3Fsysparm_query%3Dnumber%3DINC0012345"):                {"INC0012345"},
		},
		"Jira": {
			"[JIRA] (DESK-77) Laptop": {"DESK-77"}, "desk-77": {"DESK-77"}, "desk 77 laptop": {"DESK-77"}, "[jira] [Created] (DESK-77) see DESK-78": {"DESK-77", "DESK-78"},
			"https://example.atlassian.net/browse/DESK-77?focusedCommentId=10203": {"DESK-77"}, "https://example.atlassian.net/jira/boards/1?selectedIssue=DESK-77": {"DESK-77"},
			"EXAMPLE.atlassian.net/browse/desk-77.": {"DESK-77"},
			join:                                    nil, request: nil, "DESK-77.pdf": {"DESK-77"}, "feature/DESK-77-laptop": {"DESK-77"}, "meeting-DESK-77.ics": {"DESK-77"},
			"DESK-77-2": nil, "DESK-77/2": nil, "DESK-77.2 fails": {"DESK-77.2"}, "DESK-77_2": nil, "ＤＥＳＫ－７７": {"DESK-77"},
		},
		"Zammad": {
			"Ticket#67001": {"67001"}, "my ticket is 67001": {"67001"}, "67001 and 67002": {"67001", "67002"}, "Re: 67001, VPN": {"67001"},
			"https://zammad.example.org/#search/67001": {"67001"}, "https://zammad.example.org/#ticket/zoom/67001": nil, "https://zammad.example.org/#user/profile/67001": nil, join: nil,
			"call 206-485-3005": nil, "67001, 67002": {"67001", "67002"}, "67001,67002": {"67001", "67002"}, "67001.0 Printer": {"67001"}, "meeting-67001.ics": {"67001"},
			// Longer numbers, and numbers that are not tickets.
			"67001-2": nil, "order 67001-2": nil, "67001/2": nil, "2026-67001": nil, "12.67001": nil, "67001.50 EUR": nil, "meeting-67001-2.ics": nil,
			"call +351 210 67001": nil, "tel. 0351 67001": nil, "(0351) 67001": nil, "+67001": nil, "Passcode: 670012 Ticket#67001": {"67001", "Ticket#67001"},
			"https://zammad.example.org/#search/67001-2": {"67001-2"}, "https://zammad.example.org/#search/67001%202": {"67001 2"},
		},
		"own path": {
			"https://tickets.example/show/12%2F2027/details#x": {"12/2027"}, "REQ5 and 12/2027": {"REQ5", "12/2027"}, "see REQ12b": nil,
		},
		"URL only": {
			"https://tickets.example/find?n=CHG%2022%2F4&x=1": {"CHG 22/4"}, safe("https://tickets.example/find?n=CHG%2022%2F4&x=1"): {"CHG 22/4"}, "https://tickets.example/find?m=5": nil,
		},
	} {
		for text, want := range texts {
			if got := search.Recognize(text, people.OnlyAddress).Tickets(rules[rule]); !slices.Equal(sorted(got), sorted(want)) {
				t.Errorf("%s: %q names %q, want %q", rule, text, got, want)
			}
		}
	}
}

func TestTicketsWithoutARule(t *testing.T) {
	for text, want := range map[string][]string{
		"INC0012345":        nil, // the text itself is not returned
		"ticket INC0012345": {"INC0012345"},
		"Hi, my meeting (INC0012345) and CHG-2231, thanks.": {"INC0012345", "CHG-2231"},
		"I N C 0 0 1 2": {"INC0012"},
		"https://meet.contoso.example/t/INC%2F0012345?x=1":        {"INC/0012345"},
		"<https://tickets.contoso.example/show/CHG-2231>, please": {"CHG-2231"},
		"https://contoso.example/about/us":                        nil,
		"3 floor printer a1":                                      nil,
		"VPN 12345 at 10:30":                                      nil, // a number without a label
	} {
		if got := search.Recognize(text, people.OnlyAddress).Tickets(meeting.TicketRule{}); !slices.Equal(got, want) {
			t.Errorf("%q names %q, want %q", text, got, want)
		}
	}
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

func TestTicketsInLongTexts(t *testing.T) {
	testenv.SkipUnlessLong(t)
	testenv.SkipUnderRace(t)
	for name, rule := range rules {
		for _, piece := range []string{"INC0012345 ", "DESK-77 ", "67001,", "ticket ", "a-", "1 ", "https://tickets.example/find?n=", "%25", "=3D"} {
			if got := search.Recognize(strings.Repeat(piece, 400_000/len(piece)), people.OnlyAddress).Tickets(rule); len(got) > 8 {
				t.Errorf("%s: %q names %d tickets", name, piece, len(got))
			}
		}
	}
}
