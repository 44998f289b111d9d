package search_test

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"meetdesk/people"
	"meetdesk/search"
)

func TestRecognizeRequestIDs(t *testing.T) {
	checkRecognize(t, []recognized{
		{"Request ID: *" + request + "*", input{Kind: search.KindRequestID, RequestIDs: []string{request}}}, {"**" + request + "**", input{Kind: search.KindRequestID, RequestIDs: []string{request}}},
		{"{" + strings.ToUpper(request) + "}", input{Kind: search.KindRequestID, RequestIDs: []string{request}}},
		{"request-id: " + request + "\r\nclient-request-id: " + oid + "\r\nDate: Mon, 05 Oct 2026 08:00:00 GMT", input{Kind: search.KindRequestID, RequestIDs: []string{request, oid}}},
		{`{"error":{"code":"Forbidden","innerError":{"date":"2026-10-05T08:00:00","request-id":"` + request + `","client-request-id":"` + oid + `"}}}`, input{Kind: search.KindRequestID, RequestIDs: []string{request, oid}}},
		{"ID da solicitação: " + request, input{Kind: search.KindRequestID, RequestIDs: []string{request}}},
		{"Tenant ID: " + tid, input{Kind: search.KindText}},
		{"GET /v1.0/users/" + tid + "/onlineMeetings", input{Kind: search.KindText}},
		{"https://contoso.com/?x=" + request, input{Kind: search.KindText, Fault: search.LinkOther}},
		{"no x" + request + " here", input{Kind: search.KindText}},
	})
}

func TestRecognizeAddressesTicketsAndText(t *testing.T) {
	ana, ticket := input{Text: "ana@fabrikam.example", Kind: search.KindAddress}, input{Text: "INC0012345", Kind: search.KindTicket}
	checkRecognize(t, []recognized{
		{"Ana Conceição <ana@fabrikam.example<mailto:ana@fabrikam.example>>", ana}, {"[ana@fabrikam.example](mailto:ana@fabrikam.example)", ana},
		{"sip:ana@fabrikam.example", ana},
		{"[INC0012345]", ticket}, {"(INC0012345)", ticket}, {"INC0012345,", ticket}, {"“INC0012345”;", ticket},
		{"priya@contoso.com;", input{Text: "priya@contoso.com", Kind: search.KindAddress}},
		{"Nair, Priya <priya@contoso.com>", input{Text: "priya@contoso.com", Kind: search.KindAddress}},
		{"mailto:priya%2Bdesk@contoso.com?subject=x", input{Text: "priya+desk@contoso.com", Kind: search.KindAddress}},
		{"priya@contoso.com, li@fabrikam.com", input{Kind: search.KindText}},
		{"INC0012345~2", input{Kind: search.KindTicket}},
		{"inc 0012345", input{Kind: search.KindTicket}},
		{"inc 0012345678", input{Kind: search.KindTicket, MeetingIDs: []string{"0012345678"}}},
		{"chamado nº 12345", input{Kind: search.KindText}},
		{"Ticket # 12345", input{Kind: search.KindTicket}},
		{"CHG-2231/4", input{Kind: search.KindTicket}},
		{"#123", input{Kind: search.KindTicket}},
		{"3 floor printer", input{Kind: search.KindText}},
		{"Room 12", input{Kind: search.KindText}},
		{"Budget 2026", input{Kind: search.KindText}},
		{"printer", input{Kind: search.KindText}},
		{"https://tickets.contoso.com/INC0012345", input{Kind: search.KindText, Fault: search.LinkOther}},
		{"priya@contoso.com.", input{Text: "priya@contoso.com", Kind: search.KindAddress}},
		{strings.Repeat("x", 700) + " <priya@contoso.com>", input{Kind: search.KindText}},
		{strings.Repeat("1-", 40) + "x", input{Kind: search.KindText}},
		{"INC\u200b0012345", input{Kind: search.KindTicket}},
		{"incident 12345", input{Kind: search.KindTicket}},
		{"inc 201", input{Kind: search.KindTicket}},
		{"1 2 3 4", input{Kind: search.KindText}},
		{"inc 123 456", input{Kind: search.KindText}},
		{"3a 12345", input{Kind: search.KindText}},
		{"inc 123abc", input{Kind: search.KindText}},
		{"inc 1998", input{Kind: search.KindText}},
		{"printers 412", input{Kind: search.KindText}},
		{"constellations 12345", input{Kind: search.KindText}},
		{" \x00\u200b", input{Text: "", Kind: search.KindText}},
	})
}

func TestRecognizeKeepsTheFirstIDs(t *testing.T) {
	var ids []string
	for i := range 10 {
		ids = append(ids, request[:35]+string(rune('0'+i)))
	}
	if got := search.Recognize(strings.Join(ids, "\n"), people.OnlyAddress); !reflect.DeepEqual(got.RequestIDs, ids[:8]) {
		t.Errorf("kept %q of %q", got.RequestIDs, ids)
	}
}

// Recognize returns at most eight identifiers of each kind. Recognizing the resulting Text
// again gives the same result, unless the Text is an address.
func TestRecognizeAnything(t *testing.T) {
	pieces := []string{"%", "%25", "%3a", "*", "19:", "19_", "@thread.", "v2", "/", "?", "id=", "meet/", "teams.microsoft.com", "MSo", "1", "123", " ", "\n", "#", ",,", "+",
		"-", ".", "&amp;", "\\", "\"", "<", ">", "[mailto:", "\xff", "\x00", "é", "\u200b", "\ufe0f", "Meeting ID:", "conference id ", "urldefense.com/v2/url?u=", "urldefense.com/v3/__", "a@b.c", ";", request}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(pieces), rapid.String())).Draw(t, "pieces"), "")
		text = strings.Repeat(text, rapid.IntRange(1, 1+4000/(1+len(text))).Draw(t, "times"))
		in := search.Recognize(text, people.OnlyAddress)
		for _, n := range []int{len(in.Threads), len(in.MeetingIDs), len(in.ConferenceIDs), len(in.GraphIDs), len(in.RequestIDs)} {
			if n > 8 {
				t.Errorf("%d IDs of one kind in %+v", n, in)
			}
		}
		if in.Kind == "" || !strings.Contains(text, in.Text) && in.Kind != search.KindAddress {
			t.Errorf("Recognize(%q) = %+v", text, in)
		}
		if again := search.Recognize(in.Text, people.OnlyAddress); in.Kind != search.KindAddress && !reflect.DeepEqual(again, in) {
			t.Errorf("its own text gives %+v, want %+v", again, in)
		}
	})
}
