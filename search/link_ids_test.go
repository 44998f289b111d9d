package search_test

import (
	"testing"

	"meetdesk/meeting"
	"meetdesk/search"
)

func TestLinkIDs(t *testing.T) {
	const (
		thread  = "19:meeting_NjY0YTk5ZTAtYzVlZC00@thread.v2"
		context = `?context=%7b%22Tid%22%3a%226f1d4c1e-0c5b-4c0e-9b61-7d2a7f6e5a10%22%2c%22Oid%22%3a%223a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01%22%7d`
	)
	for _, tt := range []struct{ name, link, thread, id string }{
		{"as Graph writes it", "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NjY0YTk5ZTAtYzVlZC00%40thread.v2/0" + context, thread, ""},
		{"escapes in upper case", "https://teams.microsoft.com/l/meetup-join/19%3Ameeting_NjY0YTk5ZTAtYzVlZC00%40thread.v2/0" + context, thread, ""},
		{"without escapes", "https://teams.microsoft.com/l/meetup-join/19:meeting_NjY0YTk5ZTAtYzVlZC00@thread.v2/0" + context, thread, ""},
		{"escaped twice", "https://teams.microsoft.com/l/meetup-join/19%253ameeting_NjY0YTk5ZTAtYzVlZC00%2540thread.v2/0" + context, thread, ""},
		{"government", "https://gov.teams.microsoft.us/l/meetup-join/19%3ameeting_NjY0YTk5ZTAtYzVlZC00%40thread.v2/0" + context, thread, ""},
		{"government, with its name", "https://gov.teams.microsoft.us/l/meetup-join/19%3agcch%3ameeting_fc2077d8ffb4%40thread.v2/0" + context, "19:gcch:meeting_fc2077d8ffb4@thread.v2", ""},
		{"department of defense", "https://dod.teams.microsoft.us/l/meetup-join/19%3adod%3ameeting_fc2077d8ffb4%40thread.v2/0" + context, "19:dod:meeting_fc2077d8ffb4@thread.v2", ""},
		{"department of defense, without escapes", "msteams://dod.teams.microsoft.us/l/meetup-join/19:dod:meeting_abc@thread.v2/0" + context, "19:dod:meeting_abc@thread.v2", ""},
		{"department of defense, plain", "https://dod.teams.microsoft.us/l/meetup-join/19%3ameeting_NjY0YTk5ZTAtYzVlZC00%40thread.v2/0" + context, thread, ""},
		{"the new host", "https://teams.cloud.microsoft/l/meetup-join/19%3ameeting_NjY0YTk5ZTAtYzVlZC00%40thread.v2/0" + context, thread, ""},
		{"skype", "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NjY0YTk5ZTAtYzVlZC00%40thread.skype/0" + context, "19:meeting_NjY0YTk5ZTAtYzVlZC00@thread.skype", ""},
		{"a channel's", "https://teams.microsoft.com/l/meetup-join/19%3aC4xuBHzaY%40thread.tacv2/1599698112345" + context, "19:C4xuBHzaY@thread.tacv2", ""},
		{"short", "https://teams.microsoft.com/meet/2345678901234?p=AbCdEf123", "", "2345678901234"},
		{"short, without p", "https://teams.microsoft.com/meet/234567890123", "", "234567890123"},
		{"short, of fifteen digits", "https://teams.microsoft.com/meet/234567890123456?p=x", "", "234567890123456"},
		{"short, government", "https://gov.teams.microsoft.us/meet/2345678901234?p=AbCdEf123", "", "2345678901234"},
		{"short, department of defense", "https://dod.teams.microsoft.us/meet/2345678901234?p=AbCdEf123", "", "2345678901234"},
		{"short, the new host", "https://teams.cloud.microsoft/meet/2345678901234?p=AbCdEf123", "", "2345678901234"},
		{"private", "https://teams.live.com/meet/9345678901234?p=AbCdEf123", "", "9345678901234"},
		{"private, without p", "https://teams.live.com/meet/9345678901234", "", "9345678901234"},
		{"another host", "https://conference.example/room/2345678901234?p=x", "", ""},
		{"another host with numbers", "https://conference.example/?meetingid=2345678901234", "", ""},
		{"options alone", "https://teams.microsoft.com/", "", ""},
		{"no link", "2345678901234", "", ""},
		{"nothing", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if thread, id := search.ThreadID(tt.link), search.MeetingID(tt.link); thread != tt.thread || id != tt.id {
				t.Errorf("%s names %q and %q, want %q and %q", tt.link, thread, id, tt.thread, tt.id)
			}
		})
	}
	for thread, want := range map[string]bool{
		"": false, "19:meeting_a@thread.v2": false, "19:gcch:meeting_a@thread.v2": false, "19:dod:meeting_a@thread.v2": false,
		"19:a@thread.tacv2": true, "19:gcch:a@thread.tacv2": true,
	} {
		if got := (meeting.Details{ThreadID: thread}).InChannel(); got != want {
			t.Errorf("%q is in a channel: %v", thread, got)
		}
	}
	said := meeting.Details{JoinURL: "https://teams.microsoft.com/meet/2345678901234?p=AbC", JoinMeetingID: "111222333", ThreadID: "19:meeting_a@thread.v2"}
	if got := search.WithLinkIDs(said); got.JoinMeetingID != "111222333" || got.ThreadID != "19:meeting_a@thread.v2" || got.Passcode != "" {
		t.Errorf("WithLinkIDs replaced what Graph said: %+v", got)
	}
}
