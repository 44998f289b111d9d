package desk

import (
	"testing"

	"meetdesk/meeting"
)

func TestDecideRetry(t *testing.T) {
	const person, colleague = 1, 2
	for _, tt := range []struct {
		name    string
		kind    meeting.Kind
		state   meeting.AttemptState
		by      int64
		mode    meeting.Mode // the mode in which the person may currently change the meeting
		meeting meeting.State
		base    int64 // the reply on which the attempt is based
		seen    int64
		repeat  bool
		code    meeting.Code
	}{
		{"failed create", meeting.KindCreate, meeting.AttemptFailed, person, meeting.Delegated, meeting.Failed, 0, 0, true, ""},
		{"unfinished create", meeting.KindCreate, meeting.AttemptUnfinished, person, meeting.Delegated, meeting.Unfinished, 0, 0, true, ""},
		{"pending create", meeting.KindCreate, meeting.AttemptPending, person, meeting.Delegated, meeting.Unfinished, 0, 0, true, ""},
		{"failed update", meeting.KindUpdate, meeting.AttemptFailed, person, meeting.Delegated, meeting.Live, 7, 7, true, ""},
		{"update without a reply that was seen", meeting.KindUpdate, meeting.AttemptFailed, person, meeting.Delegated, meeting.Live, 7, 0, true, ""},
		{"update based on a newer reply", meeting.KindUpdate, meeting.AttemptFailed, person, meeting.Delegated, meeting.Live, 8, 7, false, ""},
		{"done since", meeting.KindUpdate, meeting.AttemptDone, person, meeting.Delegated, meeting.Live, 7, 7, false, ""},
		{"dismissed since", meeting.KindCreate, meeting.AttemptDismissed, person, meeting.Delegated, meeting.Failed, 0, 0, false, ""},
		{"superseded since", meeting.KindUpdate, meeting.AttemptSuperseded, person, meeting.Delegated, meeting.Live, 7, 7, false, ""},
		{"superseded by a removal", meeting.KindRemove, meeting.AttemptSuperseded, person, meeting.Delegated, meeting.Removed, 7, 7, false, ""},
		{"superseded because the meeting was replaced", meeting.KindUpdate, meeting.AttemptSuperseded, person, meeting.Delegated, meeting.Replaced, 7, 7, false, meeting.Conflict},
		{"colleague's, done since", meeting.KindUpdate, meeting.AttemptDone, colleague, meeting.Delegated, meeting.Live, 0, 0, false, ""},
		{"colleague's", meeting.KindUpdate, meeting.AttemptFailed, colleague, meeting.Delegated, meeting.Live, 0, 0, false, meeting.Forbidden},
		{"in the other mode", meeting.KindUpdate, meeting.AttemptFailed, person, meeting.Application, meeting.Live, 0, 0, false, meeting.Forbidden},
		{"create of a removed meeting", meeting.KindCreate, meeting.AttemptFailed, person, meeting.Delegated, meeting.Removed, 0, 0, false, meeting.Conflict},
		{"create of a replaced meeting", meeting.KindCreate, meeting.AttemptFailed, person, meeting.Delegated, meeting.Replaced, 0, 0, false, meeting.Conflict},
		{"update of a removed meeting", meeting.KindUpdate, meeting.AttemptFailed, person, meeting.Delegated, meeting.Removed, 0, 0, false, meeting.Conflict},
		{"update of an unfinished meeting", meeting.KindUpdate, meeting.AttemptFailed, person, meeting.Delegated, meeting.Unfinished, 0, 0, false, meeting.Conflict},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := meeting.Attempt{Kind: tt.kind, State: tt.state, Actor: meeting.User{ID: tt.by}, Mode: meeting.Delegated, BaseReply: tt.base}
			repeat, err := decideRetry(meeting.User{ID: person}, tt.mode, meeting.Meeting{State: tt.meeting}, a, tt.seen)
			if repeat != tt.repeat || meeting.CodeOf(err) != tt.code {
				t.Errorf("got %v, %v; want %v, %q", repeat, err, tt.repeat, tt.code)
			}
		})
	}
}
