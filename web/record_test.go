package web_test

import (
	"testing"

	"meetdesk/meeting"
)

func record(_ *testing.T, s *site) []meeting.Meeting { return s.Meetings() }

func newest(_ testing.TB, s *site, externalID string) meeting.Meeting { return s.Newest(externalID) }

func attempts(_ testing.TB, s *site, meetingID int64) []meeting.Attempt { return s.Attempts(meetingID) }

func inDatabase(_ *testing.T, s *site, statement string, args ...any) { s.Exec(statement, args...) }

func audit(_ *testing.T, s *site) []string { return s.Audit() }
