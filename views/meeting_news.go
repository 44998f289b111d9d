package views

import (
	"cmp"
	"slices"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views/ui"
)

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
		case d.CanChange && len(d.Differences) == 0: // which nobody else is told
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

// wording is the key of a banner's text to whoever reads it: some are of buttons
// that only those have who can change the meeting.
func (d MeetingData) wording(p Page, key string) string {
	if theirs := key + ".theirs"; !d.CanChange && p.T.Has(theirs) {
		return theirs
	}
	return key
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
		args["Setting"], args["Value"] = settingOf(p, o, a)
	}
	return args
}

// signIn is where the person signs in again before the attempt can go on, with
// what Microsoft asked for; "" where that is not what it takes.
func (d MeetingData) signIn(p Page, a meeting.Attempt) string {
	if a.Reason != meeting.ReasonClaims && a.Reason != meeting.ReasonSignIn || d.SignedIn.After(a.UpdatedAt) {
		return ""
	}
	claims := ""
	if n := len(a.Calls); n > 0 {
		claims = a.Calls[n-1].Claims
	}
	return paths.SignIn(paths.Meeting(d.Meeting.ID), p.User.UPN, claims)
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

// reasonOf is why an attempt came to nothing, to whoever began it or to others.
func reasonOf(p Page, a meeting.Attempt) string {
	key := string(a.Reason)
	if theirs := key + ".theirs"; a.Actor.ID != p.User.ID && p.T.Has(theirs) {
		key = theirs
	}
	return p.T.T(key, reasonArgs(a))
}

// reasonArgs fill the sentence of an attempt's reason, from its last call.
func reasonArgs(a meeting.Attempt) meeting.Args {
	args := meeting.Args{"Status": "–", "Code": "–", "Came": "–", "Name": a.Actor.DisplayName()}
	if n := len(a.Calls); n > 0 && a.Calls[n-1].Status != 0 {
		args["Status"], args["Came"] = a.Calls[n-1].Status, cmp.Or(a.Calls[n-1].Message, "–")
		if a.Calls[n-1].Code != "" {
			args["Code"] = a.Calls[n-1].Code
		}
	}
	return args
}

// advice is what can be done about an attempt that came to nothing. To whoever
// cannot change the meeting it is whom that takes, unless the page says so already.
func (d MeetingData) advice(p Page, a meeting.Attempt) string {
	ask := string(a.Reason) + ".ask"
	later := slices.Contains([]meeting.Reason{meeting.ReasonThrottled, meeting.ReasonBusy, meeting.ReasonWait}, a.Reason)
	switch {
	case later && d.wait(p, a) != "":
		return "" // the page says when
	case later && d.CanChange && !d.Retryable[a.ID]:
		return "" // the page says who
	case d.CanChange:
		if key := adviceOf(a); p.T.Has(key) {
			return p.T.T(key, reasonArgs(a))
		}
		return ""
	case p.T.Has(ask):
	case a.Actor.ID == p.User.ID, d.Meeting.State != meeting.Live:
		return ""
	case a.State == meeting.AttemptFailed:
		ask = "advice.ask.retry"
	default:
		ask = "advice.ask.finish"
	}
	return p.T.T(ask, reasonArgs(a))
}

// wait returns the time from which an attempt can be repeated, "" for now.
func (d MeetingData) wait(p Page, a meeting.Attempt) string {
	if !d.Retryable[a.ID] || !d.Until.After(d.Now) {
		return ""
	}
	key := "wait.finish"
	if a.State == meeting.AttemptFailed {
		key = "wait.retry"
	}
	zone := time.UTC
	if own, ok := meeting.LoadZone(p.User.TimeZone); ok {
		zone = own
	}
	return p.T.T(key, meeting.Args{"Until": p.T.NotBefore(d.Until, d.Now, zone)})
}

// adviceOf is the key of what the person can do. A look that got no answer is
// not finished but done again.
func adviceOf(a meeting.Attempt) string {
	if a.Kind == meeting.KindRefresh || a.State == meeting.AttemptFailed { // a look, which there is nothing to finish of
		switch a.Reason {
		case meeting.ReasonNoAnswer, meeting.ReasonGarbled, meeting.ReasonServerError, meeting.ReasonStopped:
			return "advice.look"
		case meeting.ReasonNotGraph:
			return "reason.not_graph.look"
		}
	}
	return string(a.Reason) + ".advice"
}

// wished is what the compared attempt makes of the meeting, in the form of what
// Graph has.
func (d MeetingData) wished() meeting.Details {
	asked := d.Compared.Wish(d.Meeting.Attendees).Over(d.Meeting.Details)
	return meeting.Details{
		Subject: asked.Subject, Start: asked.Start, End: asked.End, Attendees: asked.Attendees,
		ThreadID: asked.ThreadID, Options: asked.Options,
	}
}
