package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strconv"

	"meetdesk/static"
)

// send answers with a finished body, compressed where that is worth it and the
// client takes it. Level 1 costs a page about 3 % more time; level 6 would cost
// 60 % for little.
func (s *Server) send(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Vary", "Accept-Encoding")
	if len(body) >= static.MinSize && static.TakesGzip(r.Header) && !guessing(r) {
		buf := s.buffer()
		defer s.keep(buf)
		if err := s.zip(buf, body); err != nil {
			return fmt.Errorf("compress: %w", err)
		}
		h.Set("Content-Encoding", "gzip")
		body = buf.Bytes()
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		visitOf(r).err = err // the person has gone; there is nobody to tell
	}
	return nil
}

// guessing reports whether a page of another site asks for something to use in
// itself, which none has a reason to.
//
// Compressed pages can be guessed at (BREACH): where a page repeats what is in
// its address beside a secret, its length tells who reads the wire whether the
// two are alike, one letter at a time. Ours have no secret of the desk's: the
// session is in a cookie alone, and other sites' forms are told by their
// headers, without a token in the page. But the history repeats what was
// searched for beside people's subjects, and the meeting's page beside its
// passcode. To guess, another site must have a browser ask a thousand times with
// the person's cookie. Cookies are Lax: a foreign site gets them along with a
// visit that the person sees, after which it has no hold on the page. A
// neighbour on the same domain gets them along with pictures and scripts too:
// those are not compressed.
func guessing(r *http.Request) bool {
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

// keptBuffer is the largest buffer that is used again: one rare long page must
// not be paid for ever after.
const keptBuffer = 256 << 10

// buffer returns an empty one, for keep to take back.
func (s *Server) buffer() *bytes.Buffer {
	buf := s.buffers.Get().(*bytes.Buffer)
	buf.Reset()
	return buf
}

func (s *Server) keep(buf *bytes.Buffer) {
	if buf.Cap() <= keptBuffer {
		s.buffers.Put(buf)
	}
}
