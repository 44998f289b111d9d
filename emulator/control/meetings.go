package control

import (
	"errors"
	"maps"
	"net/http"
	"regexp"
	"time"

	"meetdesk/emulator/tenant"
)

// requestView is the JSON form of a tenant.Request, without the caller's tokens.
type requestView struct {
	At     time.Time           `json:"at"`
	Method string              `json:"method"`
	Path   string              `json:"path"`
	Query  string              `json:"query,omitempty"`
	Header map[string][]string `json:"headers"`
	Body   string              `json:"body,omitempty"`
}

// bearerToken matches a token in a request body. The body of a batch may contain a token
// for each of its requests.
var bearerToken = regexp.MustCompile(`(?i)\bbearer\s+[A-Za-z0-9._~+/=-]+`)

func (s *Server) listRequests(*http.Request) (any, error) {
	list := []requestView{}
	for _, r := range s.tenant.Requests() {
		if r.Header.Get("Authorization") != "" {
			r.Header = r.Header.Clone()
			r.Header.Set("Authorization", "hidden")
		}
		body := bearerToken.ReplaceAllString(string(r.Body), "Bearer hidden")
		list = append(list, requestView{At: r.At, Method: r.Method, Path: r.Path, Query: r.Query, Header: r.Header, Body: body})
	}
	return list, nil
}

type meetingView struct {
	ID         string          `json:"id"`
	ExternalID string          `json:"externalId"`
	Organizer  string          `json:"organizer"` // object ID
	Removed    bool            `json:"removed"`
	Meeting    tenant.Document `json:"onlineMeeting"`
}

// listMeetings returns all meetings, including removed ones.
func (s *Server) listMeetings(*http.Request) (any, error) {
	list := []meetingView{}
	for _, m := range s.tenant.Records.All() {
		list = append(list, meetingView{ID: m.ID, ExternalID: m.Key.ExternalID, Organizer: m.Key.Organizer, Removed: m.Removed, Meeting: m.Document})
	}
	return list, nil
}

// changeMeeting sets the properties that the body contains and leaves the others
// unchanged. It returns the changed onlineMeeting.
func (s *Server) changeMeeting(r *http.Request) (any, error) {
	var body map[string]any
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if _, given := body["id"]; given || len(body) == 0 {
		return nil, badRequest("The body names properties of the onlineMeeting other than its id.")
	}
	m, err := s.tenant.Records.UpdateMeeting(r.PathValue("id"), func(m *tenant.Meeting) error {
		maps.Copy(m.Document, body)
		return nil
	})
	if errors.Is(err, tenant.ErrNoMeeting) {
		return nil, noMeeting(r)
	}
	return m.Document, err
}

func (s *Server) removeMeeting(r *http.Request) (any, error) {
	if err := s.tenant.Records.RemoveMeeting(r.PathValue("id")); err != nil {
		return nil, noMeeting(r)
	}
	return s.listMeetings(r)
}

// visitMeeting restores a removed meeting, as opening its join link does.
func (s *Server) visitMeeting(r *http.Request) (any, error) {
	if restored, err := s.tenant.Records.RestoreMeeting(r.PathValue("id")); err != nil || !restored {
		return nil, noMeeting(r)
	}
	return s.listMeetings(r)
}

func noMeeting(r *http.Request) requestError {
	return requestError{status: http.StatusNotFound, Text: "There is no meeting " + r.PathValue("id") + " to do that with."}
}
