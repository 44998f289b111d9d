package web

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

// handler answers a request or returns why it could not.
type handler func(http.ResponseWriter, *http.Request) error

// handle runs h and shows its error, or the panic it ended in, as a page.
func (s *Server) handle(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p) // a response that was begun cannot be finished: net/http closes the connection
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

// statusOf is the HTTP status of an error that a person may read.
func statusOf(e *meeting.Error) int {
	switch e.Key {
	case meeting.ReasonMethodWrong:
		return http.StatusMethodNotAllowed
	case meeting.ReasonBodyLarge, meeting.ReasonSignInLarge:
		return http.StatusRequestEntityTooLarge
	case meeting.ReasonBodyType:
		return http.StatusUnsupportedMediaType
	case meeting.ReasonGuardLimited:
		return http.StatusTooManyRequests
	}
	switch e.Code {
	case meeting.Invalid:
		return http.StatusBadRequest
	case meeting.Unauthorized:
		return http.StatusUnauthorized
	case meeting.Forbidden:
		return http.StatusForbidden
	case meeting.NotFound:
		return http.StatusNotFound
	case meeting.Conflict:
		return http.StatusConflict
	case meeting.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// showError is where every failure becomes a page: a sentence, what to do, and
// the request ID under which the log has the rest.
func (s *Server) showError(w http.ResponseWriter, r *http.Request, err error) {
	v := visitOf(r)
	v.err = err
	if r.Context().Err() != nil {
		return // the person has gone; there is nobody to tell
	}
	var e *meeting.Error
	if !errors.As(err, &e) {
		e = &meeting.Error{Code: meeting.Internal, Key: meeting.ReasonInternal, Err: err}
	}
	if until, ok := e.Args["Until"].(time.Time); ok {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(until.Sub(s.Now()).Seconds()))))
	}
	e = s.localized(r, e)
	status := statusOf(e)
	data := views.ErrorData{
		Status: status, Title: v.text.ErrorTitle(e), Sentence: v.text.Error(e), Advice: v.text.ErrorAdvice(e), RequestID: v.id,
	}
	if join, ok := e.Args["JoinURL"].(string); ok {
		data.JoinURL = join
	}
	if e.Code == meeting.Unauthorized || strings.HasPrefix(string(e.Key), "signin.") {
		data.SignIn = paths.SignIn(cmp.Or(v.returnTo, paths.Home), "", "")
	}
	if err := s.render(w, r, status, views.Error(s.page(r, data.Title), data)); err != nil {
		s.Log.ErrorContext(r.Context(), "error page", "id", v.id, "error", err)
		http.Error(w, v.id, http.StatusInternalServerError)
	}
}

// localized returns the error with its times as text, in the reader's zone and
// language.
func (s *Server) localized(r *http.Request, e *meeting.Error) *meeting.Error {
	until, ok := e.Args["Until"].(time.Time)
	if !ok {
		return e
	}
	v, zone := visitOf(r), time.UTC
	if v.session != nil {
		zone = zoneOf(v.session.User.TimeZone)
	}
	told := *e
	told.Args = maps.Clone(e.Args)
	told.Args["Until"] = v.text.NotBefore(until, s.Now(), zone)
	return &told
}

// page is what every page needs to know.
func (s *Server) page(r *http.Request, title string) views.Page {
	v := visitOf(r)
	p := views.Page{
		Title: title, T: v.text, Path: pagePath(r), Emulator: s.Auth.IsEmulator(),
		Static: s.Static.URL, Ticket: s.Ticket,
	}
	p.Here = here(r)
	if v.session != nil {
		p.User = v.session.User
		p.SignedInAs = s.identities.of(p.User.ID)
	}
	return p
}

// render writes the page only once all of it is there.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	buf := s.buffer()
	defer s.keep(buf)
	if err := page.Render(r.Context(), buf); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	return s.send(w, r, status, "text/html; charset=utf-8", buf.Bytes())
}

func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := w.Write([]byte("ok\n"))
	return err
}

// favicon leads to the icon. Pages name it themselves; a browser asks here when it
// shows something that cannot, such as a QR code.
func (s *Server) favicon(w http.ResponseWriter, r *http.Request) error {
	return s.seeOther(w, r, s.Static.URL("icon.svg"))
}

func (s *Server) staticFile(w http.ResponseWriter, r *http.Request) error {
	if !s.Static.Has(r.URL.Path) {
		return &meeting.Error{Code: meeting.NotFound, Key: meeting.ReasonPageUnknown}
	}
	s.Static.ServeHTTP(w, r)
	return nil
}
