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
	keyed := func(key string) error {
		return fmt.Errorf("token: %w", &meeting.Error{Code: meeting.Unavailable, Key: key, Err: errors.New("cause")})
	}
	for _, tt := range []struct {
		name   string
		err    error
		unsure bool // an earlier call may have taken effect
		state  meeting.AttemptState
		reason string
	}{
		{"refused", &graph.Error{Kind: graph.Refused, Reason: "reason.forbidden"}, false, meeting.AttemptFailed, "reason.forbidden"},
		{"not sent", &graph.Error{Kind: graph.NotSent, Reason: "reason.unreachable"}, false, meeting.AttemptFailed, "reason.unreachable"},
		{"no answer", &graph.Error{Kind: graph.Unsure, Reason: "reason.no_answer"}, false, meeting.AttemptUnfinished, "reason.no_answer"},
		{"refused after an unanswered call", &graph.Error{Kind: graph.Refused, Reason: "reason.forbidden"}, true, meeting.AttemptUnfinished, "reason.forbidden"},
		{"no token after an unanswered call", keyed("reason.sign_in"), true, meeting.AttemptUnfinished, "reason.sign_in"},
		{"sign in again", keyed("reason.sign_in"), false, meeting.AttemptFailed, "reason.sign_in"},
		{"client secret wrong", keyed("signin.setup"), false, meeting.AttemptFailed, "reason.setup"},
		{"application's secret wrong", keyed("signin.app_setup"), false, meeting.AttemptFailed, "reason.app_setup"},
		{"Microsoft asked to wait", keyed(waitKey), false, meeting.AttemptFailed, "reason.wait"},
		{"organizer not configured any more", fmt.Errorf("token: %w", errApplicationOff), false, meeting.AttemptFailed, "reason.app_off"},
		{"token endpoint unreachable", keyed("signin.unavailable"), false, meeting.AttemptFailed, "reason.unreachable"},
		{"another error that a person may read", keyed("meeting.unknown"), false, meeting.AttemptFailed, "reason.desk"},
		{"database", errors.New("disk full"), false, meeting.AttemptFailed, "reason.desk"},
		{"deadline", context.DeadlineExceeded, false, meeting.AttemptFailed, "reason.desk"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, want := conclude(tt.err, tt.unsure), (ending{state: tt.state, reason: tt.reason}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}
