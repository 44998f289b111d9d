package main

import (
	"net/url"
	"time"

	"meetdesk/demo"
	"meetdesk/form"
	"meetdesk/meeting"
)

type visitor struct{ *demo.Visitor }

func newVisitor(site *url.URL) *visitor { return &visitor{demo.NewVisitor(site)} }

func laptopForm() url.Values {
	return url.Values{
		meeting.FieldExternalID: {"INC0012301"}, meeting.FieldSubject: {"Laptop does not wake from sleep"},
		meeting.FieldDate: {time.Now().AddDate(0, 0, 1).Format(time.DateOnly)}, meeting.FieldStart: {"10:00"}, meeting.FieldEnd: {"10:30"},
		meeting.FieldTimeZone: {"Europe/Lisbon"}, meeting.FieldAttendees: {"Dana Whitfield <dana@contoso.example>"},
		form.FieldAnyway: {"1"}, // creates the meeting even if the ticket already has one
	}
}
