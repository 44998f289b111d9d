package web

import (
	"fmt"
	"net/http"
	"time"

	"meetdesk/meeting"
	"meetdesk/people"
	"meetdesk/search"
	"meetdesk/store"
	"meetdesk/store/listing"
)

// partDeadline is how long the reader of an export may take for one part of it. There is
// no limit for the whole.
const partDeadline = 5 * time.Minute

// exportBuffer is how many bytes of an export are sent at once. With bufio's default,
// sending takes longer than reading the rows.
const exportBuffer = 64 << 10

// table is a file format that a list is downloaded in.
type table interface {
	begin() error // writes the names of the columns
	add(*listing.Exported) error
	flush() error // after each part of the list
	end() error
}

// export sends the whole list that /history shows for the same query, as a table. The
// audit records the download.
func (s *Server) export(w http.ResponseWriter, r *http.Request, contentType, ending string, table table) error {
	ask, problems, err := s.readHistory(r)
	if err != nil {
		return err
	}
	if problems.Any() {
		return &meeting.Error{Code: meeting.Invalid, Key: meeting.ReasonExportUnreadable}
	}
	first, err := s.readFound(r, &ask)
	if err != nil {
		return err
	}
	select {
	case s.exports <- struct{}{}:
		defer func() { <-s.exports }()
	default:
		return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonExportBusy}
	}
	if err := s.Store.Audit(r.Context(), visitOf(r).session.User.ID, store.AuditExport, 0, ask.detail()); err != nil {
		return err
	}
	begun := false
	defer func() {
		if p := recover(); p != nil && begun {
			panic(http.ErrAbortHandler) // a table must not end in an error page
		} else if p != nil {
			panic(p)
		}
	}()
	control := http.NewResponseController(w)
	err = s.Store.Export(r.Context(), ask.Criteria, first, func(part []listing.Exported) error {
		if err := control.SetWriteDeadline(time.Now().Add(partDeadline)); err != nil {
			return err
		}
		if !begun {
			begun = true
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("Content-Disposition", `attachment; filename="meetings-`+s.Now().UTC().Format(time.DateOnly)+ending+`"`)
			if err := table.begin(); err != nil {
				return err
			}
		}
		for i := range part {
			if err := table.add(&part[i]); err != nil {
				return err
			}
		}
		return table.flush()
	})
	if err == nil {
		err = table.end()
	}
	if err != nil && begun {
		visitOf(r).err = fmt.Errorf("export: %w", err)
		s.Log.WarnContext(r.Context(), "export broken off", "id", visitOf(r).id, "error", err)
		panic(http.ErrAbortHandler) // a table that ends early must not look whole
	}
	return err
}

// readFound returns the meetings that the search names exactly, and leaves the search's
// words in ask.
func (s *Server) readFound(r *http.Request, ask *historyAsk) (first []int64, err error) {
	if ask.Query == "" {
		return nil, nil
	}
	scrap := search.Recognize(ask.Query, people.OnlyAddress)
	all := *ask
	all.Limit = maxExportHits
	hits, err := s.find(r, all, scrap)
	for _, h := range hits {
		first = append(first, h.ID)
	}
	if ask.Text = words(scrap); len(hits) == 0 {
		ask.Text = scrap.Text
	} else if ask.Text == "" {
		ask.Text = nothing
	}
	return first, err
}

const (
	maxExportHits = 1000   // exact hits in an export
	nothing       = "\x00" // text in which there is nothing to search for
)

// exportHead are the names of a table's columns, the same in every format.
var exportHead = append([]string{"id", "external_id", "subject", "state", "start", "end", "organizer", "organizer_upn", "created_at"}, listing.ExportColumns()...)
