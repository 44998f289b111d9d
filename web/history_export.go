package web

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/search"
	"meetdesk/store"
	"meetdesk/store/listing"
)

// maxExports is the maximum number of exports in progress, for all people together. Each
// takes a few MB of memory.
const maxExports = 8

// exportBuffer is how many bytes of an export are written at once. With bufio's default
// size, writing takes longer than reading the rows.
const exportBuffer = 64 << 10

// table writes a list in a file format.
type table interface {
	begin() error // writes the column names
	add(*listing.Exported) error
	flush() error // called after each part of the list
	end() error
}

// export sends a file with all the meetings that /history lists for the same query, not
// only one page of them. The audit log records the download before it begins, and the
// number of rows after it has ended.
func (s *Server) export(w http.ResponseWriter, r *http.Request, contentType, ending string, table table) error {
	req, problems, err := s.readHistory(r)
	if err != nil {
		return err
	}
	if problems.Any() {
		return &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonExportUnreadable}
	}
	setHeaders := func() { s.setExportHeaders(w.Header(), contentType, ending) }
	if r.Method == http.MethodHead {
		setHeaders()
		return nil
	}
	first, err := s.exactHits(r, &req)
	if err != nil {
		return err
	}
	select {
	case s.exports <- struct{}{}:
		defer func() { <-s.exports }()
	default:
		return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonExportBusy}
	}
	person := visitOf(r).session.User
	if err := s.Store.Audit(r.Context(), person.ID, store.AuditExport, 0, req.detail()); err != nil {
		return err
	}
	rows, end := 0, store.AuditExportCut
	defer func() { s.Store.AuditExported(r.Context(), person.ID, end, rows, req.detail()) }()
	begun := false
	defer func() {
		if p := recover(); p != nil && begun {
			panic(http.ErrAbortHandler) // an error page must not be appended to the table
		} else if p != nil {
			panic(p)
		}
	}()
	ctx, cancel := context.WithTimeout(r.Context(), exportLimit)
	defer cancel()
	err = s.Store.Export(ctx, req.Criteria, first, func(part []listing.Exported) error {
		if !begun {
			begun = true
			setHeaders()
			if err := table.begin(); err != nil {
				return err
			}
		}
		for i := range part {
			if err := table.add(&part[i]); err != nil {
				return err
			}
		}
		rows += len(part)
		return table.flush()
	})
	if err == nil {
		err = table.end()
	}
	if err == nil {
		end = store.AuditExportEnd
	}
	if err != nil && begun {
		visitOf(r).err = fmt.Errorf("export: %w", err)
		s.Log.WarnContext(r.Context(), "export broken off", "error", err)
		panic(http.ErrAbortHandler) // aborts the response, so that an incomplete table does not look complete
	}
	return err
}

// setExportHeaders sets the headers of an export. The file's name has the current day.
func (s *Server) setExportHeaders(h http.Header, contentType, ending string) {
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", `attachment; filename="meetings-`+s.Now().UTC().Format(time.DateOnly)+ending+`"`)
}

// exactHits returns the meetings that the query names exactly. It also sets req.Text to
// the words that remain for the full-text search.
func (s *Server) exactHits(r *http.Request, req *historyRequest) (first []int64, err error) {
	if req.Query == "" {
		return nil, nil
	}
	input := search.Recognize(req.Query, people.OnlyAddress)
	all := *req
	all.Limit = maxExportHits
	hits, err := s.find(r, all, input)
	for _, h := range hits {
		first = append(first, h.ID)
	}
	if err != nil {
		return nil, err
	}
	day, err := s.readText(r, req, input, hits)
	if req.Text == "" && day == nil {
		req.Text = matchNothing
	}
	return first, err
}

const (
	maxExportHits = 1000   // the maximum number of exact hits in an export
	matchNothing  = "\x00" // a text that matches no meeting
)

// exportHead has the column names of every format. The workbook adds the time zone to the
// names of the columns with times.
var exportHead = append([]string{"id", "external_id", "subject", "state", "start", "end", "organizer", "organizer_upn", "created_at"}, listing.ExportColumns()...)
