package web_test

import (
	"testing"
	"time"

	"meetdesk/meeting"
)

func record(_ *testing.T, s *site) []meeting.Meeting { return s.Meetings() }

func newest(_ testing.TB, s *site, externalID string) meeting.Meeting { return s.Newest(externalID) }

func attempts(_ testing.TB, s *site, meetingID int64) []meeting.Attempt { return s.Attempts(meetingID) }

func inDatabase(_ *testing.T, s *site, statement string, args ...any) { s.Exec(statement, args...) }

// expireTokens advances the clock until all access tokens have expired. It also moves each
// grant's last update to less than an hour ago, so that the desk does not recheck the
// sign-in.
func (s *site) expireTokens() {
	s.SetAhead(80 * time.Minute)
	s.Exec(`UPDATE grants SET updated_at = updated_at + 1800000`)
}

func audit(_ *testing.T, s *site) []string { return s.Audit() }
