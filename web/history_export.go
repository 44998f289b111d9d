package web

import (
	"context"
	"net/http"
	"time"

	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/search"
	"meetdesk/store"
	"meetdesk/store/listing"
)

// exportBuffer is the buffer size for an export. With bufio's default size, writing takes
// longer than reading the rows.
const exportBuffer = 64 << 10

type table interface {
	fileWriter
	add(*listing.Exported) error
}

// fileWriter is the part of a file format that does not depend on the type of the rows.
type fileWriter interface {
	begin() error // writes the header, such as the column names
	flush() error // called after each part of the list
	end() error
}

// export sends a file with all meetings that /history lists for the same query, on all
// pages.
func (s *Server) export(w http.ResponseWriter, r *http.Request, contentType, ending string, table table) error {
	req, problems, err := s.readHistory(r)
	if err != nil {
		return err
	}
	if problems.Any() {
		return &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonExportUnreadable}
	}
	d := download{
		contentType: contentType, name: "meetings-" + s.Now().UTC().Format(time.DateOnly) + ending,
		began: store.AuditExport, ended: store.AuditExportEnd, cut: store.AuditExportCut, detail: req.detail(),
	}
	if r.Method == http.MethodHead {
		d.setHeaders(w.Header())
		return nil
	}
	first, err := s.exactHits(r, &req)
	if err != nil {
		return err
	}
	return s.sendDownload(w, r, d, table, func(ctx context.Context, send sendPart) error {
		return s.Store.Export(ctx, req.Criteria, first, func(part []listing.Exported) error {
			return send(len(part), func(i int) error { return table.add(&part[i]) })
		})
	})
}

// exactHits returns the IDs of the meetings that find returns for the query, including
// guesses. It also completes the criteria in req; see readText.
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
	maxExportHits = 1000   // maximum number of meetings that exactHits adds to an export
	matchNothing  = "\x00" // search text that matches no meeting
)

// exportHead contains the column names for exports. The workbook adds the time zone to the
// names of time columns.
var exportHead = append([]string{"id", "external_id", "subject", "state", "start", "end", "organizer", "organizer_upn", "created_at"}, listing.ExportColumns()...)
