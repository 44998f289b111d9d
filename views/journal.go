package views

import (
	"strconv"

	"meetdesk/meeting"
	"meetdesk/views/ui"
)

func attemptTone(a meeting.Attempt) ui.Tone {
	switch a.State {
	case meeting.AttemptDone:
		if a.Outcome == meeting.OutcomeFound || a.Outcome == meeting.OutcomeRead {
			return ui.Note
		}
		return ui.Good
	case meeting.AttemptFailed:
		return ui.Bad
	case meeting.AttemptPending, meeting.AttemptUnfinished:
		return ui.Warn
	}
	return ui.Calm
}

// attemptKind describes the purpose of an attempt. For an attempt to set an option, the
// description includes the new value.
func attemptKind(p Page, a meeting.Attempt) string {
	if o, ok := a.Option(); ok {
		if _, value := settingOf(p, o, a); a.Asked.Options.Get(o) == "" {
			return p.T.T("kind.roles") + ": " + value
		}
		return p.T.T("option."+string(o)) + ": " + optionWord(p, o, a.Asked.Options.Get(o))
	}
	return p.T.T("kind." + string(a.Kind))
}

// attemptWord describes the outcome of a completed attempt, or the state of any other
// attempt.
func attemptWord(p Page, a meeting.Attempt) string {
	if a.State == meeting.AttemptDone && a.Outcome != "" {
		return p.T.T("outcome." + string(a.Outcome))
	}
	return p.T.T("attempt.state." + string(a.State))
}

func callStatus(p Page, c meeting.Call) string {
	status := p.T.T("call.no_answer")
	if c.Status != 0 {
		status = strconv.Itoa(c.Status)
	}
	if c.Unsure {
		status += " (" + p.T.T("call.unsure") + ")"
	}
	if !c.RetryAt.IsZero() {
		status += " · " + p.T.T("call.retry_at", meeting.Args{"At": c.RetryAt.UTC().Format("2006-01-02 15:04:05Z")})
	}
	return status
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
