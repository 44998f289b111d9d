package search_test

import (
	"html"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"meetdesk/people"
	"meetdesk/search"
)

func TestRecognizeLinks(t *testing.T) {
	checkRecognize(t, []recognized{
		{join, input{Kind: search.KindLink, Threads: chats}},
		{"Join here: " + join + ". Thanks", input{Kind: search.KindLink, Threads: chats}},
		{"<" + join + ">", input{Kind: search.KindLink, Threads: chats}},
		{"[Join](" + join + ")", input{Kind: search.KindLink, Threads: chats}},
		{`<a href="` + html.EscapeString(join) + `">Join</a>`, input{Kind: search.KindLink, Threads: chats}},
		{join + "Meeting ID: 234 567 890 123 4Passcode: aB3xY9", input{Kind: search.KindLink, Threads: chats, MeetingIDs: []string{"2345678901234"}}},
		{join[:72] + "\r\n" + join[72:144] + "\r\n" + join[144:], input{Kind: search.KindLink, Threads: chats}},
		{"> " + join[:104] + "\n> " + join[104:], input{Kind: search.KindLink, Threads: chats}}, // the line break is within "@thread.v2"
		{"https://teams.microsoft.com/me\r\net/5089446329319?p=abc", input{Kind: search.KindLink, MeetingIDs: []string{"5089446329319"}}},
		{"Join: https://teams.microsoft.com/meet/50894463293\r\n19?p=abc 7", input{Kind: search.KindLink, MeetingIDs: []string{"5089446329319"}}},
		{dialIn[:50] + "\r\n" + dialIn[50:] + "\r\nor call", input{Kind: search.KindLink, ConferenceIDs: []string{"123456789"}}},
		{"https://teams.microsoft.com/l/message/" + url.PathEscape(chat) + "/1712345678901?context=%7B%7D", input{Kind: search.KindLink, Threads: chats}},
		{"https://teams.microsoft.com/l/message/" + channel + "/1712345678901?tenantId=" + tid + "&parentMessageId=1620000000000", input{Kind: search.KindLink, Threads: channels}},
		{strings.TrimPrefix(join, "https://"), input{Kind: search.KindLink, Threads: chats}},
		{"19%253ameeting_x%2540thread.v2", input{Kind: search.KindThread, Threads: []search.Thread{{ID: "19:meeting_x@thread.v2"}}}},
		{safe(join), input{Kind: search.KindLink, Threads: chats}},
		{safe(safe(join)), input{Kind: search.KindLink, Threads: chats}},
		{"https://linkprotect.example/url?a=" + url.QueryEscape(join) + "&c=E,1", input{Kind: search.KindLink, Threads: chats}},
		{"https://urldefense.com/v3/__" + strings.ReplaceAll(join, "%", "*") + "__;JSUlJSUlJSU!!Abc!x$ [teams.microsoft.com]", input{Kind: search.KindLink, Threads: chats}},
		{safe("https://urldefense.com/v3/__" + strings.ReplaceAll(join, "%", "*") + "__;JSUl!!x$"), input{Kind: search.KindLink, Threads: chats}},
		{"https://urldefense.proofpoint.com/v2/url?u=https-3A__teams.microsoft.com_l_meetup-2Djoin_19-253ameeting-5FNGM4ZTk0MzEtYWQ0Mi00YmIyLTk4MTItNzE2YTM0MmY1MWMx-2540thread.v2_0-3Fcontext-3D-257b&d=DwMF&c=x",
			input{Kind: search.KindLink, Threads: chats}},
		{"https://teams.microsoft.com/dl/launcher/launcher.html?url=" + url.QueryEscape("/_#/l/meetup-join/"+url.QueryEscape(chat)+"/0?context="+url.QueryEscape(context)) + "&type=meetup-join&directDl=true",
			input{Kind: search.KindLink, Threads: chats}},
		{"https://teams.microsoft.com/v2/?meetingjoin=true#/l/meetup-join/" + chat + "/0?context=" + context, input{Kind: search.KindLink, Threads: chats}},
		{"msteams:/l/meetup-join/" + url.QueryEscape(channel) + "/1620000000000?context=x", input{Kind: search.KindLink, Threads: channels}},
		{"https://teams.microsoft.com/l/meetup-join/" + url.PathEscape(channel) + "/162000\n0000000", input{Kind: search.KindLink, Threads: channels}},
		{"https:\\/\\/teams.microsoft.com\\/l\\/meetup-join\\/" + url.QueryEscape(channel) + "\\/1620000000000", input{Kind: search.KindLink, Threads: channels}},
		{"https://gov.teams.microsoft.us/meetingOptions/?organizerId=" + oid + "&tenantId=" + tid + "&threadId=19_" + channel[3:] + "&messageId=1620000000000&language=en-US",
			input{Kind: search.KindLink, Threads: channels}},
		{"https://teams.microsoft.com/meetingOptions/?" + url.Values{"organizerId": {oid}, "threadId": {chat}, "messageId": {"0"}}.Encode(), input{Kind: search.KindLink, Threads: chats}},
		{"https://teams.microsoft.com/meet/2345678901234?p=abc", input{Kind: search.KindLink, MeetingIDs: []string{"2345678901234"}}},
		{"teams.cloud.microsoft/meet/2345678901234", input{Kind: search.KindLink, MeetingIDs: []string{"2345678901234"}}},
		{safe("https://teams.live.com/meet/9312345678901?p=x") + " 12", input{Kind: search.KindLink, MeetingIDs: []string{"9312345678901"}}},
		{light(`{"conversationId":"` + chat + `","tenantId":"` + tid + `","messageId":"0","organizerId":"` + oid + `"}`), input{Kind: search.KindLink, Threads: chats}},
		{safe(light(`{"conversationId":"` + channel + `","messageId":"1620000000000"}`)), input{Kind: search.KindLink, Threads: channels}},
		{"at " + light(`{"meetingCode":"2345678901234","passcode":"aB3xY9"}`) + ".", input{Kind: search.KindLink, MeetingIDs: []string{"2345678901234"}}},
		{light(`{"meetingCode":"2345"}`), input{Kind: search.KindLink, Fault: search.LinkCut}}, {light(`["` + chat + `"]`), input{Kind: search.KindLink, Fault: search.LinkCut}},
		{strings.Replace(light(`{"meetingCode":"2345678901234"}`), "light-", "", 1), input{Kind: search.KindLink, Fault: search.LinkCut}},
		{light(`{"conversationId":"` + chat + `","messageId":0}`), input{Kind: search.KindLink, Threads: chats}},
		{strings.TrimPrefix(light(`{"meetingCode":"2345678901234"}`), "https://teams.microsoft.com/"), input{Kind: search.KindLink, MeetingIDs: []string{"2345678901234"}}},
		{"https://video.example/meet/2345678901234", input{Kind: search.KindText, Fault: search.LinkOther}},
		{dialIn, input{Kind: search.KindLink, ConferenceIDs: []string{"123456789"}}},
		{"https://teams.microsoft.com/l/meetup-join/old", input{Kind: search.KindLink, Fault: search.LinkToTeams}},
		{"my teams.microsoft.com shows " + request, input{Kind: search.KindRequestID, RequestIDs: []string{request}}},
		{"https://teams.microsoft.com/meet/23456789012345678", input{Kind: search.KindLink, Fault: search.LinkCut}},
		{"https://teams.microsoft.com/xmeet/2345678901234", input{Kind: search.KindLink, Fault: search.LinkToTeams}},
		{"msteams:/meet/2345678901234", input{Kind: search.KindLink, MeetingIDs: []string{"2345678901234"}}},
		{dialIn + "0123", input{Kind: search.KindLink, Fault: search.LinkCut}},
		{"https://dialin.gov.teams.microsoft.us/" + tid + "?language=en&id=123456789", input{Kind: search.KindLink, ConferenceIDs: []string{"123456789"}}},
		{"/l/meetup-join/" + chat, input{Kind: search.KindLink, Threads: chats}},
		{"meetingOptions/?THREADID=19_" + chat[3:], input{Kind: search.KindLink, Threads: chats}},
		{safe(safe(safe(safe(join)))), input{Kind: search.KindLink, Threads: chats}},
		{"https://urldefense.com/v2/url?d=DwMF&u=https-3A__teams.microsoft.com_meet_2345678901234-3Fp-3Da", input{Kind: search.KindLink, MeetingIDs: []string{"2345678901234"}}},
		{strings.Repeat("word ", 2000) + chat, input{Kind: search.KindText}}, // the thread ID is beyond maxInput
	})
}

// TestRecognizeInvitation checks that Recognize finds the IDs in invitations from Microsoft
// and from the desk, in two languages. One invitation has no line breaks, because a
// single-line input may remove them.
func TestRecognizeInvitation(t *testing.T) {
	want := search.Input{Kind: search.KindLink, Threads: []search.Thread{{ID: chat}}, MeetingIDs: []string{"2345678901234"}, ConferenceIDs: []string{"123456789"}}
	english := "________________\r\nMicrosoft Teams meeting\r\nJoin: " + join + "\r\nMeeting ID: 234 567 890 123 4\r\nPasscode: 123456\r\n" +
		"________________\r\nNeed help? | System reference\r\nDial in by phone\r\n+1 206-485-3005,,123456789# United States, Seattle\r\n" +
		"Find a local number: <" + dialIn + ">\r\nPhone conference ID: 123 456 789#\r\nJoin on a video conferencing device\r\n" +
		"Tenant key: desk@m.contoso.com\r\nVideo ID: 118 765 432 1\r\nFor organizers: Meeting options <https://teams.microsoft.com/meetingOptions/?organizerId=" +
		oid + "&tenantId=" + tid + "&threadId=" + strings.Replace(chat, ":", "_", 1) + "&messageId=0&language=en-US>"
	for name, text := range map[string]string{
		"Microsoft's":                      english,
		"Microsoft's, without line breaks": strings.ReplaceAll(english, "\r\n", ""),
		"Microsoft's, Portuguese": "Reunião do Microsoft Teams\nIngressar: " + safe(join) + "\nID da Reunião: 234 567 890 123 4\nCódigo de acesso: aB3xY9\n" +
			"Discar por telefone\n+55 11 4004-0000,,123456789# Brazil, São Paulo\nID de conferência telefônica: 123 456 789#",
		"the desk's": "Microsoft Teams meeting\nSubject: Printer on floor 3\nWhen: Monday, 5 October 2026, 10:00 – 11:00 Europe/Lisbon (UTC+01:00)\n\n" +
			"Join: " + join + "\nMeeting ID: 234 567 890 123 4\nPasscode: aB3xY9\n\nPhone: +1 206-485-3005\nPhone conference ID: 123 456 789#\n",
		"the desk's, Portuguese": "Reunião do Microsoft Teams\nAssunto: Impressora\n\nParticipar: " + join + "\nID da reunião: 234 567 890 123 4\nSenha: aB3xY9\n\n" +
			"Telefone: +55 11 4004-0000\nTelefone, ligação gratuita: 0800 123 4567\nID da conferência telefônica: 123 456 789#\n",
	} {
		want.Text, want.VideoIDs = strings.TrimSpace(text), nil
		if strings.Contains(text, "Video ID") {
			want.VideoIDs = []string{"1187654321"}
		}
		if got := search.Recognize(text, people.OnlyAddress); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, want)
		}
	}
}
