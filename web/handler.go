package web

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
)

// handler responds to a request or returns an error, for which Server.handle shows an error
// page.
type handler func(http.ResponseWriter, *http.Request) error

// handle calls h and shows an error page if h returns an error or panics. If h panics with
// http.ErrAbortHandler, net/http closes the connection instead.
func (s *Server) handle(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p) // net/http closes the connection
			}
			if p != nil {
				s.showError(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		if err := h(w, r); err != nil {
			s.showError(w, r, err)
		}
	})
}

func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := w.Write([]byte("ok\n"))
	return err
}
