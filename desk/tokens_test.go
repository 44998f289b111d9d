package desk

import (
	"context"
	"errors"
	"testing"

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
		grant     int64
	}{
		{meeting.Delegated, 1, true, 11},
		{meeting.Delegated, 2, false, 0},
		{meeting.Application, 2, true, 0},
		{meeting.Application, 1, false, 0},
		{"", 1, false, 0},
	} {
		p, err := partyOf(actor, tt.mode, meeting.User{ID: tt.organizer})
		if (err == nil) != tt.ok || p.grantID != tt.grant {
			t.Errorf("%s mode, organizer %d: grant %d, %v; want grant %d, allowed %v", tt.mode, tt.organizer, p.grantID, err, tt.grant, tt.ok)
		}
	}
}

// The program's token is not asked for on behalf of somebody who is not listed.
func TestTheProgramsTokenIsForTheListed(t *testing.T) {
	p := party{mode: meeting.Application, organizer: meeting.User{ID: 2, ObjectID: "oid"}}
	for name, app := range map[string]*Application{"the mode is off": nil, "another organizer": {resolved: map[string]meeting.User{"a": {ObjectID: "other"}}}} {
		d := &Desk{App: app}
		if _, token, err := d.as(context.Background(), p, ""); !errors.Is(err, errOff) || token != "" {
			t.Errorf("%s: %v, want errOff", name, err)
		}
	}
}
