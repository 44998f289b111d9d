package graph

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"meetdesk/meeting"
)

// wireRequest is the body of createOrGet and of PATCH. What is nil or blank is
// not sent.
type wireRequest struct {
	ExternalID   string            `json:"externalId,omitempty"`
	Subject      *string           `json:"subject,omitempty"`
	Start        string            `json:"startDateTime,omitempty"`
	End          string            `json:"endDateTime,omitempty"`
	Participants *wireParticipants `json:"participants,omitempty"`
	ChatInfo     *wireChat         `json:"chatInfo,omitempty"`
}

// wireChat names the channel in which a meeting is.
type wireChat struct {
	ThreadID string `json:"threadId"`
}

// createBody leaves out what was not filled in, so that Graph's defaults hold.
func createBody(asked meeting.Asked) []byte {
	r := wireRequest{ExternalID: asked.ExternalID, Start: text(asked.Start), End: text(asked.End)}
	if strings.TrimSpace(asked.Subject) != "" {
		r.Subject = &asked.Subject
	}
	if len(asked.Attendees) > 0 {
		r.Participants = participants(asked.Attendees)
	}
	if asked.ThreadID != "" {
		r.ChatInfo = &wireChat{asked.ThreadID}
	}
	return encode(r)
}

// updateBody names everything: a blank subject is cleared, an empty list of
// attendees removes all, unless people are to stay as they are.
func updateBody(asked meeting.Asked) []byte {
	r := wireRequest{Subject: &asked.Subject, Start: text(asked.Start), End: text(asked.End)}
	if !asked.KeepPeople {
		r.Participants = participants(asked.Attendees)
	}
	return encode(r)
}

// optionBody names one property alone.
func optionBody(o meeting.Option, value string) []byte {
	switch o {
	case meeting.OptionLobby:
		return encode(map[string]any{"lobbyBypassSettings": map[string]string{"scope": value}})
	case meeting.OptionPresenters:
		return encode(map[string]any{"allowedPresenters": value})
	case meeting.OptionAnnounce:
		return encode(map[string]any{"isEntryExitAnnounced": value == meeting.On})
	default:
		return encode(map[string]any{"recordAutomatically": value == meeting.On})
	}
}

// query returns the pairs as a query, "?" included. Graph's names begin with a
// plain $, and a blank is %20: not every server takes + for one.
func query(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(pairs[i] + "=" + strings.ReplaceAll(url.QueryEscape(pairs[i+1]), "+", "%20"))
	}
	return b.String()
}

func text(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(asText)
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil { // plain strings and structs always encode
		panic(fmt.Sprintf("graph: encode request: %v", err))
	}
	return b
}
