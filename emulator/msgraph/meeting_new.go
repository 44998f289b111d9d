package msgraph

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"html"
	"math/big"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"meetdesk/emulator/tenant"
)

type newMeeting struct {
	organizer  tenant.Person
	externalID string
	subject    *string
	start, end time.Time
	attendees  []any
	thread     string // thread ID of the channel, if any
	shortLink  bool   // see Switches.ShortLinks
	now        time.Time
}

func (n newMeeting) document() (tenant.Document, error) {
	thread := "19:meeting_" + base64.StdEncoding.EncodeToString([]byte(uuid.NewString())) + "@thread.v2"
	numeric, passcode := digits(13), rand.Text()[:6]
	join := joinAddress(thread, n.organizer)
	if n.shortLink {
		join = shortAddress(numeric)
	}
	d := tenant.Document{
		"id":                    meetingID(n.organizer, thread),
		"creationDateTime":      formatTime(n.now),
		"startDateTime":         formatTime(n.start),
		"endDateTime":           formatTime(n.end),
		"expiryDateTime":        formatTime(expiry(n.end, n.now)),
		"joinWebUrl":            join,
		"subject":               n.subject,
		"externalId":            n.externalID,
		"videoTeleconferenceId": digits(10),
		"participants":          n.participants(),
		"audioConferencing":     n.audio(),
		"chatInfo":              n.chat(thread),
		"joinMeetingIdSettings": map[string]any{"isPasscodeRequired": true, "joinMeetingId": numeric, "passcode": passcode},
		"joinInformation":       joinInformation(join, numeric, passcode),
		"meetingOptionsWebUrl":  optionsAddress(thread, n.organizer),
	}
	for property, value := range defaultSettings() {
		d[property] = value
	}
	return d.Clone()
}

// defaultSettings returns the settings of a new meeting in a tenant with default meeting
// policies.
func defaultSettings() map[string]any {
	return map[string]any{
		"isBroadcast":                 false,
		"autoAdmittedUsers":           "EveryoneInCompany",
		"isEntryExitAnnounced":        true,
		"allowedPresenters":           "everyone",
		"allowAttendeeToEnableCamera": true,
		"allowAttendeeToEnableMic":    true,
		"allowMeetingChat":            "enabled",
		"allowTeamworkReactions":      true,
		"recordAutomatically":         false,
		"lobbyBypassSettings":         map[string]any{"scope": "organization", "isDialInBypassEnabled": false},
	}
}

func (n newMeeting) participants() map[string]any {
	return map[string]any{
		"organizer": map[string]any{
			"upn":  n.organizer.UPN,
			"role": "presenter",
			"identity": map[string]any{"user": map[string]any{
				"id": n.organizer.ObjectID, "displayName": nil, "tenantId": n.organizer.Tenant, "identityProvider": "AAD",
			}},
		},
		"attendees":    n.attendees,
		"producers":    []any{},
		"contributors": []any{},
	}
}

// audio returns the dial-in details. The first phone number is from Microsoft's examples.
func (n newMeeting) audio() map[string]any {
	conference := digits(9)
	return map[string]any{
		"conferenceId":   conference,
		"tollNumber":     "+1 206-485-3005",
		"tollFreeNumber": nil,
		"tollNumbers":    []string{"+1 206-485-3005", "+1 323-849-4874"},
		"dialinUrl":      "https://dialin.teams.microsoft.com/" + n.organizer.Tenant + "?id=" + conference,
	}
}

// chat returns the meeting's chatInfo. For a channel meeting, it contains the ID of the
// channel's thread and the message ID of the announcement, which is a Unix time in
// milliseconds. Any other meeting has its own thread, whose ID is passed in own.
func (n newMeeting) chat(own string) map[string]any {
	if n.thread == "" {
		return map[string]any{"threadId": own, "messageId": "0", "replyChainMessageId": nil}
	}
	return map[string]any{"threadId": n.thread, "messageId": fmt.Sprint(n.now.UnixMilli()), "replyChainMessageId": nil}
}

func meetingID(organizer tenant.Person, thread string) string {
	return base64.StdEncoding.EncodeToString([]byte("1*" + organizer.ObjectID + "*0**" + thread))
}

func isMeetingID(id string) bool {
	text, err := base64.StdEncoding.DecodeString(id)
	return err == nil && strings.HasPrefix(string(text), "1*") && strings.Contains(string(text), "*0**19:")
}

// joinAddress returns the long form of the join link. Teams escapes it with
// lower-case hexadecimal digits.
func joinAddress(thread string, organizer tenant.Person) string {
	context := `{"Tid":"` + organizer.Tenant + `","Oid":"` + organizer.ObjectID + `"}`
	return "https://teams.microsoft.com/l/meetup-join/" + lowerEscape(thread) + "/0?context=" + lowerEscape(context)
}

// shortAddress returns the short form of the join link, which contains the numeric ID.
// The query parameter p is not the passcode (microsoft-graph-comms-samples#829, #847). The
// emulator sets it to 18 random characters.
func shortAddress(numeric string) string {
	return "https://teams.microsoft.com/meet/" + numeric + "?p=" + rand.Text()[:9] + strings.ToLower(rand.Text()[:9])
}

func optionsAddress(thread string, organizer tenant.Person) string {
	q := url.Values{"organizerId": {organizer.ObjectID}, "tenantId": {organizer.Tenant}, "threadId": {thread}, "messageId": {"0"}, "language": {"en-US"}}
	return "https://teams.microsoft.com/meetingOptions/?" + q.Encode()
}

// joinInformation returns the text of the invitation as a data URL, as Graph sends it.
func joinInformation(join, numeric, passcode string) map[string]any {
	page := `<div lang="en"><p><a href="` + html.EscapeString(join) + `">Join the meeting</a></p>` +
		`<p>Meeting ID: ` + numeric + `<br>Passcode: ` + passcode + `</p></div>`
	return map[string]any{"content": "data:text/html," + lowerEscape(page), "contentType": "html"}
}

// lowerEscape is like url.QueryEscape, but uses lower-case hexadecimal digits and escapes
// a space as %20.
func lowerEscape(s string) string {
	escaped := []byte(url.QueryEscape(s))
	for i := 0; i+2 < len(escaped); i++ {
		if escaped[i] == '%' {
			copy(escaped[i+1:i+3], strings.ToLower(string(escaped[i+1:i+3])))
		}
	}
	return strings.ReplaceAll(string(escaped), "+", "%20")
}

// digits returns n random digits. The first is not zero.
func digits(n int64) string {
	low := new(big.Int).Exp(big.NewInt(10), big.NewInt(n-1), nil)
	extra, err := rand.Int(rand.Reader, new(big.Int).Mul(low, big.NewInt(9)))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return extra.Add(extra, low).String()
}
