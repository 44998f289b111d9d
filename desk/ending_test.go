package desk

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"meetdesk/graph"
	"meetdesk/meeting"
)

func TestConclude(t *testing.T) {
	keyed := func(key meeting.Reason) error {
		return fmt.Errorf("token: %w", &meeting.Error{Code: meeting.Unavailable, Key: key, Err: errors.New("cause")})
	}
	for _, tt := range []struct {
		name   string
		err    error
		unsure bool // an earlier call may have taken effect
		state  meeting.AttemptState
		reason meeting.Reason
	}{
		{"refused", &graph.Error{Kind: graph.Refused, Reason: meeting.ReasonForbidden}, false, meeting.AttemptFailed, meeting.ReasonForbidden},
		{"not sent", &graph.Error{Kind: graph.NotSent, Reason: meeting.ReasonUnreachable}, false, meeting.AttemptFailed, meeting.ReasonUnreachable},
		{"no answer", &graph.Error{Kind: graph.Unsure, Reason: meeting.ReasonNoAnswer}, false, meeting.AttemptUnfinished, meeting.ReasonNoAnswer},
		{"refused after an unanswered call", &graph.Error{Kind: graph.Refused, Reason: meeting.ReasonForbidden}, true, meeting.AttemptUnfinished, meeting.ReasonForbidden},
		{"no token after an unanswered call", keyed(meeting.ReasonSignIn), true, meeting.AttemptUnfinished, meeting.ReasonSignIn},
		{"sign in again", keyed(meeting.ReasonSignIn), false, meeting.AttemptFailed, meeting.ReasonSignIn},
		{"client secret wrong", keyed(meeting.ReasonSignInSetup), false, meeting.AttemptFailed, meeting.ReasonSetup},
		{"application's secret wrong", keyed(meeting.ReasonSignInAppSetup), false, meeting.AttemptFailed, meeting.ReasonAppSetup},
		{"Microsoft asked to wait", keyed(meeting.ReasonRetryWait), false, meeting.AttemptFailed, meeting.ReasonWait},
		{"organizer not configured any more", fmt.Errorf("token: %w", errApplicationOff), false, meeting.AttemptFailed, meeting.ReasonAppOff},
		{"token endpoint unreachable", keyed(meeting.ReasonSignInUnavailable), false, meeting.AttemptFailed, meeting.ReasonUnreachable},
		{"another error that a person may read", keyed(meeting.ReasonMeetingUnknown), false, meeting.AttemptFailed, meeting.ReasonDesk},
		{"database", errors.New("disk full"), false, meeting.AttemptFailed, meeting.ReasonDesk},
		{"out of time before the call", fmt.Errorf("token: %w", context.DeadlineExceeded), false, meeting.AttemptFailed, meeting.ReasonLate},
		{"out of time after an unanswered call", context.DeadlineExceeded, true, meeting.AttemptUnfinished, meeting.ReasonLate},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, want := conclude(tt.err, tt.unsure), (ending{state: tt.state, reason: tt.reason}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}
