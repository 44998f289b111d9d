package views

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meetdesk/meeting"
)

// maxSupportCalls is the maximum number of Graph calls in the text for Microsoft support.
// Older calls are left out.
const maxSupportCalls = 20

// supportText returns the details that Microsoft support asks for, in English and without
// the passcode. It returns "" if no Graph call was made.
func (d MeetingData) supportText() string {
	var calls []string
	for _, a := range d.Attempts {
		for _, c := range slices.Backward(a.Calls) {
			calls = append(calls, supportCall(a, c))
		}
	}
	if len(calls) == 0 {
		return ""
	}
	m := d.Meeting
	text := supportLines("",
		"Tenant ID", m.Organizer.TenantID, "Organizer object ID", m.Organizer.ObjectID, "External ID", m.ExternalID,
		"Meeting ID", m.GraphID, "Thread ID", m.ThreadID)
	text += "\nCalls to Microsoft Graph, the newest first, times in UTC\n"
	for _, call := range calls[:min(len(calls), maxSupportCalls)] {
		text += "\n" + call
	}
	if left := len(calls) - maxSupportCalls; left > 0 {
		text += fmt.Sprintf("\nOlder calls, left out: %d\n", left)
	}
	return text
}

func supportCall(a meeting.Attempt, c meeting.Call) string {
	what := string(a.Kind)
	if o, ok := a.Option(); ok {
		what += " " + string(o)
	}
	if a.Mode != "" {
		what += ", " + string(a.Mode)
	}
	status := "no answer"
	if c.Status != 0 {
		status = strings.TrimSpace(strconv.Itoa(c.Status) + " " + c.Code)
	}
	return c.StartedAt.UTC().Format("2006-01-02 15:04:05.000Z") + "  " + c.Method + " (" + what + ")\n" +
		supportLines("  ", "status", status, "request-id", cmp.Or(c.RequestID, "none"), "client-request-id", cmp.Or(c.ClientRequestID, "none"),
			"date", cmp.Or(c.Date, "none"))
}

// supportLines returns names and values in aligned columns, one pair per line. It leaves
// out pairs without a value.
func supportLines(indent string, pairs ...string) (lines string) {
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			lines += fmt.Sprintf("%-20s %s\n", indent+pair[0]+":", pair[1])
		}
	}
	return lines
}
