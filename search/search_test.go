package search_test

import (
	"encoding/base64"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"meetdesk/people"
	"meetdesk/search"
)

// Example IDs and links. chat and channel are thread IDs.
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

// safe wraps the link as Outlook's Safe Links does.
func safe(link string) string {
	return "https://eur03.safelinks.protection.outlook.com/ap/t-59584e83/?url=" + url.QueryEscape(link) + "&data=05%7C02%7Cpriya%40contoso.com%7C" +
		request + "%7C0%7C0%7C638000000000000000%7CUnknown&reserved=0"
}

// light returns the URL for joining a meeting in a browser, with the given JSON in its
// coords parameter.
func light(inside string) string {
	return "https://teams.microsoft.com/light-meetings/launch?agent=web&version=25072001100&coords=" + url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(inside))) + "&deeplinkId=" + request + "&correlationId=" + tid
}

type input = search.Input

var chats, channels = []search.Thread{{ID: chat}}, []search.Thread{{ID: channel, Message: "1620000000000"}}

type recognized struct {
	text string
	want input // an empty Text means that the trimmed text is expected
}

func checkRecognize(t *testing.T, tests []recognized) {
	t.Helper()
	for _, tt := range tests {
		if tt.want.Text == "" {
			tt.want.Text = strings.Trim(tt.text, " \x00\u200b")
		}
		if got := search.Recognize(tt.text, people.OnlyAddress); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("Recognize(%q)\n got %+v\nwant %+v", tt.text, got, tt.want)
		}
	}
}
