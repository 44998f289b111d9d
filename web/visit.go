package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"meetdesk/desk"
	"meetdesk/locale"
	"meetdesk/logs"
	"meetdesk/paths"
	"meetdesk/store"
)

// visit contains data about a request for its handlers.
type visit struct {
	id       string         // the request ID, which error pages and the log show
	route    Route          // zero if the URL matches no route
	session  *store.Session // nil if the request has no session
	text     locale.Printer
	returnTo string        // the destination of the failed sign-in; "" for the home page
	err      error         // the error to log
	typed    *typedForm    // the user's input if the page shows a form again; otherwise nil
	upload   upload        // the file in the form
	effects  *desk.Effects // whether the request may have sent anything to Microsoft or changed anything there
}

type visitKey struct{}

func visitOf(r *http.Request) *visit { return r.Context().Value(visitKey{}).(*visit) }

func withVisitContext(r *http.Request, v *visit) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
}

// actor returns the signed-in person, for whom the desk acts. Only handlers of routes
// that require a session may call it.
func actor(r *http.Request) desk.Actor {
	session := visitOf(r).session
	return desk.Actor{User: session.User, GrantID: session.GrantID}
}

// withVisit determines the session and the language of each request, and logs the request.
// Health and readiness checks are logged only if they return an error. To the request's
// context, it adds the client's address for the audit log and the request ID for log lines.
func (s *Server) withVisit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		v := &visit{id: requestID(r)}
		w.Header().Set(requestIDHeader, v.id)
		ctx, effects := desk.WithEffects(store.WithAddress(logs.WithRequest(r.Context(), v.id), s.clientAddress(r)))
		v.effects = effects
		r = withVisitContext(r.WithContext(ctx), v)
		recorded := &statusWriter{ResponseWriter: w}
		s.answer(recorded, r, next)
		if recorded.status == 0 && r.Context().Err() != nil {
			recorded.status = statusClientGone
		}
		took := time.Since(started)
		if s.Observe != nil {
			s.Observe(r.Context(), v.route.Pattern, recorded.status, took)
		}
		if probe := r.URL.Path == paths.Health || r.URL.Path == paths.Ready; !probe || v.err != nil {
			s.logVisit(r, v, recorded.status, took)
		}
	})
}

// statusClientGone is the status that nginx logs if the client disconnects before receiving
// a response.
const statusClientGone = 499

// maxLoggedPath is the maximum length, in bytes, of a path or a method in the log. Clients
// can send paths of about 64 KB.
const maxLoggedPath = 200

// maxLoggedError is the maximum length, in bytes, of an error in the log. An error may
// contain another server's response, and the stack of a panic takes about 4 KB.
const maxLoggedError = 8 << 10

// truncateBytes returns the first n bytes of the text. If the text is longer, "…" is
// appended.
func truncateBytes(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "") + "…"
}

func (s *Server) logVisit(r *http.Request, v *visit, status int, took time.Duration) {
	attrs := []slog.Attr{
		slog.String("method", truncateBytes(r.Method, maxLoggedPath)), slog.String("path", truncateBytes(s.loggedPath(r), maxLoggedPath)),
		slog.String("route", v.route.path()), slog.Int("status", status), slog.Duration("took", took), slog.String("client", s.clientAddress(r).String()),
	}
	if v.session != nil {
		attrs = append(attrs, slog.String("person", v.session.User.ObjectID))
	}
	if v.err != nil {
		attrs = append(attrs, slog.String("error", truncateBytes(v.err.Error(), maxLoggedError)))
	}
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelError
	}
	s.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap returns the underlying ResponseWriter, which http.ResponseController needs.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
