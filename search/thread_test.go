package search_test

import (
	"encoding/base64"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"meetdesk/people"
	"meetdesk/search"
)

func TestRecognizeThreadsAndGraphIDs(t *testing.T) {
	graphID := base64.StdEncoding.EncodeToString([]byte("1*" + oid + "*0**" + chat))
	short := base64.StdEncoding.EncodeToString([]byte("1*" + oid + "*0**19:meeting_x@thread.v2"))
	checkRecognize(t, []recognized{
		{" " + chat + "\u200b", input{Text: chat, Kind: search.KindThread, Threads: chats}},
		{"19_meeting_aBc=@THREAD.V2, 19:meeting_abC=@thread.skype", input{Kind: search.KindThread, Threads: []search.Thread{{ID: "19:meeting_aBc=@thread.v2"}, {ID: "19:meeting_abC=@thread.skype"}}}},
		{chat + " " + chat + "/1620000000000", input{Kind: search.KindThread, Threads: []search.Thread{{ID: chat, Message: "1620000000000"}}}},
		{graphID, input{Kind: search.KindGraphID, GraphIDs: []string{graphID}, Threads: chats}},
		{strings.TrimRight(short, "="), input{Kind: search.KindGraphID, GraphIDs: []string{short}, Threads: []search.Thread{{ID: "19:meeting_x@thread.v2"}}}},
		{"https://graph.microsoft.com/v1.0/me/onlineMeetings/" + url.QueryEscape(short) + "/attendanceReports", input{Kind: search.KindGraphID, GraphIDs: []string{short}, Threads: []search.Thread{{ID: "19:meeting_x@thread.v2"}}}},
		{"GET /users('" + oid + "')/onlineMeetings('MSo1N2Y5ZGFjYy03MWJmLTQ3NDMtYjQxMy01M2EdFGkdRWHJlQ') fails", input{Kind: search.KindGraphID, GraphIDs: []string{"MSo1N2Y5ZGFjYy03MWJmLTQ3NDMtYjQxMy01M2EdFGkdRWHJlQ"}}},
		{`{"id": "` + graphID + `", "participants": {"organizer": {"identity": {"user": {"id": "` + oid + `", "tenantId":"` + tid + `"}}}}}`, input{Kind: search.KindGraphID, GraphIDs: []string{graphID}, Threads: chats}},
		{url.QueryEscape(oid + "_" + chat), input{Kind: search.KindGraphID, GraphIDs: []string{oid + "_" + chat}, Threads: chats}},
		{"519:meeting_x@thread.v2 is none", input{Kind: search.KindText}},
		{"%zz19:meeting_x@thread.v2 is none", input{Kind: search.KindText}},
		{"19:meeting_" + strings.Repeat("x", 256) + "@thread.v2 is none", input{Kind: search.KindText, Fault: search.LinkCut}},
		{"19:meeting\\_x@thread.v2", input{Kind: search.KindThread, Threads: []search.Thread{{ID: "19:meeting_x@thread.v2"}}}},
		{channel + "/1620000000000 " + channel + "/1630000000000", input{Kind: search.KindThread, Threads: append(channels, search.Thread{ID: channel, Message: "1630000000000"})}},
		{"/onlineMeetings/" + strings.TrimRight(short, "="), input{Kind: search.KindGraphID, GraphIDs: []string{short}, Threads: []search.Thread{{ID: "19:meeting_x@thread.v2"}}}},
	})
}

// Recognize finds the thread in every form of link, even after mail filters have escaped
// the link several times.
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

// escaped percent-encodes the text up to twice, with hexadecimal digits in either case.
func escaped(t *rapid.T, text string) string {
	for range rapid.IntRange(0, 2).Draw(t, "rounds") {
		text = strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
		if rapid.Bool().Draw(t, "lower case") {
			text = strings.NewReplacer("%2B", "%2b", "%2F", "%2f", "%3A", "%3a", "%3D", "%3d", "%7B", "%7b", "%2C", "%2c", "%7D", "%7d").Replace(text)
		}
	}
	return text
}
