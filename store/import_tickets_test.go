package store_test

import (
	"errors"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
)

// A draft cannot be started if another of the person's imports will create a meeting with
// the same external ID.
func TestOnlyOneImportCreatesAMeeting(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	one, two := signIn(t, s, "one"), signIn(t, s, "two")
	start := func(session store.Session, externalID string, choice meeting.Choice) error {
		t.Helper()
		id, err := s.AddImport(t.Context(), meeting.Import{User: session.User}, []meeting.ImportRow{{Number: 2, ExternalID: externalID}})
		must(t, err)
		return s.StartImport(t.Context(), id, session.GrantID, []meeting.ImportRow{{Position: 1, ExternalID: externalID, Choice: choice, State: meeting.RowWaiting}})
	}
	for _, tt := range []struct {
		session    store.Session
		externalID string
		choice     meeting.Choice
		want       meeting.Reason
	}{
		{one, "INC1", "", ""},
		{one, "INC1", "", meeting.ReasonImportAhead},
		{one, "INC1", meeting.ChoiceAnother, meeting.ReasonImportAhead},
		{one, "INC1", meeting.ChoiceUse, ""}, // creates no meeting
		{one, "INC1~2", meeting.ChoiceAnother, ""},
		{two, "INC1", "", ""}, // another organizer
	} {
		err := start(tt.session, tt.externalID, tt.choice)
		var known *meeting.Error
		if errors.As(err, &known); err != nil && known == nil || known != nil && known.Key != tt.want || known == nil && tt.want != "" {
			t.Errorf("%s %q: %v, want %q", tt.externalID, tt.choice, err, tt.want)
		}
	}
}

// TestMatchesHideSubjects checks that ImportMatches returns the times of colleagues'
// meetings but not their subjects.
func TestMatchesHideSubjects(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	one, two := signIn(t, s, "one").User, signIn(t, s, "two").User
	start := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	where := finished(t, s, one, "INC1", meeting.Details{Subject: "Secret", Start: start, End: start.Add(time.Hour)})
	for _, u := range []meeting.User{one, two} {
		id, err := s.AddImport(t.Context(), meeting.Import{User: u}, []meeting.ImportRow{{Number: 2, ExternalID: "INC1"}})
		must(t, err)
		list, err := s.ImportMatches(t.Context(), id, u.ID)
		must(t, err)
		if len(list) != 1 || list[0].ID != where || !list[0].Start.Equal(start) || (list[0].Subject == "Secret") != (u.ID == one.ID) {
			t.Errorf("%s gets %+v", u.UPN, list)
		}
	}
}
