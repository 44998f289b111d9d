package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/store"
)

// result returns the outcome of the attempt to create meeting i. Nearly all attempts
// succeed.
func result(r *rand.Rand, i int, one recorded, took time.Duration) store.Result {
	call := meeting.Call{
		Method: http.MethodPost, ClientRequestID: guid(r), RequestID: guid(r), Status: http.StatusCreated,
		Date: one.BegunAt.Format(http.TimeFormat), StartedAt: one.BegunAt, Duration: took,
	}
	result := store.Result{State: meeting.AttemptDone, Outcome: meeting.OutcomeCreated, Origin: meeting.Created}
	switch x := r.IntN(1000); {
	case one.Asked.ExternalID == "":
		call.Method, call.Status = http.MethodGet, http.StatusOK
		result.Outcome, result.Origin = meeting.OutcomeAdopted, meeting.Adopted
	case i%replacedEvery == replacedEvery/2:
	case x < 15:
		call.Status, call.Code = http.StatusForbidden, "Forbidden"
		return store.Result{State: meeting.AttemptFailed, Reason: meeting.ReasonForbidden, Calls: []meeting.Call{call}}
	case x < 20:
		call.Status, call.RequestID, call.Date, call.Unsure = 0, "", "", true
		return store.Result{State: meeting.AttemptUnfinished, Reason: meeting.ReasonNoAnswer, Calls: []meeting.Call{call}}
	case x < 80:
		call.Status = http.StatusOK
		result.Outcome, result.Origin = meeting.OutcomeFound, meeting.Found
	}
	result.Calls = []meeting.Call{call}
	result.Reply = &meeting.Reply{Created: call.Status == http.StatusCreated, Details: detailsOf(r, one)}
	result.Reply.Raw = document(result.Reply.Details)
	return result
}

// gone returns Removed or Replaced if meeting i no longer exists, otherwise "".
func gone(r *rand.Rand, i int, one recorded) meeting.State {
	switch {
	case i%replacedEvery == replacedEvery/2:
		return meeting.Replaced
	case one.Reply != nil && r.IntN(50) == 0:
		return meeting.Removed
	}
	return ""
}

// detailsOf makes up the details that Graph would return for the meeting. IDs and links have
// the same form as the emulator's.
func detailsOf(r *rand.Rand, one recorded) meeting.Details {
	o := one.Organizer
	thread := "19:meeting_" + base64.StdEncoding.EncodeToString([]byte(guid(r))) + "@thread.v2"
	conference := digits(r, 9)
	return meeting.Details{
		GraphID:    base64.StdEncoding.EncodeToString([]byte("1*" + o.ObjectID + "*0**" + thread)),
		ExternalID: one.Asked.ExternalID, Subject: one.Asked.Subject, Start: one.Asked.Start, End: one.Asked.End,
		JoinURL: "https://teams.microsoft.com/l/meetup-join/" + escape(thread) + "/0?context=" +
			escape(`{"Tid":"`+o.TenantID+`","Oid":"`+o.ObjectID+`"}`),
		JoinMeetingID: digits(r, 13), Passcode: strings.ToUpper(guid(r)[:6]),
		ConferenceID: conference, TollNumber: "+1 206-485-3005", DialInURL: "https://dialin.teams.microsoft.com/" + o.TenantID + "?id=" + conference,
		ThreadID: thread, VideoID: digits(r, 10),
		OptionsURL: "https://teams.microsoft.com/meetingOptions/?language=en-US&messageId=0&organizerId=" + o.ObjectID +
			"&tenantId=" + o.TenantID + "&threadId=" + escape(thread),
		Options:      meeting.Options{Lobby: "organization", Presenters: "everyone", Announce: meeting.On, Record: meeting.Off},
		GraphCreated: one.BegunAt, Expires: one.Asked.End.Add(60 * 24 * time.Hour),
		Attendees: one.Asked.Attendees,
	}
}

// document returns the reply to store. It is shorter than a real reply, so that ten million
// replies do not take up too much disk space.
func document(d meeting.Details) []byte {
	people := make([]map[string]string, len(d.Attendees))
	for i, a := range d.Attendees {
		people[i] = map[string]string{"upn": a.UPN}
	}
	raw, err := json.Marshal(map[string]any{
		"id": d.GraphID, "externalId": d.ExternalID, "subject": d.Subject, "joinWebUrl": d.JoinURL,
		"creationDateTime": d.GraphCreated, "startDateTime": d.Start, "endDateTime": d.End,
		"participants":          map[string]any{"attendees": people},
		"joinMeetingIdSettings": map[string]any{"joinMeetingId": d.JoinMeetingID, "passcode": d.Passcode},
	})
	if err != nil {
		panic(err) // cannot fail: the document contains only strings and times
	}
	return raw
}

// escape percent-encodes s as Teams does, with lower-case hexadecimal digits.
func escape(s string) string {
	return lowHex.Replace(url.QueryEscape(s))
}

var lowHex = strings.NewReplacer("%3A", "%3a", "%7B", "%7b", "%7D", "%7d", "%2C", "%2c", "%3D", "%3d", "%2B", "%2b", "%2F", "%2f")

// digits returns n random digits. The first one is not zero.
func digits(r *rand.Rand, n int) string {
	low := int64(1)
	for range n - 1 {
		low *= 10
	}
	return fmt.Sprint(low + r.Int64N(9*low))
}

// fullDocument returns a reply that is about as long as Graph's. Its invitation imitates a
// Teams invitation: a page of text and styles with several links.
func fullDocument(d meeting.Details) []byte {
	people := make([]any, len(d.Attendees))
	for i, a := range d.Attendees {
		people[i] = map[string]any{"upn": a.UPN, "role": orNull(string(a.Role)), "identity": map[string]any{"user": map[string]any{"id": orNull(a.ObjectID), "displayName": nil}}}
	}
	raw, err := json.Marshal(map[string]any{
		"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users('" + d.OrganizerID + "')/onlineMeetings/$entity",
		"id":             d.GraphID, "externalId": d.ExternalID, "subject": d.Subject, "joinWebUrl": d.JoinURL, "meetingOptionsWebUrl": d.OptionsURL,
		"creationDateTime": d.GraphCreated, "startDateTime": d.Start, "endDateTime": d.End, "expiryDateTime": d.Expires,
		"videoTeleconferenceId": d.VideoID, "chatInfo": map[string]any{"threadId": d.ThreadID, "messageId": "0", "replyChainMessageId": nil},
		"participants": map[string]any{"attendees": people, "producers": []any{}, "contributors": []any{}, "organizer": map[string]any{
			"upn": "", "role": "presenter", "identity": map[string]any{"user": map[string]any{"id": d.OrganizerID, "displayName": nil, "tenantId": emulator.DefaultTenant, "identityProvider": "AAD"}},
		}},
		"joinMeetingIdSettings": map[string]any{"isPasscodeRequired": true, "joinMeetingId": d.JoinMeetingID, "passcode": d.Passcode},
		"audioConferencing": map[string]any{"conferenceId": d.ConferenceID, "tollNumber": d.TollNumber, "tollFreeNumber": nil,
			"tollNumbers": []string{d.TollNumber, "+1 323-849-4874"}, "dialinUrl": d.DialInURL},
		"joinInformation": map[string]any{"contentType": "html", "content": "data:text/html," + escape(invitation(d))},
		"isBroadcast":     false, "autoAdmittedUsers": "EveryoneInCompany", "isEntryExitAnnounced": true, "allowedPresenters": d.Options.Presenters,
		"allowAttendeeToEnableCamera": true, "allowAttendeeToEnableMic": true, "allowMeetingChat": "enabled", "allowTeamworkReactions": true,
		"recordAutomatically": false, "lobbyBypassSettings": map[string]any{"scope": d.Options.Lobby, "isDialInBypassEnabled": false},
	})
	if err != nil {
		panic(err) // cannot fail: the document contains only strings, times and Booleans
	}
	return raw
}

func invitation(d meeting.Details) string {
	line := `<div style="width:100%; height:20px"><span style="white-space:nowrap; color:gray">` + strings.Repeat("_", 60) + `</span></div>`
	link := func(to, text string) string {
		return `<a style="font-size:14px; font-family:sans-serif; color:#4f52b2; text-decoration:underline" href="` + to + `" target="_blank" rel="noreferrer noopener">` + text + `</a>`
	}
	part := func(text string) string {
		return `<div style="margin:0 0 16px; font-size:14px; font-family:sans-serif; color:#252424">` + text + "</div>\n"
	}
	return line + `<div class="invitation" lang="en" style="max-width:520px; color:#252424; font-family:sans-serif">` +
		part(`<b>Microsoft Teams</b> `+link("https://aka.ms/JoinTeamsMeeting?omkt=en-US", "Need help?")) +
		part(link(d.JoinURL, "Join the meeting now")) +
		part("Meeting ID: "+d.JoinMeetingID+"<br>Passcode: "+d.Passcode) +
		part("<b>Dial in by phone</b><br>"+link("tel:"+d.TollNumber+",,"+d.ConferenceID, d.TollNumber+",,"+d.ConferenceID)+" United States, Seattle") +
		part(link(d.DialInURL, "Find a local number")+"<br>Phone conference ID: "+d.ConferenceID) +
		part("For organizers: "+link(d.OptionsURL, "Meeting options")+" | "+link("https://dialin.teams.microsoft.com/usp/pstnconferencing", "Reset dial-in PIN")) +
		`</div>` + line
}
