package web

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"meetdesk/views"
)

const (
	// streamLife is the approximate maximum duration of an event stream. The browser then
	// reconnects.
	streamLife = 25 * time.Second
	// streamLook is the interval at which importEvents polls the import.
	streamLook = time.Second
)

// importEvents streams the changing part of an import's page as server-sent events. It polls
// the database, so it need not run in the process that runs the import.
func (s *Server) importEvents(w http.ResponseWriter, r *http.Request) error {
	i, others, err := s.shownImport(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("X-Accel-Buffering", "no") // prevents nginx from buffering the events
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
		if !i.Changes() || time.Now().After(end) {
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

// endStream returns err if the response has not begun. Otherwise it only records err for the
// log, because it is too late to send an error page.
func (s *Server) endStream(r *http.Request, begun bool, err error) error {
	if !begun {
		return err
	}
	visitOf(r).err = err
	return nil
}

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
