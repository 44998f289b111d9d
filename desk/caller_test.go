package desk

import (
	"context"
	"errors"
	"testing"
	"time"

	"meetdesk/meeting"
)

func TestNewCaller(t *testing.T) {
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
		if _, err := newCaller(actor, tt.mode, meeting.User{ID: tt.organizer}, time.Time{}); (err == nil) != tt.ok {
			t.Errorf("%s mode, organizer %d: %v; want allowed %v", tt.mode, tt.organizer, err, tt.ok)
		}
	}
}

// The application's token may be used only for the configured organizers.
func TestCredentials(t *testing.T) {
	who := caller{mode: meeting.Application, organizer: meeting.User{ID: 2, ObjectID: "oid"}}
	for name, app := range map[string]*Application{"mode off": nil, "another organizer": {resolved: map[string]meeting.User{"a": {ObjectID: "other"}}}} {
		d := &Desk{App: app}
		if _, token, err := d.credentials(context.Background(), who, ""); !errors.Is(err, errApplicationOff) || token != "" {
			t.Errorf("%s: %v, want errApplicationOff", name, err)
		}
	}
}
