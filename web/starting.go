package web

import (
	"math"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"meetdesk/logs"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

// Starting answers requests on the site's port while the desk is starting or its database
// is being upgraded.
type Starting struct {
	site *Server
	left atomic.Int64 // nanoseconds until the current step of the upgrade ends; 0 if unknown, -1 if there is no upgrade
}

// startingWait is the Retry-After delay if the remaining time is unknown.
const startingWait = 10 * time.Second

// NewStarting returns a Starting. It uses only the fields Static, Locale, URL, Now and Log
// of c.
func NewStarting(c Config) *Starting {
	s := &Starting{site: &Server{Config: c}}
	s.site.buffers.New, s.site.zips.New = newBuffer, newZip
	s.left.Store(-1)
	return s
}

// Upgrading makes the responses say that the database is being upgraded. left is the time
// until the current step of the upgrade ends, or 0 if that is unknown.
func (s *Starting) Upgrading(left time.Duration) { s.left.Store(int64(left)) }

// ServeHTTP implements http.Handler.
func (s *Starting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := &visit{id: requestID(r), text: s.site.Locale.Printer("", r.Header.Get("Accept-Language"))}
	w.Header().Set(requestIDHeader, v.id)
	r = withVisitContext(r.WithContext(logs.WithRequest(r.Context(), v.id)), v)
	s.site.headers(http.HandlerFunc(s.answer)).ServeHTTP(w, r)
}

func (s *Starting) answer(w http.ResponseWriter, r *http.Request) {
	key, left := meeting.ReasonUpgrading, time.Duration(s.left.Load())
	if left < 0 {
		key, left = meeting.ReasonStarting, 0
	}
	switch {
	case r.URL.Path == paths.Health:
		_ = s.site.healthz(w, r) // an error means that the client has disconnected
	case r.URL.Path == paths.Ready:
		s.retryAfter(w, left)
		says := "is being upgraded"
		if key == meeting.ReasonStarting {
			says = "is starting"
		}
		http.Error(w, "desk failed: "+says, http.StatusServiceUnavailable)
	case s.site.Static.Has(r.URL.Path):
		s.site.Static.ServeHTTP(w, r)
	default:
		s.retryAfter(w, left)
		s.page(w, r, key)
	}
}

// retryAfter sets the Retry-After header to at most a minute, because the desk may be ready
// earlier than expected.
func (s *Starting) retryAfter(w http.ResponseWriter, left time.Duration) {
	if left <= 0 {
		left = startingWait
	}
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(min(left, time.Minute).Seconds()))))
}

// page responds with a page that says whether the desk is starting or being upgraded. The
// page reloads itself if it was requested by GET.
func (s *Starting) page(w http.ResponseWriter, r *http.Request, key meeting.Reason) {
	v := visitOf(r)
	e := &meeting.Error{Code: meeting.Unavailable, Key: key}
	data := views.ErrorData{Status: http.StatusServiceUnavailable, Title: v.text.ErrorTitle(e), Sentence: v.text.Error(e), Advice: v.text.ErrorAdvice(e)}
	page := views.Page{Title: data.Title, T: v.text, Path: paths.Home, Static: s.site.Static.URL, LooksAgain: isRead(r)}
	if err := s.site.render(w, r, data.Status, views.Error(page, data)); err != nil {
		s.site.Log.ErrorContext(r.Context(), "error page", "error", err)
		http.Error(w, v.id, http.StatusServiceUnavailable)
	}
}
