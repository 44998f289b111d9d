package web

import (
	"cmp"
	"io"
	"net/http"
	"time"
)

// exportLimit is the maximum duration of an export.
const exportLimit = 30 * time.Minute

// stallLimit is how long a client may take to receive one part of an export (exportBuffer
// bytes). Slower clients are disconnected, so that another export can start.
const stallLimit = 30 * time.Second

// exportWriter writes the response to an export request and disconnects a client that is
// too slow.
type exportWriter struct {
	to    http.ResponseWriter
	stall time.Duration
	end   time.Time
}

func (s *Server) exportWriter(to http.ResponseWriter) io.Writer {
	return &exportWriter{to: to, stall: cmp.Or(s.StallLimit, stallLimit), end: time.Now().Add(exportLimit)}
}

// Write writes one part. It returns an error if the client is too slow.
func (w *exportWriter) Write(part []byte) (int, error) {
	deadline := time.Now().Add(w.stall)
	if deadline.After(w.end) {
		deadline = w.end
	}
	if err := http.NewResponseController(w.to).SetWriteDeadline(deadline); err != nil {
		return 0, err
	}
	return w.to.Write(part)
}
