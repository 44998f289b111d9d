package search_test

import (
	"slices"
	"strings"
	"testing"

	"meetdesk/people"
	"meetdesk/search"
)

// Numbers as they arrive from spreadsheets, phones, other scripts and quoted mail.
func TestNumbersAsTheyArrive(t *testing.T) {
	const id, conference, video = "2345678901234", "123456789", "1187654321"
	for what, texts := range map[string][]string{
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
			s := search.Recognize(text, people.OnlyAddress)
			kind, number, _ := strings.Cut(what, " ")
			for of, list := range map[string][]string{"meeting": s.MeetingIDs, "conference": s.ConferenceIDs, "video": s.VideoIDs} {
				want := of == kind
				both := of == "conference" && kind == "meeting" || of == "meeting" && kind == "conference" // digits alone can be either
				if got := slices.Contains(list, number); want && !got || !want && !both && len(list) > 0 || want && list[0] != number {
					t.Errorf("%q: %s IDs %q; want %s", text, of, list, what)
				}
			}
		}
	}
}

func TestRoundedNumbers(t *testing.T) {
	for text, want := range map[string]bool{"2.34568E+12": true, "2,3E12": true, "５.０８９45E+12": true, "2.345678901234E+12": false, "1E5": false, "E+12": false, "2.34568E+12 x": false, "": false} {
		if got := search.Recognize(text, people.OnlyAddress).IsRounded(); got != want {
			t.Errorf("%q is rounded: %v", text, got)
		}
	}
}

func TestPhoneNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"+1 206-485-3005": "12064853005", "(206) 485-3005": "2064853005", "tel:+12064853005": "12064853005", "0012064853005": "12064853005", "Tel. 206.485.3005,": "2064853005",
		"+١ ٢٠٦ ٤٨٥ ٣٠٠٥": "12064853005", "call 206-485-3005": "", "12-3": "", "INC0012345": "", "12345678901234567": "",
	} {
		if got := search.Recognize(text, people.OnlyAddress).Phone(); got != want {
			t.Errorf("%q is the number %q, want %q", text, got, want)
		}
	}
}
