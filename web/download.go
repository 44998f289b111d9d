package web

import (
	"context"
	"fmt"
	"net/http"

	"meetdesk/meeting"
	"meetdesk/store"
)

// maxExports is the maximum number of exports in progress at the same time, across all
// people. Each takes a few MB of memory.
const maxExports = 8

// download describes a file that is sent in parts. The began action is audited before
// anything is sent. Afterwards, the number of rows is audited, with the ended action if the
// file is complete and with the cut action if it is not.
type download struct {
	contentType, name string
	began, ended, cut store.AuditAction
	detail            string
}

func (d download) setHeaders(h http.Header) {
	h.Set("Content-Type", d.contentType)
	h.Set("Content-Disposition", `attachment; filename="`+d.name+`"`)
}

// sendPart writes the next n rows of a file by calling add with each index from 0 to n-1.
type sendPart func(n int, add func(int) error) error

// sendDownload sends a file. The read function must call the given sendPart at least once.
// If read returns an error after the first part, the response is aborted, so that an
// incomplete file does not look complete.
func (s *Server) sendDownload(w http.ResponseWriter, r *http.Request, d download, file fileWriter, read func(context.Context, sendPart) error) error {
	select {
	case s.exports <- struct{}{}:
		defer func() { <-s.exports }()
	default:
		return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonExportBusy}
	}
	person := visitOf(r).session.User
	if err := s.Store.Audit(r.Context(), person.ID, d.began, 0, d.detail); err != nil {
		return err
	}
	rows, end, begun := 0, d.cut, false
	defer func() { s.Store.AuditExported(r.Context(), person.ID, end, rows, d.detail) }()
	defer func() {
		if p := recover(); p != nil && begun {
			panic(http.ErrAbortHandler) // an error page must not be appended to the file
		} else if p != nil {
			panic(p)
		}
	}()
	ctx, cancel := context.WithTimeout(r.Context(), exportLimit)
	defer cancel()
	err := read(ctx, func(n int, add func(int) error) error {
		if !begun {
			begun = true
			d.setHeaders(w.Header())
			if err := file.begin(); err != nil {
				return err
			}
		}
		for i := range n {
			if err := add(i); err != nil {
				return err
			}
		}
		rows += n
		return file.flush()
	})
	if err == nil {
		err = file.end()
	}
	if err == nil {
		end = d.ended
	}
	if err != nil && begun {
		visitOf(r).err = fmt.Errorf("export: %w", err)
		s.Log.WarnContext(r.Context(), "export broken off", "error", err)
		panic(http.ErrAbortHandler)
	}
	return err
}
