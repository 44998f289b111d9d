package web

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
)

// auditCSV sends the entries that /admin/audit lists, as CSV and oldest first. With bom=1 in
// the query, the file starts with a byte order mark, which Excel needs to recognize UTF-8.
func (s *Server) auditCSV(w http.ResponseWriter, r *http.Request) error {
	file := s.csvWriter(w, r, []string{"id", "time", "action", "person", "person_name", "person_upn", "person_object_id", "person_tenant_id", "meeting", "ticket", "detail", "address", "count"})
	return s.exportAudit(w, r, "text/csv; charset=utf-8", ".csv", &file, func(e auditLine) error {
		return file.addRow([]string{
			strconv.FormatInt(e.ID, 10), e.Time, e.Action, numberOrNone(e.Person), e.PersonName, e.PersonUPN, e.PersonObjectID, e.PersonTenantID,
			numberOrNone(e.Meeting), e.Ticket, e.Detail, e.Address, numberOrNone(e.Count),
		})
	})
}

// auditJSONL sends the same entries as auditCSV, as JSON Lines: one object per line. Every
// object has all fields.
func (s *Server) auditJSONL(w http.ResponseWriter, r *http.Request) error {
	file := &jsonLines{out: bufio.NewWriterSize(s.exportWriter(w), exportBuffer)}
	return s.exportAudit(w, r, "application/x-ndjson; charset=utf-8", ".jsonl", file, func(e auditLine) error { return file.add(e) })
}

// auditLine is an audit log entry in a machine-readable export. The field names, which are
// documented in docs/retention.md, must not change.
type auditLine struct {
	ID             int64  `json:"id"`
	Time           string `json:"time"` // RFC 3339 in UTC, with milliseconds
	Action         string `json:"action"`
	Person         *int64 `json:"person"`
	PersonName     string `json:"person_name"`
	PersonUPN      string `json:"person_upn"`
	PersonObjectID string `json:"person_object_id"`
	PersonTenantID string `json:"person_tenant_id"`
	Meeting        *int64 `json:"meeting"`
	Ticket         string `json:"ticket"`
	Detail         string `json:"detail"`
	Address        string `json:"address"`
	Count          *int64 `json:"count"`
}

const lineTime = "2006-01-02T15:04:05.000Z"

func lineOf(e meeting.AuditEntry) auditLine {
	optional := func(n int64, is bool) *int64 {
		if !is {
			return nil
		}
		return &n
	}
	return auditLine{
		ID: e.ID, Time: e.At.UTC().Format(lineTime), Action: e.Action, Person: optional(e.Person.ID, e.Person.ID != 0), PersonName: e.Person.Name, PersonUPN: e.Person.UPN,
		PersonObjectID: e.Person.ObjectID, PersonTenantID: e.Person.TenantID, Meeting: optional(e.MeetingID, e.MeetingID != 0), Ticket: e.ExternalID,
		Detail: e.Detail, Address: e.Address, Count: optional(e.Count, e.HasCount),
	}
}

func numberOrNone(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func (s *Server) exportAudit(w http.ResponseWriter, r *http.Request, contentType, ending string, file fileWriter, add func(auditLine) error) error {
	req, problems, err := s.readAudit(r, validText(r.URL.Query()))
	if err != nil {
		return err
	}
	if problems.Any() {
		return &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonExportUnreadable}
	}
	d := download{
		contentType: contentType, name: "audit-" + s.Now().UTC().Format(time.DateOnly) + ending,
		began: store.AuditAuditExport, ended: store.AuditAuditEnd, cut: store.AuditAuditCut, detail: req.Values().Encode(),
	}
	if r.Method == http.MethodHead {
		d.setHeaders(w.Header())
		return nil
	}
	return s.sendDownload(w, r, d, file, func(ctx context.Context, send sendPart) error {
		if err := s.Store.FlushAudit(ctx); err != nil {
			return err
		}
		return s.Store.ExportAudit(ctx, req.AuditFilter, func(part []meeting.AuditEntry) error {
			return send(len(part), func(i int) error { return add(lineOf(part[i])) })
		})
	})
}

// jsonLines writes JSON documents, one per line.
type jsonLines struct{ out *bufio.Writer }

func (l *jsonLines) begin() error { return nil }

func (l *jsonLines) add(line any) error {
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	if _, err := l.out.Write(text); err != nil {
		return err
	}
	return l.out.WriteByte('\n')
}

func (l *jsonLines) flush() error { return l.out.Flush() }
func (l *jsonLines) end() error   { return l.out.Flush() }
