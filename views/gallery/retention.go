package gallery

import (
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func retentionSamples(l Look) []Sample {
	p := l.page(alex, "Retention", paths.Retention)
	past := Now.AddDate(-2, 0, 0)
	tasks := []meeting.RetentionTask{
		{ID: 3, By: alex, Purge: meeting.Purge{MeetingsBefore: past, AuditBefore: past}, Meetings: 1204, Entries: 1, CreatedAt: Now},
		{ID: 5, Erases: true, By: alex, Name: l.T.T("erase.name", meeting.Args{"N": 5}), Meetings: 3, Entries: 12, Read: 100, CreatedAt: Now},
		{ID: 4, Erases: true, By: alex, Name: l.T.T("erase.name", meeting.Args{"N": 4}), Meetings: 1, Read: 43, CreatedAt: Now},
		{ID: 2, Erases: true, By: alex, Name: l.T.T("erase.name", meeting.Args{"N": 2}), Meetings: 7, Entries: 31, CreatedAt: Now.Add(-time.Hour), DoneAt: Now},
		{ID: 1, Purge: meeting.Purge{MeetingsBefore: past}, CreatedAt: Now.Add(-time.Hour), DoneAt: Now},
	}
	plan := meeting.PurgePlan{
		Purge: meeting.Purge{MeetingsBefore: past, AuditBefore: past}, Meetings: 1204, Entries: 31, Oldest: past.AddDate(-3, 0, 0), Newest: past.Add(-time.Hour),
		Imports: 2, KeptMeetings: 17, KeptOpen: 1, KeptEntries: 5,
	}
	wrong := meeting.Problems{{Field: "meetings", Key: meeting.ReasonRetentionMonths}}
	nobody := meeting.Problems{{Field: "who", Key: meeting.ReasonPersonUnknown, Args: meeting.Args{"Value": "zoe"}}}
	whole := meeting.ErasePlan{Person: Priya, Organizes: 12, Attends: 3, Sessions: 1, Notes: 2, Entries: 90, Texts: 204, TextsAll: true, Upcoming: 2}
	unconfirmed := meeting.Problems{{Field: "confirm", Key: meeting.ReasonEraseConfirm}}
	return []Sample{
		{"retention", views.Retention(p, views.RetentionData{Tasks: tasks, Rule: views.MonthsForm{Meetings: "60"}})},
		{"retention-none", views.Retention(p, views.RetentionData{})},
		{"retention-wrong", views.Retention(p, views.RetentionData{Purge: views.MonthsForm{Meetings: "x"}, PurgeProblems: wrong, Who: "zoe", PersonProblems: nobody})},
		{"retention-which-person", views.Retention(p, views.RetentionData{Who: "a", People: []meeting.User{Priya, Tomas}})},
		{"purge-preview", views.PurgePreview(p, plan)},
		{"purge-preview-nothing", views.PurgePreview(p, meeting.PurgePlan{Purge: meeting.Purge{MeetingsBefore: past}})},
		{"purge-preview-import", views.PurgePreview(p, meeting.PurgePlan{Purge: meeting.Purge{MeetingsBefore: past}, Imports: 1})},
		{"person-records", views.Records(p, views.RecordsData{Plan: whole})},
		{"person-records-invited", views.Records(p, views.RecordsData{Plan: meeting.ErasePlan{Person: meeting.User{UPN: "zoe@fabrikam.example"}, Texts: 1}, Texts: "Zoe", Confirm: "yes", Problems: unconfirmed})},
	}
}
