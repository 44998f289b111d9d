package web

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"meetdesk/meeting"
	"meetdesk/views"
)

const (
	// streamLife is about how long one response with events lasts while the import runs. The
	// browser then reconnects.
	streamLife = 25 * time.Second
	// streamLook is the interval at which importEvents reads the import.
	streamLook = time.Second
)

// importEvents sends the part of an import's page that changes, as server-sent events. The
// data is in the database, so any process of the desk can answer.
func (s *Server) importEvents(w http.ResponseWriter, r *http.Request) error {
	i, others, err := s.shownImport(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("X-Accel-Buffering", "no") // otherwise nginx would buffer the events
	if r.Method == http.MethodHead {
		return nil
	}
	page, end := s.page(r, ""), time.Now().Add(streamLife)
	for last := ""; ; {
		data, err := s.importData(r.Context(), i)
		if err != nil {
			return s.endStream(r, last != "", err)
		}
		data.Others = others
		buf := new(bytes.Buffer)
		if err := views.ImportProgress(page, data).Render(r.Context(), buf); err != nil {
			return s.endStream(r, last != "", err)
		}
		if part := buf.String(); part != last {
			if err := sendEvent(w, part); err != nil {
				return s.endStream(r, true, err)
			}
			last = part
		}
		if i.State != meeting.ImportRunning || time.Now().After(end) {
			return nil
		}
		select {
		case <-time.After(streamLook):
		case <-s.stopping:
			return nil
		case <-r.Context().Done():
			return nil
		}
		if i, err = s.Store.Import(r.Context(), i.ID); err != nil {
			return s.endStream(r, true, err)
		}
	}
}

// endStream returns the error if the response has not begun. Otherwise the error is only
// logged, because an error page cannot follow events.
func (s *Server) endStream(r *http.Request, begun bool, err error) error {
	if !begun {
		return err
	}
	visitOf(r).err = err
	return nil
}

// sendEvent sends the text as one event.
func sendEvent(w http.ResponseWriter, text string) error {
	to := http.NewResponseController(w)
	if err := to.SetWriteDeadline(time.Now().Add(stallLimit)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "data: %s\n\n", bytes.ReplaceAll([]byte(text), []byte("\n"), []byte("\ndata: "))); err != nil {
		return err
	}
	return to.Flush()
}
