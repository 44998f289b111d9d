package views

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// MeetingData is a meeting with what was done for it.
type MeetingData struct {
	Meeting     meeting.Meeting
	Attempts    []meeting.Attempt // newest first, with their calls
	CanChange   bool
	Zone        *time.Location       // in which times are shown beside UTC: the meeting's
	Retryable   map[int64]bool       // attempts that this person may go on with
	Compared    meeting.Attempt      // the done attempt whose wishes differ from what is there; zero ID for none
	Differences []meeting.Difference // between what it asked for and the meeting
	Change      meeting.Form         // the form that brings the meeting to what was asked for
	BaseReply   int64                // the reply that this page shows
	Changes     []meeting.Change     // what the newest look says otherwise than the reply before
	Looked      bool                 // the newest attempt was such a look
	Colleagues  []meeting.Colleague  // who else has a meeting for this ticket
	KitOnly     bool                 // handed over: the kit alone, and nothing of how it came about
	SignedIn    time.Time            // since when the person is signed in
	AppClientID string               // of the program, for the commands that let it act for an organizer
	AnotherID   string               // the external ID for one more meeting of this ticket, or ""
	Now         time.Time            // the present moment: from tomorrow on another meeting is proposed
	Past        bool                 // it starts in the past: warn
	Query       string               // the search that led here, or ""
}

// zone is in which times are shown. Without one given it is the meeting's.
func (d MeetingData) zone() *time.Location {
	if d.Zone != nil {
		return d.Zone
	}
	if zone, ok := meeting.LoadZone(d.Meeting.TimeZone); ok {
		return zone
	}
	return time.UTC
}

// inUTC reports whether the zone's times are UTC already.
func (d MeetingData) inUTC() bool { return d.zone().String() == "UTC" }

// news returns the attempts that the page has a banner for: the newest, what
// became of the meeting itself where the newest only set an option of it, and
// whatever else came to nothing and can be tried again.
func (d MeetingData) news() (news []meeting.Attempt) {
	newest, ok := d.newest()
	if !ok {
		return nil
	}
	_, isOption := newest.Option()
	if !isOption {
		news = append(news, newest)
	}
	var options []meeting.Attempt
	for _, a := range meeting.Current(d.Attempts) {
		switch _, ofOption := a.Option(); {
		case ofOption && (a.ID == newest.ID || a.CanRetry()):
			options = append(options, a)
		case !ofOption && a.ID != newest.ID && (a.CanRetry() || isOption && a.State == meeting.AttemptDone):
			news = append(news, a)
		}
	}
	return append(news, options...)
}

// newest returns the latest attempt that nothing has taken the place of.
func (d MeetingData) newest() (meeting.Attempt, bool) {
	current := meeting.Current(d.Attempts)
	for _, a := range d.Attempts {
		stands := slices.ContainsFunc(current, func(c meeting.Attempt) bool { return c.ID == a.ID })
		if stands && a.CanRetry() || a.State == meeting.AttemptDone && (stands || a.Kind != meeting.KindRefresh) {
			return a, true
		}
	}
	return meeting.Attempt{}, false
}

// lastLook is when the desk last heard of the meeting before the newest attempt.
func (d MeetingData) lastLook() (at time.Time) {
	for _, a := range d.Attempts[min(1, len(d.Attempts)):] {
		if a.State == meeting.AttemptDone {
			return a.UpdatedAt
		}
	}
	return at
}

// different reports whether what was asked for is to be shown beside what is there.
func (d MeetingData) different() bool { return d.Compared.ID != 0 && len(d.Differences) > 0 }

// madeForThem reports whether another than the organizer made the meeting.
func (d MeetingData) madeForThem() bool {
	return d.Meeting.Maker.ID != 0 && d.Meeting.Maker.ID != d.Meeting.Organizer.ID
}

// over reports whether the meeting is one whose link is not to be handed out.
func (d MeetingData) over() bool {
	return d.Meeting.State == meeting.Removed || d.Meeting.State == meeting.Replaced || d.gone()
}

// gone reports whether Microsoft did not find the meeting when it was last asked.
func (d MeetingData) gone() bool {
	return d.Meeting.State == meeting.Live && slices.ContainsFunc(meeting.Current(d.Attempts), func(a meeting.Attempt) bool {
		return a.State == meeting.AttemptFailed && a.Reason == "reason.not_found"
	})
}

// banner returns the tone of an attempt's banner and the key of its words, "" where
// there is nothing to tell.
func (d MeetingData) banner(a meeting.Attempt) (ui.Tone, string) {
	switch a.State {
	case meeting.AttemptPending:
		return ui.Warn, "banner.pending." + kindOf(a)
	case meeting.AttemptUnfinished:
		return ui.Warn, "banner.unfinished." + kindOf(a)
	case meeting.AttemptFailed:
		return ui.Bad, "banner.failed." + kindOf(a)
	}
	switch key := "banner." + string(a.Outcome); a.Outcome {
	case meeting.OutcomeCreated, meeting.OutcomeConfirmed, meeting.OutcomeUpdated, meeting.OutcomeSet, meeting.OutcomeAdopted:
		return ui.Good, key
	case meeting.OutcomeFound:
		switch {
		case a.Accepted:
			key += ".accepted"
		case len(d.Differences) == 0:
			key += ".same"
		}
		return ui.Note, key
	case meeting.OutcomeRead:
		if d.Looked && len(d.Changes) == 0 && !d.lastLook().IsZero() {
			key += ".same"
		}
		return ui.Note, key
	}
	return ui.Calm, ""
}

// kindOf is the word in the keys of what the attempt is for.
func kindOf(a meeting.Attempt) string {
	if _, ok := a.Option(); ok {
		return "option"
	}
	return string(a.Kind)
}

// bannerArgs fill the words of the banner.
func (d MeetingData) bannerArgs(p Page, a meeting.Attempt) meeting.Args {
	args := meeting.Args{
		"When": p.T.DateTime(a.UpdatedAt, d.zone()), "Who": a.Actor.DisplayName(), "Since": p.T.DateTime(d.lastLook(), d.zone()),
	}
	if o, ok := a.Option(); ok {
		args["Setting"], args["Value"] = p.T.T("option."+string(o)+".setting"), optionWord(p, o, a.Asked.Options.Get(o))
	}
	return args
}

// signIn is where the person signs in again before the attempt can go on, with
// what Microsoft asked for; "" where that is not what it takes.
func (d MeetingData) signIn(p Page, a meeting.Attempt) string {
	if a.Reason != "reason.claims" && a.Reason != "reason.sign_in" || d.SignedIn.After(a.UpdatedAt) {
		return ""
	}
	v := url.Values{"login_hint": {p.User.UPN}, "return_to": {meetingPath(d.Meeting.ID)}}
	if n := len(a.Calls); n > 0 && a.Calls[n-1].Claims != "" {
		v.Set("claims", a.Calls[n-1].Claims)
	}
	return "/auth/login?" + v.Encode()
}

// policyCommands are what an administrator runs in PowerShell, so that the
// program may act for the organizer.
func (d MeetingData) policyCommands() string {
	return `Connect-MicrosoftTeams
# once only: leave it out where the policy exists
New-CsApplicationAccessPolicy -Identity Meetdesk-policy -AppIds "` + d.AppClientID + `" -Description "meetdesk makes meetings for others"
Grant-CsApplicationAccessPolicy -PolicyName Meetdesk-policy -Identity "` + d.Meeting.Organizer.ObjectID + `"
`
}

// reasonArgs fill the sentence of an attempt's reason, from its last call.
func reasonArgs(a meeting.Attempt) meeting.Args {
	args := meeting.Args{"Status": "–", "Code": "–"}
	if n := len(a.Calls); n > 0 && a.Calls[n-1].Status != 0 {
		args["Status"] = a.Calls[n-1].Status
		if a.Calls[n-1].Code != "" {
			args["Code"] = a.Calls[n-1].Code
		}
	}
	return args
}

// adviceOf is the key of what the person can do. A look that got no answer is
// not finished but done again.
func adviceOf(a meeting.Attempt) string {
	switch a.Reason {
	case "reason.no_answer", "reason.garbled", "reason.server_error", "reason.stopped":
		if a.Kind == meeting.KindRefresh || a.State == meeting.AttemptFailed { // a look, which there is nothing to finish of
			return "advice.look"
		}
	}
	return a.Reason + ".advice"
}

// adminSays is what the administrator reads of an attempt that came to nothing:
// what Graph answered, the likely cause, and what to check.
func adminSays(p Page, a meeting.Attempt) string {
	says := p.T.T(a.Reason+".admin", reasonArgs(a))
	n := len(a.Calls)
	if n == 0 {
		return says
	}
	args := meeting.Args{"Status": a.Calls[n-1].Status, "Code": a.Calls[n-1].Code}
	switch {
	case a.Calls[n-1].Status == 0:
		return p.T.T("admin.no_answer") + " " + says
	case a.Calls[n-1].Code == "":
		return p.T.T("admin.status", args) + " " + says
	}
	return p.T.T("admin.code", args) + " " + says
}

// anotherPath is the form for one more meeting of the ticket on another day, at
// the same time, with the same subject and people, for the same organizer. A
// list too long for an address is left out.
func (d MeetingData) anotherPath(p Page) string {
	v := url.Values{meeting.FieldExternalID: {d.AnotherID}}
	for name, value := range timesOf(d.Meeting.AnotherDay(d.zone(), d.Now)) {
		v.Set(name, value)
	}
	if d.Meeting.Subject != "" {
		v.Set(meeting.FieldSubject, d.Meeting.Subject)
	}
	if v.Has(meeting.FieldDate) {
		v.Set(meeting.FieldTimeZone, d.zone().String())
	} else if d.Meeting.TimeZone != "" {
		v.Set(meeting.FieldTimeZone, d.Meeting.TimeZone)
	}
	d.fill(p, v, d.Meeting.Attendees)
	return "/meetings/new?" + v.Encode()
}

// timesOf are a form's fields for when it is, those that are filled in.
func timesOf(f meeting.Form) map[string]string {
	filled := make(map[string]string)
	for name, value := range map[string]string{
		meeting.FieldDate: f.Date, meeting.FieldStart: f.Start, meeting.FieldEnd: f.End, meeting.FieldEndDate: f.EndDate,
	} {
		if value != "" {
			filled[name] = value
		}
	}
	return filled
}

// againPath is a new form with what the attempt asked for.
func (d MeetingData) againPath(p Page, asked meeting.Asked) string {
	v := url.Values{
		meeting.FieldExternalID: {asked.ExternalID}, meeting.FieldSubject: {asked.Subject}, meeting.FieldTimeZone: {asked.TimeZone},
		meeting.FieldStart: {asked.Start.Format(time.RFC3339)}, meeting.FieldEnd: {asked.End.Format(time.RFC3339)},
	}
	if asked.ThreadID != "" {
		v.Set(meeting.FieldThreadID, asked.ThreadID)
	}
	for _, o := range asked.Options.Chosen() {
		v.Set(string(o), asked.Options.Get(o))
	}
	d.fill(p, v, asked.Attendees)
	return "/meetings/new?" + v.Encode()
}

// fill adds the organizer, if it is somebody else, and the people.
func (d MeetingData) fill(p Page, v url.Values, people []meeting.Attendee) {
	if d.Meeting.Organizer.ID != p.User.ID {
		v.Set(meeting.FieldOrganizer, d.Meeting.Organizer.ObjectID)
	}
	if lines := meeting.AttendeeLines(people); lines != "" && len(lines) < 3000 {
		v.Set(meeting.FieldAttendees, lines)
	}
}

func (d MeetingData) updatePath(a meeting.Attempt) string {
	return meetingPath(d.Meeting.ID) + "/edit?attempt=" + strconv.FormatInt(a.ID, 10)
}

// mailto is a letter to the organizer about the ticket.
func (d MeetingData) mailto() string {
	subject := strings.ReplaceAll(url.QueryEscape(d.Meeting.ExternalID), "+", "%20") // & would begin another header
	return "mailto:" + url.PathEscape(d.Meeting.Organizer.UPN) + "?subject=" + subject
}

func copyProps(p Page, target, word, class string) ui.CopyProps {
	return ui.CopyProps{Target: target, Word: word, Class: class, Done: p.T.T("copy.done"), Selected: p.T.T("copy.selected")}
}

// attendeeRole is the word for a role other than the ordinary one, or "".
func attendeeRole(p Page, a meeting.Attendee) string {
	switch a.Role {
	case meeting.RolePresenter, meeting.RoleCoorganizer:
		return p.T.T("attendee." + a.Role)
	case "", meeting.RoleAttendee:
		return ""
	}
	return a.Role
}

// optionWord is what the value of an option means. Graph may have values that
// the desk has no words for.
func optionWord(p Page, o meeting.Option, value string) string {
	if key := "option." + string(o) + "." + value; p.T.Has(key) {
		return p.T.T(key)
	}
	if value == "" {
		return p.T.T("option.unset")
	}
	return value
}

// standings are those among the people that need a word of explanation.
func standings(m meeting.Meeting) (found []meeting.Standing) {
	for _, a := range m.Attendees {
		if s := a.Standing(m.Organizer); s != meeting.Resolved && !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	slices.Sort(found)
	return found
}

// wished is what an attempt asked for, in the form of what Graph has.
func wished(asked meeting.Asked) meeting.Details {
	return meeting.Details{
		Subject: asked.Subject, Start: asked.Start, End: asked.End, Attendees: asked.Attendees,
		ThreadID: asked.ThreadID, Options: asked.Options,
	}
}
