package desk

import (
	"context"
	"errors"
	"testing"
	"time"

	"meetdesk/meeting"
)

// The two tokens are never mixed up: the person's own is for their meetings, the
// program's for other people's, whoever asks.
func TestWhoseTokenReachesWhoseMeeting(t *testing.T) {
	actor := Actor{User: meeting.User{ID: 1}, GrantID: 11}
	for _, tt := range []struct {
		mode      meeting.Mode
		organizer int64
		ok        bool
	}{
		{meeting.Delegated, 1, true},
		{meeting.Delegated, 2, false},
		{meeting.Application, 2, true},
		{meeting.Application, 1, false},
		{"", 1, false},
	} {
		if _, err := new(Desk).newCaller(actor, tt.mode, meeting.User{ID: tt.organizer}, time.Time{}); (err == nil) != tt.ok {
			t.Errorf("%s mode, organizer %d: %v; want allowed %v", tt.mode, tt.organizer, err, tt.ok)
		}
	}
}

// The program's token is not asked for on behalf of somebody who is not listed.
func TestTheProgramsTokenIsForTheListed(t *testing.T) {
	p := caller{mode: meeting.Application, organizer: meeting.User{ID: 2, ObjectID: "oid"}}
	for name, app := range map[string]*Application{"the mode is off": nil, "another organizer": {resolved: map[string]meeting.User{"a": {ObjectID: "other"}}}} {
		d := &Desk{App: app}
		if _, token, err := d.credentials(context.Background(), p, ""); !errors.Is(err, errApplicationOff) || token != "" {
			t.Errorf("%s: %v, want errOff", name, err)
		}
	}
}
