package search_test

import (
	"encoding/base64"
	"html"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/search"
)

// A chat's thread and a channel's, as invented as everything else here.
const (
	chat    = "19:meeting_NGM4ZTk0MzEtYWQ0Mi00YmIyLTk4MTItNzE2YTM0MmY1MWMx@thread.v2"
	channel = "19:aB3c_9dE-f+1/x=7Qk0Zy@thread.tacv2"
	oid     = "c4b52c91-7d0e-4f6a-9f31-5a2e77d10b64"
	tid     = "aadc5d1f-19e5-4ec4-9b1e-7f2f5f8c7a11"
	request = "7eb8263f-d0e0-4149-bb1c-1f0476083c56"
	context = `{"Tid":"` + tid + `","Oid":"` + oid + `"}`
	join    = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NGM4ZTk0MzEtYWQ0Mi00YmIyLTk4MTItNzE2YTM0MmY1MWMx%40thread.v2/0" +
		"?context=%7b%22Tid%22%3a%22aadc5d1f-19e5-4ec4-9b1e-7f2f5f8c7a11%22%2c%22Oid%22%3a%22c4b52c91-7d0e-4f6a-9f31-5a2e77d10b64%22%7d"
	dialIn = "https://dialin.teams.microsoft.com/" + tid + "?id=123456789"
)

// safe is the link as Outlook's filter passes it on.
func safe(link string) string {
	return "https://eur03.safelinks.protection.outlook.com/ap/t-59584e83/?url=" + url.QueryEscape(link) + "&data=05%7C02%7Cpriya%40contoso.com%7C" +
		request + "%7C0%7C0%7C638000000000000000%7CUnknown&reserved=0"
}

// light is the address of a meeting in a browser, with its coordinates.
func light(inside string) string {
	return "https://teams.microsoft.com/light-meetings/launch?agent=web&version=25072001100&coords=" + url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(inside))) + "&deeplinkId=" + request + "&correlationId=" + tid
}

func TestRecognize(t *testing.T) {
	graphID := base64.StdEncoding.EncodeToString([]byte("1*" + oid + "*0**" + chat))
	short := base64.StdEncoding.EncodeToString([]byte("1*" + oid + "*0**19:meeting_x@thread.v2"))
	chats, channels := []search.Thread{{ID: chat}}, []search.Thread{{ID: channel, Message: "1620000000000"}}
	type scrap = search.Input
	inThrees := scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"5089446329319"}}
	dialled := scrap{Kind: search.KindConferenceID, ConferenceIDs: []string{"916096521"}}
	ana, named := scrap{Text: "ana@fabrikam.example", Kind: search.KindAddress}, scrap{Text: "INC0012345", Kind: search.KindTicket}
	for _, tt := range []struct {
		text string
		want scrap // without a Text, it is the text given
	}{
		// What stands around them.
		{"508  944 632 931 9", inThrees}, {"*508 944 632 931 9*", inThrees}, {"508−944−632−931−9", inThrees}, {"５０８ ９４４ ６３２ ９３１ ９", inThrees},
		{"meeting-id=5089446329319", inThrees},
		{"Meeting ID: 234 567 890 123 10:00", scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"234567890123"}}},
		{"Conference ID: 916 096 521 10:00", dialled}, {"Conference ID is 916096521", dialled}, {"conference ID (916096521)", dialled},
		{"ID: 916 096 521#", dialled}, {"id 5089446329319.", inThrees}, {"ID-20260001234", scrap{Kind: search.KindTicket}}, {"ID: 916096521", scrap{Kind: search.KindText, MeetingIDs: []string{"916096521"}, ConferenceIDs: []string{"916096521"}}}, {"ID 916096521", scrap{Kind: search.KindTicket, MeetingIDs: []string{"916096521"}, ConferenceIDs: []string{"916096521"}}},
		{"conf. ID 916096521", dialled}, {"Konferenz-ID: 916096521", dialled}, {"ID de conférence : 916096521", dialled},
		{"Call 916 096 521\t10:00", scrap{Kind: search.KindConferenceID, MeetingIDs: []string{"916096521"}, ConferenceIDs: []string{"916096521"}}},
		{"Ana Conceição <ana@fabrikam.example<mailto:ana@fabrikam.example>>", ana}, {"[ana@fabrikam.example](mailto:ana@fabrikam.example)", ana},
		{"sip:ana@fabrikam.example", ana},
		{"[INC0012345]", named}, {"(INC0012345)", named}, {"INC0012345,", named}, {"“INC0012345”;", named},
		{"Request ID: *" + request + "*", scrap{Kind: search.KindRequestID, RequestIDs: []string{request}}}, {"**" + request + "**", scrap{Kind: search.KindRequestID, RequestIDs: []string{request}}},
		// Links.
		{join, scrap{Kind: search.KindLink, Threads: chats}},
		{"Join here: " + join + ". Thanks", scrap{Kind: search.KindLink, Threads: chats}},
		{"<" + join + ">", scrap{Kind: search.KindLink, Threads: chats}},
		{"[Join](" + join + ")", scrap{Kind: search.KindLink, Threads: chats}},
		{`<a href="` + html.EscapeString(join) + `">Join</a>`, scrap{Kind: search.KindLink, Threads: chats}},
		{join + "Meeting ID: 234 567 890 123 4Passcode: aB3xY9", scrap{Kind: search.KindLink, Threads: chats, MeetingIDs: []string{"2345678901234"}}},
		{join[:72] + "\r\n" + join[72:144] + "\r\n" + join[144:], scrap{Kind: search.KindLink, Threads: chats}},
		{"> " + join[:104] + "\n> " + join[104:], scrap{Kind: search.KindLink, Threads: chats}}, // in "@thread.v2"
		{"https://teams.microsoft.com/me\r\net/5089446329319?p=abc", scrap{Kind: search.KindLink, MeetingIDs: []string{"5089446329319"}}},
		{"Join: https://teams.microsoft.com/meet/50894463293\r\n19?p=abc 7", scrap{Kind: search.KindLink, MeetingIDs: []string{"5089446329319"}}},
		{dialIn[:50] + "\r\n" + dialIn[50:] + "\r\nor call", scrap{Kind: search.KindLink, ConferenceIDs: []string{"123456789"}}},
		{"https://teams.microsoft.com/l/message/" + url.PathEscape(chat) + "/1712345678901?context=%7B%7D", scrap{Kind: search.KindLink, Threads: chats}},
		{"https://teams.microsoft.com/l/message/" + channel + "/1712345678901?tenantId=" + tid + "&parentMessageId=1620000000000", scrap{Kind: search.KindLink, Threads: channels}},
		{strings.TrimPrefix(join, "https://"), scrap{Kind: search.KindLink, Threads: chats}},
		{"19%253ameeting_x%2540thread.v2", scrap{Kind: search.KindThread, Threads: []search.Thread{{ID: "19:meeting_x@thread.v2"}}}},
		{safe(join), scrap{Kind: search.KindLink, Threads: chats}},
		{safe(safe(join)), scrap{Kind: search.KindLink, Threads: chats}},
		{"https://linkprotect.example/url?a=" + url.QueryEscape(join) + "&c=E,1", scrap{Kind: search.KindLink, Threads: chats}},
		{"https://urldefense.com/v3/__" + strings.ReplaceAll(join, "%", "*") + "__;JSUlJSUlJSU!!Abc!x$ [teams.microsoft.com]", scrap{Kind: search.KindLink, Threads: chats}},
		{safe("https://urldefense.com/v3/__" + strings.ReplaceAll(join, "%", "*") + "__;JSUl!!x$"), scrap{Kind: search.KindLink, Threads: chats}},
		{"https://urldefense.proofpoint.com/v2/url?u=https-3A__teams.microsoft.com_l_meetup-2Djoin_19-253ameeting-5FNGM4ZTk0MzEtYWQ0Mi00YmIyLTk4MTItNzE2YTM0MmY1MWMx-2540thread.v2_0-3Fcontext-3D-257b&d=DwMF&c=x",
			scrap{Kind: search.KindLink, Threads: chats}},
		{"https://teams.microsoft.com/dl/launcher/launcher.html?url=" + url.QueryEscape("/_#/l/meetup-join/"+url.QueryEscape(chat)+"/0?context="+url.QueryEscape(context)) + "&type=meetup-join&directDl=true",
			scrap{Kind: search.KindLink, Threads: chats}},
		{"https://teams.microsoft.com/v2/?meetingjoin=true#/l/meetup-join/" + chat + "/0?context=" + context, scrap{Kind: search.KindLink, Threads: chats}},
		{"msteams:/l/meetup-join/" + url.QueryEscape(channel) + "/1620000000000?context=x", scrap{Kind: search.KindLink, Threads: channels}},
		{"https://teams.microsoft.com/l/meetup-join/" + url.PathEscape(channel) + "/162000\n0000000", scrap{Kind: search.KindLink, Threads: channels}},
		{"https:\\/\\/teams.microsoft.com\\/l\\/meetup-join\\/" + url.QueryEscape(channel) + "\\/1620000000000", scrap{Kind: search.KindLink, Threads: channels}},
		{"https://gov.teams.microsoft.us/meetingOptions/?organizerId=" + oid + "&tenantId=" + tid + "&threadId=19_" + channel[3:] + "&messageId=1620000000000&language=en-US",
			scrap{Kind: search.KindLink, Threads: channels}},
		{"https://teams.microsoft.com/meetingOptions/?" + url.Values{"organizerId": {oid}, "threadId": {chat}, "messageId": {"0"}}.Encode(), scrap{Kind: search.KindLink, Threads: chats}},
		{"https://teams.microsoft.com/meet/2345678901234?p=abc", scrap{Kind: search.KindLink, MeetingIDs: []string{"2345678901234"}}},
		{"teams.cloud.microsoft/meet/2345678901234", scrap{Kind: search.KindLink, MeetingIDs: []string{"2345678901234"}}},
		{safe("https://teams.live.com/meet/9312345678901?p=x") + " 12", scrap{Kind: search.KindLink, MeetingIDs: []string{"9312345678901"}}},
		{light(`{"conversationId":"` + chat + `","tenantId":"` + tid + `","messageId":"0","organizerId":"` + oid + `"}`), scrap{Kind: search.KindLink, Threads: chats}},
		{safe(light(`{"conversationId":"` + channel + `","messageId":"1620000000000"}`)), scrap{Kind: search.KindLink, Threads: channels}},
		{"at " + light(`{"meetingCode":"2345678901234","passcode":"aB3xY9"}`) + ".", scrap{Kind: search.KindLink, MeetingIDs: []string{"2345678901234"}}},
		{light(`{"meetingCode":"2345"}`), scrap{Kind: search.KindLink, Fault: search.LinkCut}}, {light(`["` + chat + `"]`), scrap{Kind: search.KindLink, Fault: search.LinkCut}},
		{strings.Replace(light(`{"meetingCode":"2345678901234"}`), "light-", "", 1), scrap{Kind: search.KindLink, Fault: search.LinkCut}},
		{light(`{"conversationId":"` + chat + `","messageId":0}`), scrap{Kind: search.KindLink, Threads: chats}},
		{strings.TrimPrefix(light(`{"meetingCode":"2345678901234"}`), "https://teams.microsoft.com/"), scrap{Kind: search.KindLink, MeetingIDs: []string{"2345678901234"}}},
		{"https://video.example/meet/2345678901234", scrap{Kind: search.KindText, Fault: search.LinkOther}},
		{dialIn, scrap{Kind: search.KindLink, ConferenceIDs: []string{"123456789"}}},
		{"https://teams.microsoft.com/l/meetup-join/old", scrap{Kind: search.KindLink, Fault: search.LinkToTeams}},
		{"my teams.microsoft.com shows " + request, scrap{Kind: search.KindRequestID, RequestIDs: []string{request}}},
		{"https://teams.microsoft.com/meet/23456789012345678", scrap{Kind: search.KindLink, Fault: search.LinkCut}},
		{"https://teams.microsoft.com/xmeet/2345678901234", scrap{Kind: search.KindLink, Fault: search.LinkToTeams}},
		{"msteams:/meet/2345678901234", scrap{Kind: search.KindLink, MeetingIDs: []string{"2345678901234"}}},
		{dialIn + "0123", scrap{Kind: search.KindLink, Fault: search.LinkCut}},
		{"https://dialin.gov.teams.microsoft.us/" + tid + "?language=en&id=123456789", scrap{Kind: search.KindLink, ConferenceIDs: []string{"123456789"}}},
		{"/l/meetup-join/" + chat, scrap{Kind: search.KindLink, Threads: chats}},
		{"meetingOptions/?THREADID=19_" + chat[3:], scrap{Kind: search.KindLink, Threads: chats}},
		{safe(safe(safe(safe(join)))), scrap{Kind: search.KindLink, Threads: chats}},
		{"https://urldefense.com/v2/url?d=DwMF&u=https-3A__teams.microsoft.com_meet_2345678901234-3Fp-3Da", scrap{Kind: search.KindLink, MeetingIDs: []string{"2345678901234"}}},
		{strings.Repeat("word ", 2000) + chat, scrap{Kind: search.KindText}}, // too far behind

		// Threads and Graph's IDs.
		{" " + chat + "\u200b", scrap{Text: chat, Kind: search.KindThread, Threads: chats}},
		{"19_meeting_aBc=@THREAD.V2, 19:meeting_abC=@thread.skype", scrap{Kind: search.KindThread, Threads: []search.Thread{{ID: "19:meeting_aBc=@thread.v2"}, {ID: "19:meeting_abC=@thread.skype"}}}},
		{chat + " " + chat + "/1620000000000", scrap{Kind: search.KindThread, Threads: []search.Thread{{ID: chat, Message: "1620000000000"}}}},
		{graphID, scrap{Kind: search.KindGraphID, GraphIDs: []string{graphID}, Threads: chats}},
		{strings.TrimRight(short, "="), scrap{Kind: search.KindGraphID, GraphIDs: []string{short}, Threads: []search.Thread{{ID: "19:meeting_x@thread.v2"}}}},
		{"https://graph.microsoft.com/v1.0/me/onlineMeetings/" + url.QueryEscape(short) + "/attendanceReports", scrap{Kind: search.KindGraphID, GraphIDs: []string{short}, Threads: []search.Thread{{ID: "19:meeting_x@thread.v2"}}}},
		{"GET /users('" + oid + "')/onlineMeetings('MSo1N2Y5ZGFjYy03MWJmLTQ3NDMtYjQxMy01M2EdFGkdRWHJlQ') fails", scrap{Kind: search.KindGraphID, GraphIDs: []string{"MSo1N2Y5ZGFjYy03MWJmLTQ3NDMtYjQxMy01M2EdFGkdRWHJlQ"}}},
		{`{"id": "` + graphID + `", "participants": {"organizer": {"identity": {"user": {"id": "` + oid + `", "tenantId":"` + tid + `"}}}}}`, scrap{Kind: search.KindGraphID, GraphIDs: []string{graphID}, Threads: chats}},
		{url.QueryEscape(oid + "_" + chat), scrap{Kind: search.KindGraphID, GraphIDs: []string{oid + "_" + chat}, Threads: chats}},
		{"519:meeting_x@thread.v2 is none", scrap{Kind: search.KindText}},
		{"%zz19:meeting_x@thread.v2 is none", scrap{Kind: search.KindText}},
		{"19:meeting_" + strings.Repeat("x", 256) + "@thread.v2 is none", scrap{Kind: search.KindText, Fault: search.LinkCut}},
		{"19:meeting\\_x@thread.v2", scrap{Kind: search.KindThread, Threads: []search.Thread{{ID: "19:meeting_x@thread.v2"}}}},
		{channel + "/1620000000000 " + channel + "/1630000000000", scrap{Kind: search.KindThread, Threads: append(channels, search.Thread{ID: channel, Message: "1630000000000"})}},
		{"/onlineMeetings/" + strings.TrimRight(short, "="), scrap{Kind: search.KindGraphID, GraphIDs: []string{short}, Threads: []search.Thread{{ID: "19:meeting_x@thread.v2"}}}},

		// Request IDs.
		{"{" + strings.ToUpper(request) + "}", scrap{Kind: search.KindRequestID, RequestIDs: []string{request}}},
		{"request-id: " + request + "\r\nclient-request-id: " + oid + "\r\nDate: Mon, 05 Oct 2026 08:00:00 GMT", scrap{Kind: search.KindRequestID, RequestIDs: []string{request, oid}}},
		{`{"error":{"code":"Forbidden","innerError":{"date":"2026-10-05T08:00:00","request-id":"` + request + `","client-request-id":"` + oid + `"}}}`, scrap{Kind: search.KindRequestID, RequestIDs: []string{request, oid}}},
		{"ID da solicitação: " + request, scrap{Kind: search.KindRequestID, RequestIDs: []string{request}}},
		{"Tenant ID: " + tid, scrap{Kind: search.KindText}},
		{"GET /v1.0/users/" + tid + "/onlineMeetings", scrap{Kind: search.KindText}},
		{"https://contoso.com/?x=" + request, scrap{Kind: search.KindText, Fault: search.LinkOther}},
		{"no x" + request + " here", scrap{Kind: search.KindText}},

		// Numbers.
		{"Meeting ID: 234\u00a0567\u00a0890\u00a0123\u00a04", scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"ID da Reunião: 2345 6789 0123", scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"234567890123"}}},
		{"Meeting ID: 234 567 890 123 2026-10-05 10:00", scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"234567890123"}}},
		{"2345678901234", scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"234–567–890–123", scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"234567890123"}, ConferenceIDs: []string{"234567890123"}}},
		{"234.567.890.123.", scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"234567890123"}, ConferenceIDs: []string{"234567890123"}}},
		{"2345 6789 0123 4", scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"cannot join 234 567 890 123 4, help", scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"please move 2345678901234 to Monday", scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"+1 206-485-3005,,123456789#", scrap{Kind: search.KindConferenceID, ConferenceIDs: []string{"123456789"}}},
		{"tel:+12064853005,,123456789%23", scrap{Kind: search.KindConferenceID, ConferenceIDs: []string{"123456789"}}},
		{"Phone conference ID: 123 456 789#", scrap{Kind: search.KindConferenceID, ConferenceIDs: []string{"123456789"}}},
		{"ID da conferência telefônica: 123 456 789#", scrap{Kind: search.KindConferenceID, ConferenceIDs: []string{"123456789"}}},
		{"Conference ID 123 456 789 2064853005", scrap{Kind: search.KindConferenceID, ConferenceIDs: []string{"123456789"}}},
		{`"conferenceId": "123456789", "videoTeleconferenceId": "1119876543"`, scrap{Kind: search.KindConferenceID, ConferenceIDs: []string{"123456789"}, VideoIDs: []string{"1119876543"}}},
		{"123 456 789", scrap{Kind: search.KindConferenceID, MeetingIDs: []string{"123456789"}, ConferenceIDs: []string{"123456789"}}},
		{"1234567 #", scrap{Kind: search.KindConferenceID, ConferenceIDs: []string{"1234567"}}},
		{"key in 1234567# there", scrap{Kind: search.KindConferenceID, ConferenceIDs: []string{"1234567"}}},
		{"123456789", scrap{Kind: search.KindTicket, MeetingIDs: []string{"123456789"}, ConferenceIDs: []string{"123456789"}}},
		{"12345", scrap{Kind: search.KindTicket, ConferenceIDs: []string{"12345"}}},
		{"123 456", scrap{Kind: search.KindTicket, ConferenceIDs: []string{"123456"}}},
		{"123-456", scrap{Kind: search.KindTicket}},
		{"1-23", scrap{Kind: search.KindTicket}},
		{"206-485-3005", scrap{Kind: search.KindTicket}},
		{"123.456.789-09", scrap{Kind: search.KindTicket}}, // a Brazilian taxpayer
		{"+1 206-485-3005", scrap{Kind: search.KindText}},
		{"call (206) 485-3005 or +55 11 4004 0000", scrap{Kind: search.KindText}},
		{"Phone: 206 485 300, Passcode: 123 456 789, Video ID: 111 987 654 3", scrap{Kind: search.KindVideoID, VideoIDs: []string{"1119876543"}}},
		{"234\x00567\x00890\x00123\x004", scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"see https://contoso.com/a:2345678901234", scrap{Kind: search.KindText}},
		{"see ABC2345678901234 now", scrap{Kind: search.KindText}},
		{"see X-2345678901234 now", scrap{Kind: search.KindText}},
		{"see 2345678901234x now", scrap{Kind: search.KindText}},
		{"see 2345678901234@contoso.com now", scrap{Kind: search.KindText}},
		{"see 2345678901234567 now", scrap{Kind: search.KindText}},
		{"see 234 567 8901 now", scrap{Kind: search.KindText}},
		{"see 123 456 now", scrap{Kind: search.KindText}},
		{"see 234 567 890 123 4Now", scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"234 567 890 123 456 78", scrap{Kind: search.KindText}},
		{"Meeting ID 234567890 2026-10-05", scrap{Kind: search.KindMeetingID, MeetingIDs: []string{"234567890"}}},
		{"call +12064853005# now", scrap{Kind: search.KindText}},
		{"call (206) 485 300 123 now", scrap{Kind: search.KindText}},
		{"1234#", scrap{Kind: search.KindTicket}},
		{"1234567890123#", scrap{Kind: search.KindTicket}},

		// Addresses, tickets and words.
		{"priya@contoso.com;", scrap{Text: "priya@contoso.com", Kind: search.KindAddress}},
		{"Nair, Priya <priya@contoso.com>", scrap{Text: "priya@contoso.com", Kind: search.KindAddress}},
		{"mailto:priya%2Bdesk@contoso.com?subject=x", scrap{Text: "priya+desk@contoso.com", Kind: search.KindAddress}},
		{"priya@contoso.com, li@fabrikam.com", scrap{Kind: search.KindText}},
		{"INC0012345~2", scrap{Kind: search.KindTicket}},
		{"inc 0012345", scrap{Kind: search.KindTicket}},
		{"inc 0012345678", scrap{Kind: search.KindTicket, MeetingIDs: []string{"0012345678"}}},
		{"chamado nº 12345", scrap{Kind: search.KindText}},
		{"Ticket # 12345", scrap{Kind: search.KindTicket}},
		{"CHG-2231/4", scrap{Kind: search.KindTicket}},
		{"#123", scrap{Kind: search.KindTicket}},
		{"3 floor printer", scrap{Kind: search.KindText}},
		{"Room 12", scrap{Kind: search.KindText}},
		{"Budget 2026", scrap{Kind: search.KindText}},
		{"printer", scrap{Kind: search.KindText}},
		{"https://tickets.contoso.com/INC0012345", scrap{Kind: search.KindText, Fault: search.LinkOther}},
		{"priya@contoso.com.", scrap{Text: "priya@contoso.com", Kind: search.KindAddress}},
		{strings.Repeat("x", 700) + " <priya@contoso.com>", scrap{Kind: search.KindText}},
		{strings.Repeat("1-", 40) + "x", scrap{Kind: search.KindText}},
		{"INC\u200b0012345", scrap{Kind: search.KindTicket}},
		{"incident 12345", scrap{Kind: search.KindTicket}},
		{"inc 201", scrap{Kind: search.KindTicket}},
		{"1 2 3 4", scrap{Kind: search.KindText}},
		{"inc 123 456", scrap{Kind: search.KindText}},
		{"3a 12345", scrap{Kind: search.KindText}},
		{"inc 123abc", scrap{Kind: search.KindText}},
		{"inc 1998", scrap{Kind: search.KindText}},
		{"printers 412", scrap{Kind: search.KindText}},
		{"constellations 12345", scrap{Kind: search.KindText}},
		{" \x00\u200b", scrap{Text: "", Kind: search.KindText}},
	} {
		if tt.want.Text == "" {
			tt.want.Text = strings.Trim(tt.text, " \x00\u200b")
		}
		got := search.Recognize(tt.text, people.OnlyAddress)
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("Recognize(%q)\n got %+v\nwant %+v", tt.text, got, tt.want)
		}
	}
}

func TestTicketsWithin(t *testing.T) {
	for text, want := range map[string][]string{
		"INC0012345":        nil, // the text itself
		"ticket INC0012345": {"INC0012345"},
		"Hi, my meeting (INC0012345) and CHG-2231, thanks.": {"INC0012345", "CHG-2231"},
		"I N C 0 0 1 2": {"INC0012"},
		"https://meet.contoso.example/t/INC%2F0012345?x=1":        {"INC/0012345"},
		"<https://tickets.contoso.example/show/CHG-2231>, please": {"CHG-2231"},
		"https://contoso.example/about/us":                        nil,
		"3 floor printer a1":                                      nil,
		"VPN 12345 at 10:30":                                      nil, // a number alone is looked up as such, or not at all
	} {
		if got := search.Recognize(text, people.OnlyAddress).Tickets(meeting.TicketRule{}); !slices.Equal(got, want) {
			t.Errorf("%q names %q, want %q", text, got, want)
		}
	}
}

// TestRecognizeInvitation has whole invitations: Microsoft's in two languages,
// the desk's own in both, and one in a field that drops line breaks.
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

// TestRecognizeMany keeps the first of many.
func TestRecognizeMany(t *testing.T) {
	var ids []string
	for i := range 10 {
		ids = append(ids, request[:35]+string(rune('0'+i)))
	}
	if got := search.Recognize(strings.Join(ids, "\n"), people.OnlyAddress); !reflect.DeepEqual(got.RequestIDs, ids[:8]) {
		t.Errorf("kept %q of %q", got.RequestIDs, ids)
	}
}

// TestRecognizeThreadInLink puts any thread into every form of link, escaped on
// the way as often as mail filters do.
func TestRecognizeThreadInLink(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := "19:" + rapid.StringMatching(`(meeting_)?[A-Za-z0-9][A-Za-z0-9+/=_-]{5,60}[A-Za-z0-9=]`).Draw(t, "thread") +
			rapid.SampledFrom([]string{"@thread.v2", "@thread.tacv2", "@thread.skype"}).Draw(t, "domain")
		want := search.Thread{ID: id, Message: rapid.SampledFrom([]string{"", "1620000000000"}).Draw(t, "message")}
		message := want.Message
		if message == "" {
			message = "0"
		}
		path := "/l/meetup-join/" + escaped(t, id) + "/" + message + "?context=" + escaped(t, context)
		form := rapid.SampledFrom([]string{
			"https://teams.microsoft.com" + path,
			"http://dod.teams.microsoft.us" + path,
			"teams.cloud.microsoft" + path,
			"msteams:" + path,
			"msteams://teams.microsoft.com" + path,
			"https://teams.microsoft.com/_#" + path,
			"https://teams.microsoft.com/v2/?meetingjoin=true#" + path,
			"https://teams.live.com/dl/launcher/launcher.html?url=" + url.QueryEscape("/_#"+path) + "&type=meetup-join",
			"https://teams.microsoft.com/meetingOptions/?organizerId=" + oid + "&threadId=19_" + url.QueryEscape(id[3:]) + "&messageId=" + message,
			"https://urldefense.com/v3/__https://teams.microsoft.com" + strings.ReplaceAll(path, "%", "*") + "__;JSUl!!x$",
		}).Draw(t, "form")
		if rapid.Bool().Draw(t, "filtered") {
			form = safe(form)
		}
		text := rapid.SampledFrom([]string{"", "Join: ", "<", "(see) [", "Sala 12\r\n", `<a href="`, "«", "reunião "}).Draw(t, "before") + form +
			rapid.SampledFrom([]string{"", ". Thanks", ">", ")]", "\r\n12", `">Join</a>`, ", 10 am", "\u200b"}).Draw(t, "after")
		got := search.Recognize(text, people.OnlyAddress)
		if got.Kind != search.KindLink || !reflect.DeepEqual(got.Threads, []search.Thread{want}) || len(got.RequestIDs) > 0 {
			t.Errorf("Recognize(%q)\n got %+v\nwant %+v", text, got, want)
		}
	})
}

// escaped escapes the text up to twice, in either case of the digits. Twice is
// what is left for it: five rounds undo a launcher and a filter as well.
func escaped(t *rapid.T, text string) string {
	for range rapid.IntRange(0, 2).Draw(t, "rounds") {
		text = strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
		if rapid.Bool().Draw(t, "small") {
			text = strings.NewReplacer("%2B", "%2b", "%2F", "%2f", "%3A", "%3a", "%3D", "%3d", "%7B", "%7b", "%2C", "%2c", "%7D", "%7d").Replace(text)
		}
	}
	return text
}

// TestRecognizeAnything throws heaps of what the patterns look for at it.
func TestRecognizeAnything(t *testing.T) {
	pieces := []string{"%", "%25", "%3a", "*", "19:", "19_", "@thread.", "v2", "/", "?", "id=", "meet/", "teams.microsoft.com", "MSo", "1", "123", " ", "\n", "#", ",,", "+",
		"-", ".", "&amp;", "\\", "\"", "<", ">", "[mailto:", "\xff", "\x00", "é", "\u200b", "\ufe0f", "Meeting ID:", "conference id ", "urldefense.com/v2/url?u=", "urldefense.com/v3/__", "a@b.c", ";", request}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(pieces), rapid.String())).Draw(t, "pieces"), "")
		text = strings.Repeat(text, rapid.IntRange(1, 1+4000/(1+len(text))).Draw(t, "times"))
		s := search.Recognize(text, people.OnlyAddress)
		for _, n := range []int{len(s.Threads), len(s.MeetingIDs), len(s.ConferenceIDs), len(s.GraphIDs), len(s.RequestIDs)} {
			if n > 8 {
				t.Errorf("%d of a sort in %+v", n, s)
			}
		}
		if s.Kind == "" || !strings.Contains(text, s.Text) && s.Kind != search.KindAddress {
			t.Errorf("Recognize(%q) = %+v", text, s)
		}
		if again := search.Recognize(s.Text, people.OnlyAddress); s.Kind != search.KindAddress && !reflect.DeepEqual(again, s) {
			t.Errorf("of its own text it makes %+v, not %+v", again, s)
		}
	})
}
