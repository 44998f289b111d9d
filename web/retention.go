package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/views"
)

const (
	maxTasksShown = 20
	maxMonths     = 1200
)

// retentionPage shows the retention tasks and the forms for removing old records and
// finding a person.
func (s *Server) retentionPage(w http.ResponseWriter, r *http.Request) error {
	return s.showRetention(w, r, http.StatusOK, views.RetentionData{})
}

func (s *Server) showRetention(w http.ResponseWriter, r *http.Request, status int, data views.RetentionData) (err error) {
	if data.Tasks, err = s.Store.RetentionTasks(r.Context(), maxTasksShown); err != nil {
		return err
	}
	if data.Stored, err = s.Store.RetentionRule(r.Context()); err != nil {
		return err
	}
	if data.Rule == (views.MonthsForm{}) {
		data.Rule = views.MonthsForm{Meetings: months(data.Stored.Meetings), Audit: months(data.Stored.Audit)}
	}
	return s.render(w, r, status, views.Retention(s.page(r, visitOf(r).text.T("retention.title")), data))
}

func months(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func monthsForm(values url.Values) views.MonthsForm {
	return views.MonthsForm{Meetings: strings.TrimSpace(values.Get("meetings")), Audit: strings.TrimSpace(values.Get("audit"))}
}

// retentionPurge shows how many records a purge would remove and asks for confirmation. Once
// the purge has been confirmed, retentionPurge starts removing those records.
func (s *Server) retentionPurge(w http.ResponseWriter, r *http.Request) error {
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	data := views.RetentionData{Purge: monthsForm(values)}
	purge, ok := confirmedPurge(values)
	if ok {
		if err := s.Store.StartPurge(r.Context(), visitOf(r).session.User.ID, purge); err != nil {
			return err
		}
		return s.seeOther(w, r, paths.Retention)
	}
	rule, problems := readMonths(data.Purge)
	if rule == (meeting.RetentionRule{}) && !problems.Any() {
		problems = append(problems, meeting.Problem{Field: "meetings", Key: meeting.ReasonRetentionNothing})
	}
	if data.PurgeProblems = problems; problems.Any() {
		return s.showRetention(w, r, http.StatusUnprocessableEntity, data)
	}
	plan, err := s.Store.PlanPurge(r.Context(), store.PurgeOf(rule, s.Now().Truncate(time.Second)))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, views.PurgePreview(s.page(r, visitOf(r).text.T("purge.preview.title")), plan))
}

// confirmedPurge returns the purge that was confirmed. The confirmation contains exact
// times, not numbers of months, so that the purge removes only what the preview counted.
func confirmedPurge(values url.Values) (p meeting.Purge, ok bool) {
	if values.Get("confirmed") != "1" {
		return p, false
	}
	var errs [2]error
	if text := values.Get("meetings_before"); text != "" {
		p.MeetingsBefore, errs[0] = time.Parse(time.RFC3339, text)
	}
	if text := values.Get("audit_before"); text != "" {
		p.AuditBefore, errs[1] = time.Parse(time.RFC3339, text)
	}
	return p, errs[0] == nil && errs[1] == nil && p != (meeting.Purge{})
}

func (s *Server) retentionRule(w http.ResponseWriter, r *http.Request) error {
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	data := views.RetentionData{Rule: views.MonthsForm{Meetings: strings.TrimSpace(values.Get("rule_meetings")), Audit: strings.TrimSpace(values.Get("rule_audit"))}}
	rule, problems := readMonths(data.Rule)
	for i := range problems {
		problems[i].Field = "rule_" + problems[i].Field
	}
	if data.RuleProblems = problems; problems.Any() {
		return s.showRetention(w, r, http.StatusUnprocessableEntity, data)
	}
	if err := s.Store.SetRetentionRule(r.Context(), visitOf(r).session.User.ID, rule); err != nil {
		return err
	}
	return s.seeOther(w, r, paths.Retention)
}

// readMonths parses the two retention periods, in months. A blank field means 0: records
// are kept indefinitely.
func readMonths(f views.MonthsForm) (r meeting.RetentionRule, problems meeting.Problems) {
	for _, field := range []struct {
		name, value string
		into        *int
	}{{"meetings", f.Meetings, &r.Meetings}, {"audit", f.Audit, &r.Audit}} {
		n, err := strconv.Atoi(field.value)
		if field.value == "" {
			continue
		}
		if err != nil || n < 1 || n > maxMonths {
			problems = append(problems, meeting.Problem{Field: field.name, Key: meeting.ReasonRetentionMonths})
		}
		*field.into = n
	}
	return r, problems
}
