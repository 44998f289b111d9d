package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

// fault is an injected failure, encoded for the emulator's control API.
type fault struct {
	Route   string            `json:"route"`
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Apply   bool              `json:"apply,omitempty"`
	Drop    bool              `json:"drop,omitempty"`
	CutBody bool              `json:"cutBody,omitempty"`
	Delay   int64             `json:"delay,omitempty"` // milliseconds
}

// routesToFail lists the routes on which requests can fail. The choice is random, and a
// duplicate entry doubles a route's probability.
var routesToFail = []string{
	"POST /me/onlineMeetings/createOrGet", "POST /me/onlineMeetings/createOrGet", "POST /users/{user}/onlineMeetings/createOrGet",
	"PATCH /me/onlineMeetings/{id}", "PATCH /me/onlineMeetings/{id}", "PATCH /users/{user}/onlineMeetings/{id}",
	"GET /me/onlineMeetings/{id}", "DELETE /me/onlineMeetings/{id}", "DELETE /me/onlineMeetings/{id}", "POST /token",
}

// randomFaults returns random failures for a round. Responses are rarely delayed long enough
// for the desk to show the waiting page.
func randomFaults(rng *rand.Rand) (list []fault) {
	for range 2 + rng.IntN(8) {
		f := fault{Route: routesToFail[rng.IntN(len(routesToFail))]}
		switch rng.IntN(12) {
		case 0, 1, 2:
			f.Apply, f.Drop = true, true
		case 3:
			f.Apply, f.Status = true, http.StatusInternalServerError
		case 4:
			f.Apply, f.CutBody = true, true
		case 5:
			f.Drop = true
		case 6:
			f.Status = http.StatusServiceUnavailable
		case 7, 8:
			f.Apply, f.Delay = true, int64(100+rng.IntN(600))
		case 9:
			f.Status, f.Headers = http.StatusTooManyRequests, map[string]string{"Retry-After": "1"}
		case 10:
			f.Status = http.StatusUnauthorized
		case 11:
			f.Apply, f.Delay = true, int64(rng.IntN(10)/9*3300+200)
		}
		if strings.HasPrefix(f.Route, "POST /token") && f.Status == http.StatusUnauthorized {
			f.Status = http.StatusServiceUnavailable
		}
		list = append(list, f)
	}
	return list
}

func (s *site) configure(ctx context.Context) error {
	if err := s.control(ctx, http.MethodPut, "latency", map[string]any{"milliseconds": s.latency.Milliseconds()}, nil); err != nil {
		return err
	}
	if err := s.control(ctx, http.MethodPut, "switches", s.switches, nil); err != nil {
		return err
	}
	if err := s.control(ctx, http.MethodDelete, "failures", nil, nil); err != nil {
		return err
	}
	for _, f := range s.pendingFaults {
		if err := s.control(ctx, http.MethodPost, "failures", f, nil); err != nil {
			return err
		}
	}
	return nil
}

// calm removes all latency and pending failures, and turns off all switches.
func (s *site) calm(ctx context.Context) error {
	s.latency, s.pendingFaults, s.switches = 0, nil, map[string]any{}
	return s.configure(ctx)
}

// atMicrosoft is a meeting in the emulator.
type atMicrosoft struct {
	ID         string `json:"id"`
	ExternalID string `json:"externalId"`
	Organizer  string `json:"organizer"` // object ID
	Removed    bool   `json:"removed"`
	Meeting    struct {
		Subject    string    `json:"subject"`
		Start      time.Time `json:"startDateTime"`
		End        time.Time `json:"endDateTime"`
		JoinWebURL string    `json:"joinWebUrl"`
		Lobby      struct {
			Scope string `json:"scope"`
		} `json:"lobbyBypassSettings"`
		Presenters   string `json:"allowedPresenters"`
		Announce     bool   `json:"isEntryExitAnnounced"`
		Record       bool   `json:"recordAutomatically"`
		Participants struct {
			Attendees []struct {
				UPN  string `json:"upn"`
				Role string `json:"role"`
			} `json:"attendees"`
		} `json:"participants"`
	} `json:"onlineMeeting"`
}

func (m atMicrosoft) values() values {
	var list []string
	for _, a := range m.Meeting.Participants.Attendees {
		list = append(list, invited(a.UPN, a.Role))
	}
	return values{
		subject: m.Meeting.Subject, times: span(m.Meeting.Start, m.Meeting.End), people: sorted(list), "lobby": m.Meeting.Lobby.Scope,
		presenters: m.Meeting.Presenters, "announce": onOff(m.Meeting.Announce), "record": onOff(m.Meeting.Record),
	}
}

func onOff(on bool) string {
	if on {
		return meeting.On
	}
	return meeting.Off
}

// meetings returns all meetings in the emulator, including removed ones.
func (s *site) meetings(ctx context.Context) (list []atMicrosoft, err error) {
	return list, s.control(ctx, http.MethodGet, "meetings", nil, &list)
}

func (s *site) control(ctx context.Context, method, path string, body, v any) error {
	return s.send(ctx, method, "/emulator/control/"+path, "", body, v)
}

// createOutside creates a meeting directly in the emulator and returns its join link.
func (s *site) createOutside(ctx context.Context, organizer, externalID, subject string) (join string, err error) {
	if s.tokenForApplication == "" {
		var token struct {
			Access string `json:"access_token"`
		}
		err := s.send(ctx, http.MethodPost, "/"+emulator.DefaultTenant+"/oauth2/v2.0/token", "", url.Values{
			"grant_type": {"client_credentials"}, "client_id": {emulator.DefaultAppClientID}, "client_secret": {s.app},
			"scope": {"https://graph.microsoft.com/.default"},
		}, &token)
		if err != nil {
			return "", err
		}
		s.tokenForApplication = token.Access
	}
	start := time.Now().UTC().AddDate(0, 0, 2).Truncate(time.Hour)
	var made struct{ JoinWebURL string }
	err = s.send(ctx, http.MethodPost, "/v1.0/users/"+organizer+"/onlineMeetings/createOrGet", s.tokenForApplication, map[string]any{
		"externalId": externalID, "subject": subject,
		"startDateTime": start.Format(time.RFC3339), "endDateTime": start.Add(time.Hour).Format(time.RFC3339),
	}, &made)
	return made.JoinWebURL, err
}

func (s *site) send(ctx context.Context, method, path, token string, body, v any) error {
	text, kind := []byte(nil), "application/json"
	if fields, ok := body.(url.Values); ok {
		text, kind = []byte(fields.Encode()), "application/x-www-form-urlencoded"
	} else if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+s.emAddr+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", kind)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s\n%s", method, path, resp.Status, got)
	}
	if v != nil {
		return json.Unmarshal(got, v)
	}
	return nil
}
