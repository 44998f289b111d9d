package search_test

import (
	"slices"
	"strings"
	"testing"

	"meetdesk/people"
	"meetdesk/search"
)

func TestRecognizeNumbers(t *testing.T) {
	inThrees := input{Kind: search.KindMeetingID, MeetingIDs: []string{"5089446329319"}}
	dialled := input{Kind: search.KindConferenceID, ConferenceIDs: []string{"916096521"}}
	checkRecognize(t, []recognized{
		{"508  944 632 931 9", inThrees}, {"*508 944 632 931 9*", inThrees}, {"508−944−632−931−9", inThrees}, {"５０８ ９４４ ６３２ ９３１ ９", inThrees},
		{"meeting-id=5089446329319", inThrees},
		{"Meeting ID: 234 567 890 123 10:00", input{Kind: search.KindMeetingID, MeetingIDs: []string{"234567890123"}}},
		{"Conference ID: 916 096 521 10:00", dialled}, {"Conference ID is 916096521", dialled}, {"conference ID (916096521)", dialled},
		{"ID: 916 096 521#", dialled}, {"id 5089446329319.", inThrees}, {"ID-20260001234", input{Kind: search.KindTicket}}, {"ID: 916096521", input{Kind: search.KindText, MeetingIDs: []string{"916096521"}, ConferenceIDs: []string{"916096521"}}}, {"ID 916096521", input{Kind: search.KindTicket, MeetingIDs: []string{"916096521"}, ConferenceIDs: []string{"916096521"}}},
		{"conf. ID 916096521", dialled}, {"Konferenz-ID: 916096521", dialled}, {"ID de conférence : 916096521", dialled},
		{"Call 916 096 521\t10:00", input{Kind: search.KindConferenceID, MeetingIDs: []string{"916096521"}, ConferenceIDs: []string{"916096521"}}},
		{"Meeting ID: 234\u00a0567\u00a0890\u00a0123\u00a04", input{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"ID da Reunião: 2345 6789 0123", input{Kind: search.KindMeetingID, MeetingIDs: []string{"234567890123"}}},
		{"Meeting ID: 234 567 890 123 2026-10-05 10:00", input{Kind: search.KindMeetingID, MeetingIDs: []string{"234567890123"}}},
		{"2345678901234", input{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"234–567–890–123", input{Kind: search.KindMeetingID, MeetingIDs: []string{"234567890123"}, ConferenceIDs: []string{"234567890123"}}},
		{"234.567.890.123.", input{Kind: search.KindMeetingID, MeetingIDs: []string{"234567890123"}, ConferenceIDs: []string{"234567890123"}}},
		{"2345 6789 0123 4", input{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"cannot join 234 567 890 123 4, help", input{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"please move 2345678901234 to Monday", input{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"+1 206-485-3005,,123456789#", input{Kind: search.KindConferenceID, ConferenceIDs: []string{"123456789"}}},
		{"tel:+12064853005,,123456789%23", input{Kind: search.KindConferenceID, ConferenceIDs: []string{"123456789"}}},
		{"Phone conference ID: 123 456 789#", input{Kind: search.KindConferenceID, ConferenceIDs: []string{"123456789"}}},
		{"ID da conferência telefônica: 123 456 789#", input{Kind: search.KindConferenceID, ConferenceIDs: []string{"123456789"}}},
		{"Conference ID 123 456 789 2064853005", input{Kind: search.KindConferenceID, ConferenceIDs: []string{"123456789"}}},
		{`"conferenceId": "123456789", "videoTeleconferenceId": "1119876543"`, input{Kind: search.KindConferenceID, ConferenceIDs: []string{"123456789"}, VideoIDs: []string{"1119876543"}}},
		{"123 456 789", input{Kind: search.KindConferenceID, MeetingIDs: []string{"123456789"}, ConferenceIDs: []string{"123456789"}}},
		{"1234567 #", input{Kind: search.KindConferenceID, ConferenceIDs: []string{"1234567"}}},
		{"key in 1234567# there", input{Kind: search.KindConferenceID, ConferenceIDs: []string{"1234567"}}},
		{"123456789", input{Kind: search.KindTicket, MeetingIDs: []string{"123456789"}, ConferenceIDs: []string{"123456789"}}},
		{"12345", input{Kind: search.KindTicket, ConferenceIDs: []string{"12345"}}},
		{"123 456", input{Kind: search.KindTicket, ConferenceIDs: []string{"123456"}}},
		{"123-456", input{Kind: search.KindTicket}},
		{"1-23", input{Kind: search.KindTicket}},
		{"206-485-3005", input{Kind: search.KindTicket}},
		{"123.456.789-09", input{Kind: search.KindTicket}}, // a Brazilian taxpayer number
		{"+1 206-485-3005", input{Kind: search.KindText}},
		{"call (206) 485-3005 or +55 11 4004 0000", input{Kind: search.KindText}},
		{"Phone: 206 485 300, Passcode: 123 456 789, Video ID: 111 987 654 3", input{Kind: search.KindVideoID, VideoIDs: []string{"1119876543"}}},
		{"234\x00567\x00890\x00123\x004", input{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"see https://contoso.com/a:2345678901234", input{Kind: search.KindText}},
		{"see ABC2345678901234 now", input{Kind: search.KindText}},
		{"see X-2345678901234 now", input{Kind: search.KindText}},
		{"see 2345678901234x now", input{Kind: search.KindText}},
		{"see 2345678901234@contoso.com now", input{Kind: search.KindText}},
		{"see 2345678901234567 now", input{Kind: search.KindText}},
		{"see 234 567 8901 now", input{Kind: search.KindText}},
		{"see 123 456 now", input{Kind: search.KindText}},
		{"see 234 567 890 123 4Now", input{Kind: search.KindMeetingID, MeetingIDs: []string{"2345678901234"}}},
		{"234 567 890 123 456 78", input{Kind: search.KindText}},
		{"Meeting ID 234567890 2026-10-05", input{Kind: search.KindMeetingID, MeetingIDs: []string{"234567890"}}},
		{"call +12064853005# now", input{Kind: search.KindText}},
		{"call (206) 485 300 123 now", input{Kind: search.KindText}},
		{"1234#", input{Kind: search.KindTicket}},
		{"1234567890123#", input{Kind: search.KindTicket}},
	})
}

func TestRecognizeNumberFormats(t *testing.T) {
	const id, conference, video = "2345678901234", "123456789", "1187654321"
	for number, texts := range map[string][]string{
		"meeting " + id: {
			"٢٣٤٥٦٧٨٩٠١٢٣٤", "२३४ ५६७ ८९० १२३ ४", "๒๓๔๕๖๗๘๙๐๑๒๓๔", "𝟐𝟑𝟒 𝟓𝟔𝟕 𝟖𝟗𝟎 𝟏𝟐𝟑 𝟒", "Meeting ID: २३४५६७८९०१२३४",
			"2,345,678,901,234", "2.345.678.901.234", "2'345'678'901'234", "2’345’678’901’234", "2 345 678 901 234", "2٬345٬678٬901٬234", "ID: 2,345,678,901,234.",
			"2345678901234.0", "2345678901234,00", "2,345,678,901,234.00", "2.345678901234E+12", "2,345678901234e12", "=\"2345678901234\"", "'2345678901234", "\"2345678901234\"",
			"234/567/890/123/4", "234_567_890_123_4", "234·567·890·123·4", "234:567:890:123:4",
			"234 567 890 123 4 123456", "2345678901234 / aB3xY9", "2345678901234/123456", "2345678901234#123456", "2345678901234, passcode 123456", "ID: 2345678901234 passcode aB3", "2345678901234|123456",
			"234 567 > 890 123 4", "Meeting > ID: 234 567 > > 890 123 4", "Meeting ID: 234 567 890\n> 123 4", "they read out 2.345.678.901.234, I think", "2345678901234?p=abc",
		},
		"conference " + conference: {
			"+1 206-485-3005 x123456789", "+1 206-485-3005 ext. 123 456 789#", "+12064853005;ext=123456789", "tel:+12064853005%2C%2C123456789%23", "+12064853005,,,,123456789#", ",,123456789#",
			"+12064853005p123456789", "+1 206-485-3005,,*123456789#", "(206) 485-3005 X 123456789", "+55 11 4004-0000 ramal 123456789", "Conference ID: 123,456,789", "Conference ID: १२३४५६७८९", "ID da conferência: 123/456/789",
			"+1 (206) 485-3005 ,, 123 456 789 #", "123,456,789#", "+1 206-485-3005 > ,,123456789#",
			"2064853005,,,123456789#", "206-485-3005,,123456789#", "02064853005,123456789#", "2064853005,,123456789", "+1 206 485 3005 pp 123456789",
		},
		"video " + video: {"Video ID: 118 765 432 1", "VTC Conference ID: 1187654321", "Video-ID 118.765.432.1", "ID de vídeo: 118 765 432 1", `"videoTeleconferenceId": "1187654321"`},
		"nothing": {
			"192.168.100.200", "ping 192.168.100.200 now", "10.123.123.123", "call 206-485-3005", "2.34568E+12", "2026/10/05", "05.10.2026 10:00", "see 234 567 890… now", "234567890123... and more", "9,5 10.000", "version 1.2.3.0",
		},
	} {
		for _, text := range texts {
			in := search.Recognize(text, people.OnlyAddress)
			wantKind, digits, _ := strings.Cut(number, " ")
			for kind, list := range map[string][]string{"meeting": in.MeetingIDs, "conference": in.ConferenceIDs, "video": in.VideoIDs} {
				want := kind == wantKind
				mayBe := kind == "conference" && wantKind == "meeting" || kind == "meeting" && wantKind == "conference" // digits alone may be either kind of ID
				if got := slices.Contains(list, digits); want && !got || !want && !mayBe && len(list) > 0 || want && list[0] != digits {
					t.Errorf("%q: %s IDs %q, want %s", text, kind, list, number)
				}
			}
		}
	}
}

func TestIsRounded(t *testing.T) {
	for text, want := range map[string]bool{"2.34568E+12": true, "2,3E12": true, "５.０８９45E+12": true, "2.345678901234E+12": false, "1E5": false, "E+12": false, "2.34568E+12 x": false, "": false} {
		if got := search.Recognize(text, people.OnlyAddress).IsRounded(); got != want {
			t.Errorf("%q: IsRounded() = %v", text, got)
		}
	}
}

func TestPhone(t *testing.T) {
	for text, want := range map[string]string{
		"+1 206-485-3005": "12064853005", "(206) 485-3005": "2064853005", "tel:+12064853005": "12064853005", "0012064853005": "12064853005", "Tel. 206.485.3005,": "2064853005",
		"+١ ٢٠٦ ٤٨٥ ٣٠٠٥": "12064853005", "call 206-485-3005": "", "12-3": "", "INC0012345": "", "12345678901234567": "",
	} {
		if got := search.Recognize(text, people.OnlyAddress).Phone(); got != want {
			t.Errorf("%q: Phone() = %q, want %q", text, got, want)
		}
	}
}
