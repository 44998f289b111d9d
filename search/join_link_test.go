package search_test

import (
	"html"
	"net/url"
	"strings"
	"testing"

	"meetdesk/search"
)

func TestJoinLink(t *testing.T) {
	const short = "https://teams.microsoft.com/meet/2345678901234?p=aB3xY9"
	for _, tt := range []struct{ text, want string }{
		{join, join},
		{"Join: " + join + ". Thanks", join},
		{"<" + join + ">, or " + short, join},
		{`<a href="` + html.EscapeString(join) + `">`, join},
		{safe(join), join},
		{safe(safe(join)), join},
		{url.QueryEscape(join), join},
		{join[:72] + "\r\n> " + join[72:], join},
		{"https://urldefense.com/v3/__" + strings.ReplaceAll(join, "%", "*") + "__;JSUl!!Abc!x$", join},
		{"https://urldefense.proofpoint.com/v2/url?u=https-3A__teams.microsoft.com_meet_2345678901234-3Fp-3DaB3xY9&d=DwMF", short},
		{strings.ReplaceAll(join, "/", `\/`), join},
		{short, short},
		{safe(short), short},
		{"Join: " + short + "\nMeeting ID: 234", short},
		{"", ""},
		{"INC0012345", "INC0012345"},
		{"https://teams.microsoft.com/l/meetup-join/nobody", "https://teams.microsoft.com/l/meetup-join/nobody"},
		{"https://teams.evil.example/meet/2345678901234?p=x", "https://teams.evil.example/meet/2345678901234?p=x"},
	} {
		if got := search.JoinLink(tt.text); got != tt.want {
			t.Errorf("%q\ngives %q\nwant  %q", tt.text, got, tt.want)
		}
	}
}
