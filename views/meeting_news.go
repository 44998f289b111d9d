package views

import (
	"cmp"
	"slices"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views/ui"
)

// news returns the attempts for which the page shows banners: those that can be retried and
// those that the person has just made. Older attempts are omitted, because their outcomes
// may be out of date.
func (d MeetingData) news() []meeting.Attempt {
	return slices.DeleteFunc(d.current(), func(a meeting.Attempt) bool {
		return a.State == meeting.AttemptDone && (d.Done == 0 || a.ID != d.Done && d.Now.Sub(a.UpdatedAt) > oneAct)
	})
}

// headline returns the attempt that is described above the Share card: the first one that
// requires action or, if there is none, the one that the person has just made.
func (d MeetingData) headline() (meeting.Attempt, bool) {
	if d.KitOnly || d.over() {
		return meeting.Attempt{}, false
	}
	news := d.news()
	i := max(0, slices.IndexFunc(news, func(a meeting.Attempt) bool { return a.State != meeting.AttemptDone }))
	if len(news) == 0 {
		return meeting.Attempt{}, false
	}
	return news[i], true
}

// inOneLine reports whether the line above the Share card describes the attempt completely.
func (d MeetingData) inOneLine(a meeting.Attempt) bool { return a.State == meeting.AttemptDone }

// newsAbove returns how many news items are shown in full above the Share card.
func (d MeetingData) newsAbove() int {
	if top, ok := d.headline(); ok && d.inOneLine(top) {
		return 1
	}
	return 0
}

// newsUnder returns the attempts whose banners are below the Share card. It omits the
// headline if the line above the card describes it completely.
func (d MeetingData) newsUnder() (under []meeting.Attempt) {
	top, ok := d.headline()
	if !ok {
		return nil
	}
	if !d.inOneLine(top) {
		under = append(under, top)
	}
	for _, a := range d.news() {
		if a.ID != top.ID {
			under = append(under, a)
		}
	}
	return under
}

// oneAct is the time within which attempts count as parts of one action, such as creating
// a meeting and setting its options.
const oneAct = 5 * time.Minute

// current returns the newest attempt and all others that can be retried. If the newest
// attempt only sets an option, current also returns the newest attempt that concerns the
// meeting itself, provided that this attempt is done.
func (d MeetingData) current() (news []meeting.Attempt) {
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

// newest returns the latest attempt that is done or can be retried. It ignores superseded
// attempts unless they are done and are not refreshes; see meeting.Current.
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

// lastLook returns when the desk last received the meeting from Graph, ignoring the newest
// attempt.
func (d MeetingData) lastLook() (at time.Time) {
	for _, a := range d.Attempts[min(1, len(d.Attempts)):] {
		if a.State == meeting.AttemptDone {
			return a.UpdatedAt
		}
	}
	return at
}

func (d MeetingData) different() bool { return d.Compared.ID != 0 && len(d.Differences) > 0 }

// banner returns the tone and the text key for an attempt's banner. The key is "" if there
// is no banner.
func (d MeetingData) banner(a meeting.Attempt) (ui.Tone, string) {
	switch a.State {
	case meeting.AttemptPending:
		if a.Waiting(d.Now) {
			return ui.Note, "banner.pending." + kindOf(a)
		}
		return ui.Warn, "banner.unfinished." + kindOf(a)
	case meeting.AttemptUnfinished:
		return ui.Warn, "banner.unfinished." + kindOf(a)
	case meeting.AttemptFailed:
		return ui.Bad, "banner.failed." + kindOf(a)
	}
	switch key := "banner." + string(a.Outcome); a.Outcome {
	case meeting.OutcomeCreated, meeting.OutcomeConfirmed, meeting.OutcomeUpdated, meeting.OutcomeSet, meeting.OutcomeAdopted:
		if d.Meeting.Ended(d.Now) {
			return ui.Note, key // ui.Good would suggest that the meeting can still be joined
		}
		return ui.Good, key
	case meeting.OutcomeFound:
		switch {
		case a.Accepted:
			key += ".accepted"
		case d.CanChange && len(d.Differences) == 0: // not shown to readers who cannot change the meeting
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

// comparedBelow reports whether the page compares the meeting with the attempt's request.
func (d MeetingData) comparedBelow(a meeting.Attempt) bool {
	return d.CanChange && d.different() && a.ID == d.Compared.ID
}

// newsText returns the text for an attempt's banner. It is "" if the comparison below the
// Share card contains the text.
func (d MeetingData) newsText(p Page, a meeting.Attempt, key string) string {
	if d.comparedBelow(a) && a.State == meeting.AttemptDone {
		return ""
	}
	return p.T.T(d.wording(p, key), d.bannerArgs(p, a))
}

// wording returns the key of a banner's text for this reader. Some texts mention buttons
// that only some readers see.
func (d MeetingData) wording(p Page, key string) string {
	if theirs := key + ".theirs"; !d.CanChange && p.T.Has(theirs) {
		return theirs
	}
	return key
}

// kindOf returns the part of a banner's key that names the attempt's purpose.
func kindOf(a meeting.Attempt) string {
	if _, ok := a.Option(); ok {
		return "option"
	}
	return string(a.Kind)
}

func (d MeetingData) bannerArgs(p Page, a meeting.Attempt) meeting.Args {
	args := meeting.Args{
		"When": p.T.DateTime(a.UpdatedAt, d.shownIn(p)), "Who": a.Actor.DisplayName(), "Since": p.T.DateTime(d.lastLook(), d.shownIn(p)),
	}
	if o, ok := a.Option(); ok {
		args["Setting"], args["Value"] = settingOf(p, o, a)
	}
	return args
}

// signIn returns the path for signing in again, with Microsoft's claims challenge if
// there is one. It returns "" if signing in would not help.
func (d MeetingData) signIn(p Page, a meeting.Attempt) string {
	if a.Reason != meeting.ReasonClaims && a.Reason != meeting.ReasonSignIn || d.SignedIn.After(a.UpdatedAt) {
		return ""
	}
	if a.Challenge() != "" {
		return paths.StepUp(a.ID, paths.Meeting(d.Meeting.ID), p.SignedInAs)
	}
	return paths.SignIn(paths.Meeting(d.Meeting.ID), p.SignedInAs)
}

// policyCommands returns the PowerShell commands that an administrator runs to allow the
// desk to act on the organizer's behalf.
func (d MeetingData) policyCommands() string {
	return `Connect-MicrosoftTeams
# once only: leave it out where the policy exists
New-CsApplicationAccessPolicy -Identity Meetdesk-policy -AppIds "` + d.AppClientID + `" -Description "meetdesk makes meetings for others"
Grant-CsApplicationAccessPolicy -PolicyName Meetdesk-policy -Identity "` + d.Meeting.Organizer.ObjectID + `"
`
}

// reasonOf returns a message that says why an attempt failed. Its wording may differ for
// users who did not make the attempt.
func reasonOf(p Page, a meeting.Attempt) string {
	key := string(a.Reason)
	if theirs := key + ".theirs"; a.Actor.ID != p.User.ID && p.T.Has(theirs) {
		key = theirs
	}
	return p.T.T(key, reasonArgs(a))
}

// reasonArgs returns the values for the messages about a failure: details of the
// attempt's last call, and who made the attempt.
func reasonArgs(a meeting.Attempt) meeting.Args {
	args := meeting.Args{"Status": "", "Code": "–", "Came": "–", "Name": a.Actor.DisplayName()}
	if n := len(a.Calls); n > 0 && a.Calls[n-1].Status != 0 {
		args["Status"], args["Came"] = a.Calls[n-1].Status, cmp.Or(a.Calls[n-1].Message, "–")
		if a.Calls[n-1].Code != "" {
			args["Code"] = a.Calls[n-1].Code
		}
	}
	return args
}

// wished returns the meeting's details as the compared attempt requested them.
func (d MeetingData) wished() meeting.Details {
	asked := d.Compared.Wish(d.Meeting.Attendees).Over(d.Meeting.Details)
	return meeting.Details{
		Subject: asked.Subject, Start: asked.Start, End: asked.End, Attendees: asked.Attendees,
		ThreadID: asked.ThreadID, Options: asked.Options,
	}
}
