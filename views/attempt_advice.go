package views

import (
	"slices"

	"meetdesk/meeting"
)

// advice returns a message that tells the user what to do about a failed or unfinished
// attempt, or whom to ask if the user cannot change the meeting. It returns "" if there is
// no advice or the page already contains it.
func (d MeetingData) advice(p Page, a meeting.Attempt) string {
	ask := string(a.Reason) + ".ask"
	later := slices.Contains([]meeting.Reason{meeting.ReasonThrottled, meeting.ReasonBusy, meeting.ReasonWait}, a.Reason)
	switch {
	case later && d.wait(p, a) != "":
		return "" // the page already shows when to try again
	case later && d.CanChange && !d.Retryable[a.ID]:
		return "" // the page already says who can continue the attempt, or that the user cannot do so now
	case later && d.CanChange && d.waited(a):
		return p.T.T("advice.now")
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

// waited reports whether the delay that Microsoft requested is over. If the delay is
// unknown, it is assumed to be oneAct.
func (d MeetingData) waited(a meeting.Attempt) bool {
	if n := len(a.Calls); n > 0 && !a.Calls[n-1].RetryAt.IsZero() {
		return !d.Now.Before(a.Calls[n-1].RetryAt)
	}
	return d.Now.Sub(a.UpdatedAt) > oneAct
}

// wait returns a message that says when the user can continue the attempt. It returns "" if
// the user can continue it now or cannot continue it at all.
func (d MeetingData) wait(p Page, a meeting.Attempt) string {
	if !d.Retryable[a.ID] || !d.Until.After(d.Now) {
		return ""
	}
	key := "wait.finish"
	if a.State == meeting.AttemptFailed {
		key = "wait.retry"
	}
	return p.T.T(key, meeting.Args{"Until": p.T.NotBefore(d.Until, d.Now, p.zoneOr(nil))})
}

// adviceOf returns the message key of the advice for an attempt. An attempt without a
// usable response can usually be finished, but a refresh or a failed attempt can only be
// repeated.
func adviceOf(a meeting.Attempt) string {
	if a.Kind == meeting.KindRefresh || a.State == meeting.AttemptFailed {
		switch a.Reason {
		case meeting.ReasonNoAnswer, meeting.ReasonGarbled, meeting.ReasonServerError, meeting.ReasonStopped:
			return "advice.look"
		case meeting.ReasonNotGraph:
			return "reason.not_graph.look"
		}
	}
	return string(a.Reason) + ".advice"
}

// againFromForm reports whether the user can edit and resend the request of a failed
// attempt to create the meeting.
func (d MeetingData) againFromForm(a meeting.Attempt) bool {
	return d.CanChange && a.Kind == meeting.KindCreate && a.State == meeting.AttemptFailed
}

// changeFromForm reports whether the user can edit and resend the change.
func (d MeetingData) changeFromForm(a meeting.Attempt) bool {
	return d.CanChange && a.State != meeting.AttemptPending && (kindOf(a) == string(meeting.KindUpdate) || a.Asked.Roles)
}

// editFirst reports whether the user should edit a failed attempt, because the same request
// would fail again.
func (d MeetingData) editFirst(a meeting.Attempt) bool {
	if a.State != meeting.AttemptFailed || !d.againFromForm(a) && !d.changeFromForm(a) {
		return false
	}
	switch a.Reason {
	case meeting.ReasonBadRequest, meeting.ReasonBetaOff, meeting.ReasonChanged, meeting.ReasonNoOrganizer, meeting.ReasonOrganizerHas, meeting.ReasonPeople:
		return true
	}
	return false
}
