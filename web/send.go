package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"github.com/klauspost/compress/gzip"

	"meetdesk/static"
)

// send writes a complete response. It compresses the body if the client accepts gzip and
// compression is worthwhile and safe. At level 1, klauspost/compress takes a quarter of the
// standard library's time and compresses better. Higher levels are slower and save little.
func (s *Server) send(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Vary", "Accept-Encoding")
	if len(body) >= static.MinSize && static.TakesGzip(r.Header) && !isEmbedded(r) {
		buf := s.buffer()
		defer s.releaseBuffer(buf)
		if err := s.zip(buf, body); err != nil {
			return fmt.Errorf("compress: %w", err)
		}
		h.Set("Content-Encoding", "gzip")
		body = buf.Bytes()
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		visitOf(r).err = err // the client has disconnected
	}
	return nil
}

// isEmbedded reports whether a page of another site requests the response in order to embed
// it. Such a response is not compressed, because compression would make the BREACH attack
// possible.
//
// If a page contains both a part of its URL and something secret, its compressed length
// tells an eavesdropper whether the two match. The list of meetings contains the search
// text next to subjects. The page of a meeting that was opened from the list contains the
// search text next to the passcode.
//
// To guess a letter, another site has to make a browser send a thousand requests with the
// person's cookie, which is SameSite=Lax. From another domain, browsers send the cookie
// only when they navigate to our page, which the person would see. From the same domain,
// they also send it when they request images and scripts.
func isEmbedded(r *http.Request) bool {
	site, dest := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Sec-Fetch-Dest")
	return (site == "cross-site" || site == "same-site") && dest != "document"
}

func (s *Server) zip(to *bytes.Buffer, body []byte) error {
	zip := s.zips.Get().(*gzip.Writer)
	defer s.zips.Put(zip)
	zip.Reset(to)
	if _, err := zip.Write(body); err != nil {
		return err
	}
	return zip.Close()
}

// maxPooledBuffer is the maximum size, in bytes, of a buffer that is kept for reuse.
// Without this limit, an occasional long page would occupy memory permanently.
const maxPooledBuffer = 256 << 10

// buffer returns an empty buffer. The caller must return it with releaseBuffer.
func (s *Server) buffer() *bytes.Buffer {
	buf := s.buffers.Get().(*bytes.Buffer)
	buf.Reset()
	return buf
}

func (s *Server) releaseBuffer(buf *bytes.Buffer) {
	if buf.Cap() <= maxPooledBuffer {
		s.buffers.Put(buf)
	}
}
