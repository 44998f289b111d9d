package form

import (
	"slices"
	"time"

	"meetdesk/meeting"
)

// Rules holds the desk's settings that restrict what a form may request.
type Rules struct {
	Ticket meeting.TicketRule
	Beta   bool // whether meetings may be in a channel
}

// Check returns the request that the form describes and all problems with the form. It
// normalizes the form's external ID according to rules.Ticket.
func (f *Form) Check(rules Rules, now time.Time) (meeting.Request, meeting.Problems) {
	var ok bool
	f.ExternalID, ok = rules.Ticket.Normal(f.ExternalID)
	request, problems := f.Request(now)
	if !ok && !problems.Field(meeting.FieldExternalID).Any() {
		problems = slices.Insert(problems, 0, rules.Ticket.Problem(f.ExternalID))
	}
	if request.ThreadID != "" && !rules.Beta {
		problems = append(problems, meeting.Problem{Field: meeting.FieldThreadID, Key: meeting.ReasonThreadIDOff})
	}
	return request, problems
}
