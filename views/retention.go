package views

import (
	"cmp"
	"slices"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views/ui"
)

// MonthsForm holds the two retention periods, in months, as entered by the user.
type MonthsForm struct{ Meetings, Audit string }

// RetentionData holds the data for the page where administrators remove old records and
// look for people.
type RetentionData struct {
	Purge, Rule                                 MonthsForm
	PurgeProblems, RuleProblems, PersonProblems meeting.Problems
	Stored                                      meeting.RetentionRule
	Who                                         string // the name or address to search for
	People                                      []meeting.User
	Tasks                                       []meeting.RetentionTask
}

// problems returns all problems in the order of the page's forms.
func (d RetentionData) problems() meeting.Problems {
	return slices.Concat(d.PersonProblems, d.PurgeProblems, d.RuleProblems)
}

func (d RetentionData) field(p Page, name, label, value string) ui.Field {
	f := ui.Field{Name: name, Label: p.T.T(label), Value: value, InputMode: "numeric", Class: "short"}
	if name == "who" {
		f.InputMode, f.Class, f.Hint = "", "", p.T.T("retention.who.hint")
	}
	for _, problem := range d.problems().Field(name) {
		f.Errors = append(f.Errors, p.T.Problem(problem))
	}
	return f
}

// ruleField returns a field of the form for the retention rule. The prefix "rule_"
// distinguishes the field from the one in the form for a one-time purge.
func ruleField(p Page, d RetentionData, name, value string) ui.Field {
	f := d.field(p, "rule_"+name, "rule."+name, value)
	f.Name = "rule_" + name
	return f
}

// RecordsData holds the data for the page that shows a person's records.
type RecordsData struct {
	Plan     meeting.ErasePlan
	Texts    string // additional strings to replace, as entered by the user
	Confirm  string
	Problems meeting.Problems
}

// ConfirmErase returns the text that the administrator must enter to erase the person.
func ConfirmErase(u meeting.User) string { return cmp.Or(u.UPN, u.Name) }

func (d RecordsData) confirm(p Page) ui.Field {
	f := ui.Field{Name: "confirm", Label: p.T.T("erase.confirm.label", meeting.Args{"Text": ConfirmErase(d.Plan.Person)}), Value: d.Confirm}
	for _, problem := range d.Problems.Field("confirm") {
		f.Errors = append(f.Errors, p.T.Problem(problem))
	}
	return f
}

func (d RecordsData) texts(p Page) ui.Field {
	return ui.Field{Name: "texts", Label: p.T.T("erase.texts"), Hint: p.T.T("erase.texts.hint"), Value: d.Texts, Rows: 3}
}

func retentionWhat(p Page, t meeting.RetentionTask) string {
	if t.Erases {
		return p.T.T("retention.task.erase", meeting.Args{"Name": t.Name})
	}
	return purgeWhat(p, t.Purge)
}

func recordsOf(person meeting.User) string { return paths.PersonRecords(person.ID) }

func erasureProgress(p Page, t meeting.RetentionTask) string {
	if t.Read < 100 {
		return p.T.T("retention.read", meeting.Args{"Percent": t.Read})
	}
	return p.T.T("retention.read.all")
}

func purgeWhat(p Page, purge meeting.Purge) string {
	day := func(t time.Time) string { return p.T.Date(t, p.zoneOr(nil)) }
	switch {
	case purge.AuditBefore.IsZero():
		return p.T.T("retention.task.meetings", meeting.Args{"Day": day(purge.MeetingsBefore)})
	case purge.MeetingsBefore.IsZero():
		return p.T.T("retention.task.audit", meeting.Args{"Day": day(purge.AuditBefore)})
	}
	return p.T.T("retention.task.both", meeting.Args{"Meetings": day(purge.MeetingsBefore), "Audit": day(purge.AuditBefore)})
}

// purgeTime formats a time for a hidden field. It returns "" for the zero time.
func purgeTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
