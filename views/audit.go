package views

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views/ui"
)

// AuditAsk contains the filters of the audit log. If the request is invalid, fields may
// have values other than those described here.
type AuditAsk struct {
	Person   meeting.User // if the ID is 0, the log is not filtered by user
	Meeting  string       // a meeting ID or a ticket
	Action   string
	From, To string // days in the form 2006-01-02, or ""
}

// Values returns the query parameters, which identify the user only by ID.
func (a AuditAsk) Values() url.Values {
	v := make(url.Values)
	for name, value := range map[string]string{"meeting": a.Meeting, "action": a.Action, "from": a.From, "to": a.To} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if a.Person.ID != 0 {
		v.Set("person", strconv.FormatInt(a.Person.ID, 10))
	}
	return v
}

// AuditData holds the data for the audit log page.
type AuditData struct {
	Ask      AuditAsk
	Actions  []string // all actions, for the filter
	Who      string   // the text in the person field
	People   []meeting.User
	Problems meeting.Problems
	Entries  []meeting.AuditEntry
	Examined time.Time // the time of the last examined entry if the search stopped early; otherwise zero
	Older    string    // the path of the page with older entries, or ""
	First    string    // the path of the page with the newest entries, or ""
}

func (d AuditData) who() string {
	if d.Who == "" && d.Ask.Person.ID != 0 {
		return d.Ask.Person.UPN
	}
	return d.Who
}

// of returns the path of the audit log restricted to the user's entries, with the other
// filters unchanged.
func (d AuditData) of(person meeting.User) string {
	a := d.Ask
	a.Person = person
	return paths.With(paths.Audit, a.Values())
}

func (d AuditData) ofMeeting(id int64) string {
	return paths.With(paths.Audit, AuditAsk{Meeting: strconv.FormatInt(id, 10)}.Values())
}

func (d AuditData) summary(p Page) []ui.ErrorLink { return problemLinks(p, d.Problems) }

func (d AuditData) field(p Page, name, value string) ui.Field {
	f := ui.Field{Name: name, Label: p.T.T("audit.filter." + name), Value: value}
	if hint := "audit.filter." + name + ".hint"; p.T.Has(hint) {
		f.Hint = p.T.T(hint)
	}
	for _, problem := range d.Problems.Field(name) {
		f.Errors = append(f.Errors, p.T.Problem(problem))
	}
	if name == "from" || name == "to" {
		if f.Label = p.T.T("filter." + name); len(f.Errors) == 0 {
			f.Type = "date" // not for a malformed value, because a date field would not show it
		}
	}
	return f
}

func (d AuditData) actions(p Page) []ui.Choice {
	list := []ui.Choice{{Label: p.T.T("audit.filter.action.any")}}
	for _, action := range d.Actions {
		list = append(list, ui.Choice{Value: action, Label: auditAction(p, action)})
	}
	return list
}

func auditAction(p Page, action string) string { return wordOr(p, "audit.do."+action, action) }

// wordOr returns the message with the given key, or other if the catalogue has no such
// message.
func wordOr(p Page, key, other string) string {
	if p.T.Has(key) {
		return p.T.T(key)
	}
	return other
}

// auditDetail returns the text for an entry's detail, or the stored detail if the catalogue
// has no message for it.
func auditDetail(p Page, e meeting.AuditEntry) string {
	switch action, detail := e.Action, e.Detail; action {
	case "meeting.read":
		return wordOr(p, "audit.part."+strings.ReplaceAll(detail, ".", "_"), detail)
	case "meeting.create":
		return wordOr(p, "outcome."+detail, wordOr(p, "attempt.state."+detail, detail))
	case "meeting.update":
		return wordOr(p, "field."+detail, detail)
	case "meeting.for":
		kind, option, _ := strings.Cut(detail, " ")
		if kind = wordOr(p, "kind."+kind, kind); option == "" {
			return kind
		}
		return kind + ": " + wordOr(p, "field."+option, wordOr(p, "audit.for."+option, option))
	case "sign_in":
		return wordOr(p, "role."+detail, detail)
	case "sign_out":
		return wordOr(p, "audit.sign_out."+strings.ReplaceAll(detail, " ", "_"), detail)
	case "role":
		before, after, _ := strings.Cut(detail, " → ")
		return wordOr(p, "role."+before, before) + " → " + wordOr(p, "role."+after, after)
	case "refused":
		return auditRefusal(p, detail)
	case "history.read", "history.export", "history.export_end", "history.export_cut", "audit.read", "audit.export", "audit.export_end", "audit.export_cut", "retention.purge", "retention.purged", "retention.rule":
		return auditQuery(p, detail)
	case "preset.add", "preset.change", "preset.remove":
		return auditPreset(p, detail)
	default:
		return detail
	}
}

// auditRefusal returns a message that explains why a request was refused, or the stored
// code if the reason is unknown.
func auditRefusal(p Page, detail string) string {
	reason, _, _ := strings.Cut(detail, " ")
	return wordOr(p, reason+".title", wordOr(p, "audit.refused."+reason, reason))
}

// auditRoute returns the route of a refused request, such as "GET /admin/people/{id} 7", or
// "" for other entries.
func auditRoute(e meeting.AuditEntry) string {
	if e.Action != "refused" {
		return ""
	}
	_, route, _ := strings.Cut(e.Detail, " ")
	return route
}

// auditQuery describes the query parameters in an entry's detail, such as the filters of a
// list. If the detail is not a query string, it is the text of a search, and auditQuery
// returns it unchanged.
func auditQuery(p Page, detail string) string {
	query, err := url.ParseQuery(detail)
	if err != nil || !strings.Contains(detail, "=") {
		return detail
	}
	var parts []string
	for name := range query {
		value := query.Get(name)
		value = wordOr(p, "filter."+name+"."+value, value)
		if name == "action" {
			value = auditAction(p, value)
		}
		parts = append(parts, wordOr(p, "audit.query."+name, wordOr(p, "filter."+name, name))+": "+value)
	}
	slices.Sort(parts)
	return strings.Join(parts, " · ")
}

// auditPreset describes the settings of a preset and, for a change, the previous settings.
func auditPreset(p Page, detail string) string {
	type preset struct {
		Name, Prefix, Subject string
		Minutes               int
		Options               meeting.Options
	}
	var change struct{ Before, After *preset }
	if json.Unmarshal([]byte(detail), &change) != nil {
		return detail
	}
	var states []string
	for _, stored := range []*preset{change.Before, change.After} {
		if stored == nil {
			continue
		}
		words := []string{stored.Name}
		if stored.Prefix != "" {
			words = append(words, p.T.T("presets.prefix")+": "+stored.Prefix)
		}
		for _, part := range partsOf(p, meeting.Preset{Subject: stored.Subject, Minutes: stored.Minutes, Options: stored.Options}) {
			words = append(words, part.Label+": "+part.Value)
		}
		states = append(states, strings.Join(words, ", "))
	}
	return strings.Join(states, " → ")
}

// auditCount describes an entry's count, such as a number of sessions. It returns "" if the
// entry has no count.
func auditCount(p Page, e meeting.AuditEntry) string {
	if !e.HasCount {
		return ""
	}
	key := "audit.rows"
	switch e.Action {
	case "refused":
		key = "audit.repeated"
	case "person.sign_out":
		key = "audit.sessions"
	case "retention.purged", "person.erased":
		key = "audit.meetings"
	}
	return p.T.N(key, int(e.Count), meeting.Args{"N": p.T.Number(int(e.Count))})
}

func auditTime(p Page, e meeting.AuditEntry) string {
	return p.T.Date(e.At, p.zoneOr(nil)) + ", " + e.At.In(p.zoneOr(nil)).Format("15:04:05")
}
