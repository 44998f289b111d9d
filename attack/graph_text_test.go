package attack_test

import (
	"fmt"
	"strings"
)

func graphTextAttacks() []attack {
	const script, reversed = `"><script>alert(1)</script><img src=x onerror=alert(1)>`, "INC\u202e0012\u2066\x00\x1b[31m"
	many := make([]any, 5000)
	for i := range many {
		many[i] = attendee(fmt.Sprintf("person%d@contoso.example", i), "Person")
	}
	return []attack{
		inMeeting("subject-html", "returns a subject with a script", "<script>alert(1)</script>", "<script>alert", setTo("subject", script)),
		inMeeting("subject-control", "returns a subject that reverses the text around it", "INC", "\u202e", setTo("subject", reversed)),
		inMeeting("subject-huge", "returns a subject of 1 MB", "xxx", strings.Repeat("x", 2000), setTo("subject", strings.Repeat("x", 1<<20))),
		inMeeting("subject-calendar", "returns a subject that adds an alarm to the calendar file", "Created", "", setTo("subject", "x\r\nBEGIN:VALARM\r\nACTION:PROCEDURE\r\nEND:VALARM")),
		inMeeting("subject-mail", "returns a subject that adds recipients to the invitation mail", "Created", "", setTo("subject", "x&bcc=evil@evil.example?bcc=evil@evil.example")),
		inMeeting("passcode-html", "returns a passcode with a script", "<script>alert(1)</script>", "<script>alert", within("joinMeetingIdSettings", "passcode", script)),
		inMeeting("passcode-control", "returns a passcode that reverses the text around it", "Created", "\u202e", within("joinMeetingIdSettings", "passcode", reversed)),
		inMeeting("meeting-id-control", "returns a meeting ID that reverses the text around it", "Created", "\u202e", within("joinMeetingIdSettings", "joinMeetingId", reversed)),
		inMeeting("phone-html", "returns a telephone number with a script", "Created", "<script>alert", setTo("audioConferencing", object{"conferenceId": script, "tollNumber": script, "tollFreeNumbers": []string{script}, "dialinUrl": "https://dialin.example/"})),
		inMeeting("phone-link", "returns a telephone number that is a link to a script", "Created", "", setTo("audioConferencing", object{"conferenceId": "1", "tollNumber": "javascript:alert(1)", "dialinUrl": "javascript:alert(1)"})),
		inMeeting("phones-many", "returns a hundred thousand telephone numbers", "Created", "", setTo("audioConferencing", object{"conferenceId": "1", "tollNumbers": numbers(100_000)})),
		inMeeting("thread-control", "returns a thread ID that reverses the text around it", "Created", "\u202e", within("chatInfo", "threadId", reversed)),
		inMeeting("options-html", "returns options with a script as their values", "Created", "<script>alert", func(m object) {
			m["allowedPresenters"], m["lobbyBypassSettings"] = script, object{"scope": script}
		}),
		inMeeting("attendee-html", "returns an attendee whose name is a script", "Created", "<script>alert", attendees([]any{attendee(script+"@evil.example", script)})),
		inMeeting("attendee-control", "returns an attendee whose name reverses the text around it", "Created", "\u202e", attendees([]any{attendee("a\u202e\x00@evil.example", reversed)})),
		inMeeting("attendee-address", "returns an attendee whose name contains another address", "Created", "", attendees([]any{attendee("dana@contoso.example", "Dana <evil@evil.example>, x <y@evil.example>")})),
		inMeeting("attendee-calendar", "returns an attendee whose name adds lines to the calendar file", "Created", "", attendees([]any{attendee("dana@contoso.example\r\nX-EVIL:1", "Dana\r\nATTACH:file:///etc/passwd")})),
		inMeeting("attendees-many", "returns a meeting with 5,000 attendees", "Created", "", attendees(many)),
		inMeeting("dates-hostile", "returns dates in the year 292277026596", "Created", "", func(m object) {
			m["startDateTime"], m["endDateTime"], m["creationDateTime"], m["expiryDateTime"] = "292277026596-12-04T15:30:07Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "-1"
		}),
		inMeeting("document-huge", "returns a meeting with 3 MB of properties that the desk does not know", "Created", "", func(m object) {
			m["x"] = strings.Repeat("x", 3<<20)
		}),
	}
}

func numbers(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("+351 21 %07d", i)
	}
	return list
}

func graphTypeAttacks() []attack {
	return []attack{
		inMeeting("types-wrong", "returns every property with a wrong type", "Created", "", func(m object) {
			for name := range m {
				if name != "id" && name != "externalId" {
					m[name] = []any{object{"x": 1}}
				}
			}
		}),
		inMeeting("nulls", "returns null for every property", "Created", "", func(m object) {
			for name := range m {
				if name != "id" && name != "externalId" {
					m[name] = nil
				}
			}
		}),
		onCreate("json-deep", "returns JSON that is a hundred thousand levels deep", unfinished("Finish"), answers(200, `{"id":"M","x":`+strings.Repeat("[", 100_000), "request-id", "r")),
		onCreate("json-list", "returns a list instead of a meeting", unfinished("Finish"), answers(200, `[{"id":"M"}]`, "request-id", "r")),
		onCreate("html", "returns a page with a script instead of a meeting", unfinished("Finish"), answers(200, "<script>alert(1)</script>", "Content-Type", "text/html")),
		onCreate("id-missing", "returns a meeting without an ID", unfinished("Finish"), answers(201, `{"subject":"x"}`, "request-id", "r")),
		onCreate("error-html", "refuses with a script as its code and its message", unfinished("Failed"), answers(403, `{"error":{"code":"<script>alert(1)</script>","message":"<script>alert(1)</script>\u202e"}}`, "request-id", "\"><script>")),
		onCreate("error-huge", "refuses with a code and a message of 1 MB each", unfinished("Failed"), answers(400, `{"error":{"code":"`+strings.Repeat("c", 1<<20)+`","message":"`+strings.Repeat("m", 1<<20)+`"}}`, "request-id", strings.Repeat("r", 5000))),
		onCreate("error-nested", "refuses with inner errors that are ten thousand levels deep", unfinished("Finish"), answers(403, `{"error":{"code":"x","innerError":`+strings.Repeat(`{"innerError":`, 10_000)+"{}"+strings.Repeat("}", 10_000)+"}}", "request-id", "r")),
		onCreate("challenge-hostile", "asks for claims that are no JSON", unfinished("Finish"), answers(401, "", "Www-Authenticate", `Bearer error="insufficient_claims", claims="javascript:alert(1)"`)),
	}
}
