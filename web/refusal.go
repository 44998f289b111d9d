package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"meetdesk/meeting"
)

// auditRefusal records the error in the audit log if it is a refusal, even if the client
// has disconnected. The desk refuses the request even if the refusal cannot be recorded.
func (s *Server) auditRefusal(r *http.Request, e *meeting.Error) {
	if !isRefusal(e) {
		return
	}
	r = r.WithContext(context.WithoutCancel(r.Context()))
	v := visitOf(r)
	var userID, meetingID int64
	if v.session != nil {
		userID = v.session.User.ID
		meetingID = s.meetingInPath(r)
	}
	_, pattern := s.mux.Handler(r) // not v.route, because a form from another site is refused before its route is known
	detail := strings.TrimSpace(string(e.Key) + " " + pattern)
	if id, err := pathID(r); err == nil && userID != 0 && meetingID == 0 {
		detail += " " + strconv.FormatInt(id, 10)
	}
	if err := s.Store.AuditRefusal(r.Context(), userID, meetingID, detail); err != nil {
		s.Log.ErrorContext(r.Context(), "audit of a refusal", "user", userID, "detail", detail, "error", err)
	}
}

// isRefusal reports whether the error means that access was denied, that there were too many
// requests, or that a sign-in failed. Most "not found" errors count as well, because a meeting
// that the user may not see is reported as not found.
func isRefusal(e *meeting.Error) bool {
	switch statusOf(e) {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		return true
	case http.StatusNotFound:
		return e.Key != meeting.ReasonPageUnknown
	}
	return strings.HasPrefix(string(e.Key), "signin.") && statusOf(e) < 500
}

// isUnrecorded reports whether err means that the audit log could not be written, and logs
// such an error. A page about a user's own meetings then omits the meetings that may be
// shown only if the look-up is audited.
func isUnrecorded(r *http.Request, err error) bool {
	var e *meeting.Error
	if !errors.As(err, &e) || e.Key != meeting.ReasonAuditFailed {
		return false
	}
	visitOf(r).err = err
	return true
}

// meetingInPath returns the ID of the meeting to which the request's path refers, or 0 if
// there is none.
func (s *Server) meetingInPath(r *http.Request) int64 {
	id, err := pathID(r)
	if err != nil {
		return 0
	}
	switch route := visitOf(r).route.Pattern; {
	case strings.Contains(route, " /meetings/{id}"):
		m, err := s.Store.Meeting(r.Context(), id)
		if err == nil {
			return m.ID
		}
	case strings.Contains(route, " /attempts/{id}"):
		a, err := s.Store.Attempt(r.Context(), id)
		if err == nil {
			return a.MeetingID
		}
	}
	return 0
}
