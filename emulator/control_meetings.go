package emulator

import (
	"errors"
	"maps"
	"net/http"
	"regexp"
	"time"
)

// requestView is a Request without what its sender could be impersonated with.
type requestView struct {
	At     time.Time           `json:"at"`
	Method string              `json:"method"`
	Path   string              `json:"path"`
	Query  string              `json:"query,omitempty"`
	Header map[string][]string `json:"headers"`
	Body   string              `json:"body,omitempty"`
}

// bearerToken finds tokens where parts of a batch carry their own.
var bearerToken = regexp.MustCompile(`(?i)\bbearer\s+[A-Za-z0-9._~+/=-]+`)

func (e *Emulator) controlRequests(*http.Request) (any, error) {
	list := []requestView{}
	for _, r := range e.Requests() {
		if r.Header.Get("Authorization") != "" {
			r.Header = r.Header.Clone()
			r.Header.Set("Authorization", "hidden")
		}
		body := bearerToken.ReplaceAllString(string(r.Body), "Bearer hidden")
		list = append(list, requestView{At: r.At, Method: r.Method, Path: r.Path, Query: r.Query, Header: r.Header, Body: body})
	}
	return list, nil
}

// meetingView is a meeting, removed or not.
type meetingView struct {
	ID         string   `json:"id"`
	ExternalID string   `json:"externalId"`
	Organizer  string   `json:"organizer"` // object ID
	Removed    bool     `json:"removed"`
	Meeting    document `json:"onlineMeeting"`
}

func (e *Emulator) controlMeetings(*http.Request) (any, error) {
	e.state.mu.Lock()
	defer e.state.mu.Unlock()
	list := []meetingView{}
	for _, m := range e.state.listed() { // a meeting's document never changes in place
		list = append(list, meetingView{ID: m.ID, ExternalID: m.Key.ExternalID, Organizer: m.Key.Organizer, Removed: m.Removed, Meeting: m.Document})
	}
	return list, nil
}

// controlChange is ChangeMeeting: it replaces the properties in the body.
func (e *Emulator) controlChange(r *http.Request) (any, error) {
	var body map[string]any
	if err := decodeControl(r, &body); err != nil {
		return nil, err
	}
	if _, given := body["id"]; given || len(body) == 0 {
		return nil, badControl("The body names properties of the onlineMeeting other than its id.")
	}
	m, err := e.state.changeMeeting(r.PathValue("id"), func(m *meeting) error {
		maps.Copy(m.Document, body)
		return nil
	})
	var unknown graphError
	if errors.As(err, &unknown) {
		return nil, noMeeting(r)
	}
	return m.Document, err
}

func (e *Emulator) controlRemove(r *http.Request) (any, error) {
	if !e.RemoveMeeting(r.PathValue("id")) {
		return nil, noMeeting(r)
	}
	return e.controlMeetings(r)
}

func (e *Emulator) controlVisit(r *http.Request) (any, error) {
	if !e.VisitRemoved(r.PathValue("id")) {
		return nil, noMeeting(r)
	}
	return e.controlMeetings(r)
}

func noMeeting(r *http.Request) controlError {
	return controlError{status: http.StatusNotFound, Text: "There is no meeting " + r.PathValue("id") + " to do that with."}
}
