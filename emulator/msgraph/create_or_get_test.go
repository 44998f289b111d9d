package msgraph_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/emulator/emutest"
	"meetdesk/emulator/msgraph"
)

func TestCreateThenGet(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	first := `{"externalId":"INC0012345","subject":"first","startDateTime":"2026-11-23T10:00:00Z"}`
	r, created := s.Graph("POST", emutest.CreateOrGet, token, first)
	if r.StatusCode != http.StatusCreated {
		t.Fatalf("status %d: %v", r.StatusCode, created)
	}
	r, got := s.Graph("POST", emutest.CreateOrGet, token, `{"externalId":"INC0012345","subject":"second","startDateTime":"2027-01-01T10:00:00Z","participants":{"attendees":[{"upn":"dana@contoso.example"}]}}`)
	if r.StatusCode != http.StatusOK {
		t.Errorf("status %d for the second request, want 200", r.StatusCode)
	}
	for _, property := range []string{"id", "subject", "startDateTime", "endDateTime", "joinWebUrl", "creationDateTime"} {
		if got[property] != created[property] {
			t.Errorf("%s is %v, want %v as before", property, got[property], created[property])
		}
	}
	if emutest.At(got, "participants", "attendees", 0) != nil {
		t.Error("the later body added an attendee")
	}

	dana := s.SignIn("dana@contoso.example").AccessToken
	if r, other := s.Graph("POST", emutest.CreateOrGet, dana, first); r.StatusCode != http.StatusCreated || other["id"] == created["id"] {
		t.Errorf("another organizer got status %d and meeting %v", r.StatusCode, other["id"])
	}
	if r, other := s.Graph("POST", emutest.CreateOrGet, token, `{"externalId":"inc0012345"}`); r.StatusCode != http.StatusCreated || other["id"] == created["id"] {
		t.Errorf("another spelling got status %d", r.StatusCode)
	}
	if n := s.Emulator.MeetingCount(); n != 3 {
		t.Errorf("%d meetings, want 3", n)
	}
}

func TestCreateTimes(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	now := msgraph.FormatTime(s.Clock.Now())
	later := msgraph.FormatTime(s.Clock.Now().Add(time.Hour))
	for _, tt := range []struct {
		name, times string
		start, end  string // "" if createOrGet must refuse the times
	}{
		{"neither", ``, now, later},
		{"nulls", `,"startDateTime":null,"endDateTime":null`, now, later},
		{"start only", `,"startDateTime":"2026-03-01T09:00:00Z"`, "2026-03-01T09:00:00.0000000Z", "2026-03-01T10:00:00.0000000Z"},
		{"both", `,"startDateTime":"2026-03-01T09:00:00Z","endDateTime":"2026-03-02T09:00:00Z"`, "2026-03-01T09:00:00.0000000Z", "2026-03-02T09:00:00.0000000Z"},
		{"equal", `,"startDateTime":"2026-03-01T09:00:00Z","endDateTime":"2026-03-01T10:00:00+01:00"`, "2026-03-01T09:00:00.0000000Z", "2026-03-01T09:00:00.0000000Z"},
		{"past", `,"startDateTime":"2001-03-01T09:00:00Z"`, "2001-03-01T09:00:00.0000000Z", "2001-03-01T10:00:00.0000000Z"},
		{"fractions", `,"startDateTime":"2026-03-01T09:00:00.123456789-07:00","endDateTime":"2026-03-01T17:00:00.5Z"`, "2026-03-01T16:00:00.1234567Z", "2026-03-01T17:00:00.5000000Z"},
		{"no seconds", `,"startDateTime":"2026-03-01T09:00Z","endDateTime":"2026-03-01T09:30+00:00"`, "2026-03-01T09:00:00.0000000Z", "2026-03-01T09:30:00.0000000Z"},
		{"as in the documentation", `,"startDateTime":"2020-02-06T01:49:21.3524945+00:00","endDateTime":"2020-02-05T19:19:21-07:00"`, "2020-02-06T01:49:21.3524945Z", "2020-02-06T02:19:21.0000000Z"},
		{"end only", `,"endDateTime":"2026-03-01T09:00:00Z"`, "", ""},
		{"end before start", `,"startDateTime":"2026-03-01T09:00:00Z","endDateTime":"2026-03-01T08:59:59.9999999Z"`, "", ""},
		{"no offset", `,"startDateTime":"2026-03-01T09:00:00"`, "", ""},
		{"empty", `,"startDateTime":""`, "", ""},
		{"number", `,"startDateTime":1`, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, m := s.Graph("POST", emutest.CreateOrGet, token, `{"externalId":"`+tt.name+`"`+tt.times+`}`)
			if tt.start == "" {
				if r.StatusCode != http.StatusBadRequest || emutest.At(m, "error", "code") != "BadRequest" {
					t.Errorf("status %d, want 400: %v", r.StatusCode, m)
				}
				return
			}
			if r.StatusCode != http.StatusCreated || m["startDateTime"] != tt.start || m["endDateTime"] != tt.end {
				t.Errorf("status %d, %v to %v, want %s to %s", r.StatusCode, m["startDateTime"], m["endDateTime"], tt.start, tt.end)
			}
		})
	}
}

func TestCreateRefusesBadBodies(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	for _, tt := range []struct {
		name, body string
		header     []string
		status     int
	}{
		{"no external ID", `{"subject":"x"}`, nil, 400},
		{"null", `{"externalId":null}`, nil, 400},
		{"blank", `{"externalId":" \t"}`, nil, 400},
		{"number", `{"externalId":7}`, nil, 400},
		{"not an object", `["externalId"]`, nil, 400},
		{"empty body", ``, []string{"Content-Type", "application/json"}, 400},
		{"not JSON", `externalId=1`, nil, 400},
		{"two documents", `{"externalId":"1"}{}`, nil, 400},
		{"subject", `{"externalId":"1","subject":{}}`, nil, 400},
		{"role", `{"externalId":"1","participants":{"attendees":[{"upn":"test1@contoso.com","role":"boss"}]}}`, nil, 400},
		{"attendees", `{"externalId":"1","participants":{"attendees":{}}}`, nil, 400},
		{"chatInfo in v1.0", `{"externalId":"1","chatInfo":{"threadId":"19:x@thread.tacv2"}}`, nil, 400},
		{"form", `externalId=1`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		{"unknown encoding", `{"externalId":"1"}`, []string{"Content-Encoding", "br"}, 415},
		{"not gzip", `{"externalId":"1"}`, []string{"Content-Encoding", "gzip"}, 400},
		{"large", `{"externalId":"1","subject":"` + strings.Repeat("x", msgraph.MaxBody) + `"}`, nil, 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, m := s.Graph("POST", emutest.CreateOrGet, token, tt.body, tt.header...)
			if r.StatusCode != tt.status || emutest.At(m, "error", "code") == nil {
				t.Errorf("status %d, want %d: %v", r.StatusCode, tt.status, m)
			}
		})
	}
	if n := s.Emulator.MeetingCount(); n != 0 {
		t.Errorf("%d meetings were created by bad requests", n)
	}
}

func TestGzipBodies(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	pack := func(text string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(text))
		z.Close()
		return b.Bytes()
	}
	r, body := s.Raw("POST", emutest.CreateOrGet, token, pack(`{"externalId":"packed"}`), "content-encoding", "GZIP")
	if r.StatusCode != http.StatusCreated || !strings.Contains(body, `"externalId":"packed"`) {
		t.Errorf("status %d: %s", r.StatusCode, body)
	}
	if requests := s.Emulator.Requests(); string(requests[len(requests)-1].Body) != `{"externalId":"packed"}` {
		t.Errorf("logged %q", requests[len(requests)-1].Body)
	}
	bomb := pack(`{"externalId":"` + strings.Repeat("x", msgraph.MaxBody) + `"}`)
	if r, _ := s.Raw("POST", emutest.CreateOrGet, token, bomb, "Content-Encoding", "gzip"); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d for %d bytes that decompress to more than 4 MB, want 413", r.StatusCode, len(bomb))
	}
}

func TestSimultaneousFirstCallsCreateOnce(t *testing.T) {
	s := emutest.New(t, nil)
	token := s.SignIn("priya@contoso.example").AccessToken
	const calls = 50
	statuses := make(chan int, calls)
	var all sync.WaitGroup
	for range calls {
		r := s.Request("POST", emutest.CreateOrGet, token, []byte(`{"externalId":"at once"}`))
		all.Go(func() {
			got, err := s.Browser.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			got.Body.Close()
			statuses <- got.StatusCode
		})
	}
	all.Wait()
	close(statuses)
	count := map[int]int{}
	for status := range statuses {
		count[status]++
	}
	if count[201] != 1 || count[200] != calls-1 || s.Emulator.MeetingCount() != 1 {
		t.Errorf("statuses %v and %d meetings, want one 201, %d times 200, one meeting", count, s.Emulator.MeetingCount(), calls-1)
	}
}

func TestSwitches(t *testing.T) {
	soon := `{"externalId":"x","startDateTime":"` + msgraph.FormatTime(time.Now()) + `"}`
	remove := func(s *emutest.Site) { s.Emulator.RemoveMeeting(s.Emulator.Meetings()[0].ID) }
	expire := func(s *emutest.Site) { s.Clock.Advance(msgraph.JoinableFor + 2*time.Hour) }
	for _, tt := range []struct {
		name     string
		switches emulator.Switches
		first    string
		then     func(s *emutest.Site) // called between the two requests
		body     string
		status   int
	}{
		{"case sensitive", emulator.Switches{}, `{"externalId":"a"}`, nil, `{"externalId":"A"}`, 201},
		{"case insensitive", emulator.Switches{FoldExternalID: true}, `{"externalId":"a"}`, nil, `{"externalId":"A"}`, 200},
		{"removed: a new meeting", emulator.Switches{}, soon, remove, soon, 201},
		{"removed: not found", emulator.Switches{GoneIsNotFound: true}, soon, remove, soon, 404},
		{"expired: a new meeting", emulator.Switches{}, soon, expire, soon, 201},
		{"expired: not found", emulator.Switches{GoneIsNotFound: true}, soon, expire, soon, 404},
		{"RemovedIsNotFound, removed", emulator.Switches{RemovedIsNotFound: true}, soon, remove, soon, 404},
		{"RemovedIsNotFound, expired", emulator.Switches{RemovedIsNotFound: true}, soon, expire, soon, 201},
		{"ExpiredIsNotFound, removed", emulator.Switches{ExpiredIsNotFound: true}, soon, remove, soon, 201},
		{"ExpiredIsNotFound, expired", emulator.Switches{ExpiredIsNotFound: true}, soon, expire, soon, 404},
		{"any character", emulator.Switches{}, "", nil, `{"externalId":"Ä-1"}`, 201},
		{"ASCII", emulator.Switches{ASCIIExternalID: true}, "", nil, `{"externalId":"A-1 ~"}`, 201},
		{"not ASCII", emulator.Switches{ASCIIExternalID: true}, "", nil, `{"externalId":"Ä-1"}`, 400},
		{"not printable", emulator.Switches{ASCIIExternalID: true}, "", nil, `{"externalId":"A\t1"}`, 400},
		{"external ID over the limit", emulator.Switches{MaxExternalID: 3}, "", nil, `{"externalId":"äöüß"}`, 400},
		{"external ID at the limit", emulator.Switches{MaxExternalID: 4}, "", nil, `{"externalId":"äöüß"}`, 201},
		{"subject over the limit", emulator.Switches{MaxSubject: 3}, "", nil, `{"externalId":"1","subject":"four"}`, 400},
		{"attendees over the limit", emulator.Switches{MaxAttendees: 1}, "", nil, `{"externalId":"1","participants":{"attendees":[{},{}]}}`, 400},
		{"chatInfo", emulator.Switches{ChatInfoInV1: true}, "", nil, `{"externalId":"1","chatInfo":{"threadId":"19:x@thread.tacv2"}}`, 201},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := emutest.New(t, func(o *emulator.Options) { o.Switches = tt.switches })
			if tt.first != "" {
				s.Create(s.SignIn("priya@contoso.example").AccessToken, tt.first)
			}
			if tt.then != nil {
				tt.then(s)
			}
			r, m := s.Graph("POST", emutest.CreateOrGet, s.SignIn("priya@contoso.example").AccessToken, tt.body)
			if r.StatusCode != tt.status {
				t.Errorf("status %d, want %d: %v", r.StatusCode, tt.status, m)
			}
		})
	}
}
