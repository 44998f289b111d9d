package gallery

import (
	"fmt"
	"strings"
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func exams(id int64, state meeting.ImportState, counts meeting.ImportCounts) meeting.Import {
	return meeting.Import{
		ID: id, User: Priya, Title: "exams.xlsx", TimeZone: "Europe/Lisbon", State: state, Counts: counts,
		CreatedAt: Now.Add(-time.Hour), StartedAt: Now.Add(-10 * time.Minute), EndsAt: Now.Add(24 * time.Hour),
	}
}

func importSamples(l Look) []Sample {
	p := l.page(Priya, "Imports", paths.Imports)
	running := exams(4, meeting.ImportRunning, meeting.ImportCounts{Rows: 400, Waiting: 190, Running: 8, Created: 180, Found: 9, Failed: 3, Left: 10, InFlight: 8, Recent: 40, Recently: 30 * time.Second})
	paused := exams(3, meeting.ImportPaused, meeting.ImportCounts{Rows: 400, Waiting: 300, Created: 100})
	done := exams(2, meeting.ImportDone, meeting.ImportCounts{Rows: 4, Created: 1, Found: 1, Failed: 1, Left: 1})
	draft := exams(1, meeting.ImportDraft, meeting.ImportCounts{Rows: 6})
	draft.Title = ""
	cancelled := exams(5, meeting.ImportCancelled, meeting.ImportCounts{Rows: 2, Created: 1, Left: 1})
	cancelled.Title = strings.Repeat("W", 100)
	stopping := exams(6, meeting.ImportPaused, meeting.ImportCounts{Rows: 400, Waiting: 292, Running: 8, Created: 100, InFlight: 8})
	stopping.Reason = meeting.ReasonImportPerson
	begun := exams(7, meeting.ImportRunning, meeting.ImportCounts{Rows: 400, Waiting: 388, Running: 8, Created: 4, InFlight: 8, Recent: 4, Recently: 2 * time.Second})
	cancelled.Reason = meeting.ReasonImportAdminEnd
	paused.Reason = meeting.ReasonImportPerson
	zone, _ := meeting.LoadZone("Europe/Lisbon")
	list := []meeting.Import{cancelled, running, paused, done, draft}
	check := checkSample(draft)
	unclear := unclearSample(draft)
	clean := views.ImportCheckData{Import: draft, Rows: check.Rows[:1]}
	onlyUsed := views.ImportCheckData{Import: draft, Rows: check.Rows[2:3]}
	changed := views.ImportCheckData{Import: draft, Rows: []views.CheckedRow{check.Rows[0]}, Changed: true}
	changed.Rows[0].Ahead = &meeting.RowAhead{ImportRef: meeting.ImportRef{ID: 4, Title: "exams.xlsx", Number: 12}, ExternalID: "INC0012345"}
	pauses := []meeting.Reason{
		meeting.ReasonImportPerson, meeting.ReasonImportAdministrator, meeting.ReasonImportSessionEnded, meeting.ReasonImportRevoked, meeting.ReasonImportSignedOut,
		meeting.ReasonImportDayOver, meeting.ReasonImportNoRole, meeting.ReasonScope,
	}
	reasons := []Sample{}
	for _, why := range pauses {
		i := paused
		i.Reason = why
		reasons = append(reasons, Sample{"import-paused-" + strings.NewReplacer(".", "-", "_", "-").Replace(string(why)), views.Import(p, views.ImportData{Import: i, Zone: zone})})
	}
	failed, rows := endedRows()
	fast := running
	fast.Counts.Waiting = 2
	return append([]Sample{
		{"imports", views.Imports(p, views.ImportsData{Imports: list, Older: 1, Zone: zone})},
		{"admin-imports", views.AdminImports(l.page(alex, "Imports", paths.AdminImports), views.ImportsData{Imports: list, Zone: zone})},
		{"admin-imports-none", views.AdminImports(l.page(alex, "Imports", paths.AdminImports), views.ImportsData{})},
		{"imports-none", views.Imports(p, views.ImportsData{})},
		{"import-new", views.NewImport(p, views.NewImportData{TimeZone: "Europe/Lisbon", Zones: meeting.Zones()})},
		{"import-new-again", views.NewImport(p, views.NewImportData{Zones: meeting.Zones(), Text: "INC1", File: "exams.xlsx"})},
		{"import-unread", views.NewImport(p, views.NewImportData{Zones: meeting.Zones(), Text: "INC1\t<b>", Problem: p.T.T("import.file.old")})},
		{"import-check", views.ImportCheck(p, check)},
		{"import-check-unclear", views.ImportCheck(p, unclear)},
		{"import-check-changed", views.ImportCheck(p, changed)},
		{"import-check-clean", views.ImportCheck(p, clean)},
		{"import-check-series", views.ImportCheck(p, seriesSample(draft))},
		{"import-check-used", views.ImportCheck(p, onlyUsed)},
		{"import-running", views.Import(p, views.ImportData{Import: running, Failed: failed, Rows: rows, Wait: 12, Zone: zone})},
		{"import-invitations", views.Invitations(p, views.InvitationsData{Import: done, EachPage: true, Meetings: []meeting.Meeting{
			Live(7, "INC0012345", "Oral exam", Now.Add(time.Hour), Priya), Live(8, strings.Repeat("W", 256), "Oral exam", Now.Add(time.Hour), Priya),
		}})},
		{"import-invitations-close", views.Invitations(p, views.InvitationsData{Import: done, Meetings: []meeting.Meeting{
			Live(7, "INC0012345", "Oral exam", Now.Add(time.Hour), Priya), Live(8, "INC0012346", "Oral exam", Now.Add(time.Hour), Priya),
		}})},
		{"import-invitations-none", views.Invitations(p, views.InvitationsData{Import: done})},
		{"import-others", views.Import(l.page(Dana, "Import", paths.Imports), views.ImportData{Import: running, Others: true, Failed: failed, Rows: rows, Zone: zone})},
		{"import-others-paused", views.Import(l.page(alex, "Import", paths.Imports), views.ImportData{Import: paused, Others: true, Zone: zone})},
		{"import-stopping", views.Import(p, views.ImportData{Import: stopping, Zone: zone})},
		{"import-begun", views.Import(p, views.ImportData{Import: begun, Zone: zone})},
		{"import-almost", views.Import(p, views.ImportData{Import: fast, Zone: zone})},
		{"import-done", views.Import(p, views.ImportData{Import: done, Failed: failed, Rows: rows, Zone: zone})},
		{"import-cancelled", views.Import(p, views.ImportData{Import: cancelled, Zone: zone})},
	}, reasons...)
}

// checkSample returns a dry run with valid rows, invalid rows, and rows that require a
// choice.
func checkSample(draft meeting.Import) views.ImportCheckData {
	draft.Unknown = []string{"Student", "<b>"}
	day := Now.AddDate(0, 0, 7).Format(time.DateOnly)
	rows := []form.Form{
		{ExternalID: "INC0012345", Subject: "Oral exam", Date: day, Start: "10:00", Duration: "30"},
		{ExternalID: "INC0012346", Date: day, Start: "10:00", End: "09:00", Attendees: "ana@", Options: meeting.Options{Lobby: "nobody"}},
		{ExternalID: "INC0012347", Date: day, Start: "10:00", Duration: "30"},
		{ExternalID: "INC0012348", Date: day, Start: "10:00", Duration: "30"},
		{ExternalID: "inc 0012345", Date: day, Start: "11:00", Duration: "30"},
		{Subject: strings.Repeat("W", 300), Date: "31/31/2027", Start: "ten", TimeZone: "Lisbon"},
		{ExternalID: "INC0012349", Date: "2027-10-31", Start: "01:30", TimeZone: "Europe/Lisbon"},
	}
	data := views.ImportCheckData{Import: draft, Zones: meeting.Zones(), Now: Now}
	for i, f := range rows {
		row := views.CheckedRow{ImportRow: meeting.ImportRow{Position: i + 1, Number: i + 2, ExternalID: f.ExternalID}, Form: f}
		if f.TimeZone == "" {
			f.TimeZone = "Europe/Lisbon"
		}
		row.Request, row.Problems = f.Check(form.Rules{}, Now)
		data.Rows = append(data.Rows, row)
	}
	tomas := meeting.User{ID: 99, Name: "Tomás Oliveira", UPN: "tomas@contoso.example"}
	start := Now.AddDate(0, 0, -7)
	data.Rows[2].Match = &meeting.RowMatch{TicketMeeting: meeting.TicketMeeting{
		ID: 7, ExternalID: "INC0012347", Organizer: Priya, Subject: "Oral exam", State: meeting.Live, Start: start, End: start.Add(time.Hour), TimeZone: "Europe/Lisbon",
	}}
	data.Rows[3].Match = &meeting.RowMatch{TicketMeeting: meeting.TicketMeeting{ID: 8, ExternalID: "INC 12348", Organizer: tomas, State: meeting.Live, NoAccess: true}}
	data.Rows[4].Duplicate = 2
	past := data.Rows[0]
	past.Position, past.Number = 8, 9
	past.Problems = meeting.Problems{{Field: meeting.FieldDate, Key: meeting.ReasonImportPast}}
	data.Rows = append(data.Rows, past)
	return data
}

// unclearSample returns a dry run with an ambiguous date, a row without a time zone, and a
// valid row. The person pressed a button without answering the questions.
func unclearSample(draft meeting.Import) views.ImportCheckData {
	data := checkSample(draft)
	data.Import.TimeZone, data.Unanswered, data.Stopped = "", true, true
	data.Rows[2].Unclear, data.Rows[3].NoZone = "03/04/2027", true
	return data
}

// seriesSample returns the dry run of a series. One of its start times does not exist,
// because of daylight saving time.
func seriesSample(draft meeting.Import) views.ImportCheckData {
	draft.Title = "INC0012345 × 4"
	first := form.Form{ExternalID: "INC0012345", Subject: "Oral exam", Date: "2027-03-14", Start: "01:30", Duration: "30", TimeZone: "Europe/Lisbon", Repeat: form.EveryWeek, Times: "4"}
	forms, _ := first.Series(Now)
	data := views.ImportCheckData{Import: draft}
	for i, f := range forms {
		row := views.CheckedRow{ImportRow: meeting.ImportRow{Position: i + 1, Number: i + 1, ExternalID: f.ExternalID, Choice: meeting.ChoiceAnother}, Form: f, InSeries: true}
		row.Request, row.Problems = row.Form.Check(form.Rules{}, Now)
		if i > 0 {
			row.Duplicate, row.Planned = 1, fmt.Sprintf("INC0012345~%d", i+1)
		}
		data.Rows = append(data.Rows, row)
	}
	return data
}

// endedRows returns one row in each state. The failed row is returned separately.
func endedRows() (failed, rows []views.EndedRow) {
	for i, state := range []meeting.RowState{meeting.RowCreated, meeting.RowFound, meeting.RowFailed, meeting.RowLeft, meeting.RowWaiting, meeting.RowRunning} {
		r := views.EndedRow{RowOutcome: meeting.RowOutcome{Number: i + 2, ExternalID: fmt.Sprintf("INC001234%d", i), State: state}}
		switch state {
		case meeting.RowCreated, meeting.RowFound:
			r.Meeting = meeting.TicketMeeting{
				ID: int64(i + 1), ExternalID: r.ExternalID, Organizer: Priya, Subject: "Oral exam", Start: Now.Add(time.Hour), End: Now.Add(2 * time.Hour), TimeZone: "Europe/Lisbon",
			}
			if state == meeting.RowFound {
				r.Meeting.Organizer = meeting.User{ID: 99, Name: "Tomás Oliveira", UPN: "tomas@contoso.example"}
				r.Asked, r.Differs = meeting.Request{Start: Now.Add(3 * time.Hour), TimeZone: "Europe/Lisbon"}, []meeting.Difference{meeting.DifferentStart}
			}
		case meeting.RowFailed:
			r.Reason = meeting.ReasonForbidden
			failed = append(failed, r)
			continue
		case meeting.RowLeft:
			r.Reason = meeting.ReasonImportSkipped
		}
		rows = append(rows, r)
	}
	return failed, rows
}
