package web

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/views"
)

func statusOf(e *meeting.Error) int {
	switch e.Key {
	case meeting.ReasonMethodWrong:
		return http.StatusMethodNotAllowed
	case meeting.ReasonBodyLarge, meeting.ReasonSignInLarge, meeting.ReasonImportLarge:
		return http.StatusRequestEntityTooLarge
	case meeting.ReasonBodyType:
		return http.StatusUnsupportedMediaType
	case meeting.ReasonBodySlow:
		return http.StatusRequestTimeout
	case meeting.ReasonGuardLimited, meeting.ReasonLimitPerson, meeting.ReasonLimitAddress, meeting.ReasonSearchBusy, meeting.ReasonExportOwn, meeting.ReasonImportBusy, meeting.ReasonImportWatched:
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

// retryAfter maps the reason for an error to how long to wait before trying again. It is
// used only if the error itself does not specify a time.
var retryAfter = map[meeting.Reason]time.Duration{
	meeting.ReasonStorageUnwritable: time.Minute, meeting.ReasonStorageUnreachable: time.Minute, meeting.ReasonExportBusy: time.Minute, meeting.ReasonExportOwn: time.Minute, meeting.ReasonListSlow: time.Minute,
	meeting.ReasonSearchBusy: 5 * time.Second, meeting.ReasonSiteBusy: 5 * time.Second, meeting.ReasonImportBusy: 5 * time.Second, meeting.ReasonImportWatched: 30 * time.Second,
}

// showError shows an error page or a page that keeps the submitted form (see keepTyped). The
// page contains the request ID, which helps to find the cause in the log. If the error is a
// refusal, showError also audits it.
func (s *Server) showError(w http.ResponseWriter, r *http.Request, err error) {
	v := visitOf(r)
	v.err = err
	var e *meeting.Error
	if !errors.As(err, &e) {
		e = cmp.Or(store.Failure(err), &meeting.Error{Code: meeting.Internal, Key: meeting.ReasonInternal, Err: err})
	}
	if e.Key == meeting.ReasonBodySlow { // net/http has cancelled the context, but the client is still there
		r = r.WithContext(context.WithoutCancel(r.Context()))
	}
	s.auditRefusal(r, e)
	gone := r.Context()
	if gone.Err() != nil {
		return // the client has disconnected
	}
	r = r.WithContext(context.WithoutCancel(gone)) // a form that does not arrive in time cancels the context, but its sender still needs a response
	s.askToWait(w, e)
	e = s.localized(r, e)
	status := statusOf(e)
	data := views.ErrorData{
		Status: status, Title: v.text.ErrorTitle(e), Sentence: v.text.Error(e), Advice: v.text.ErrorAdvice(e), RequestID: v.id,
	}
	if !isRead(r) && s.keepTyped(w, r, e, data) {
		return
	}
	if join, ok := e.Args["JoinURL"].(string); ok {
		data.JoinURL = join
	}
	if e.Code == meeting.Unauthorized || strings.HasPrefix(string(e.Key), "signin.") {
		data.SignIn = s.signInPath(cmp.Or(v.returnTo, paths.Home), "")
		data.KeepOpen = e.Key == meeting.ReasonSignInLarge || e.Key == meeting.ReasonSignInLong
	}
	if err := s.render(w, r, status, views.Error(s.page(r, data.Title), data)); err != nil && gone.Err() == nil {
		s.Log.ErrorContext(r.Context(), "error page", "error", err)
		http.Error(w, v.id, http.StatusInternalServerError)
	}
}

func (s *Server) askToWait(w http.ResponseWriter, e *meeting.Error) {
	if until, ok := e.Args["Until"].(time.Time); ok {
		s.setRetryAfter(w, until)
	} else if wait := retryAfter[e.Key]; wait != 0 {
		s.setRetryAfter(w, s.Now().Add(wait))
	}
}

func (s *Server) setRetryAfter(w http.ResponseWriter, until time.Time) {
	seconds := math.Ceil(until.Sub(s.Now()).Seconds())
	w.Header().Set("Retry-After", strconv.Itoa(max(int(seconds), 1)))
}

// localized returns the error with its time, if any, formatted for the person's time zone
// and language.
func (s *Server) localized(r *http.Request, e *meeting.Error) *meeting.Error {
	until, ok := e.Args["Until"].(time.Time)
	if !ok {
		return e
	}
	v, zone := visitOf(r), time.UTC
	if v.session != nil {
		zone = zoneOf(v.session.User.TimeZone)
	}
	localized := *e
	localized.Args = maps.Clone(e.Args)
	localized.Args["Until"] = v.text.NotBefore(until, s.Now(), zone)
	return &localized
}
