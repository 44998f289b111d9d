package graph

import (
	"encoding/json"
	"fmt"
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
	return encode(r)
}

// updateBody names everything: a blank subject is cleared, an empty list of
// attendees removes all.
func updateBody(asked meeting.Asked) []byte {
	return encode(wireRequest{
		Subject: &asked.Subject, Start: text(asked.Start), End: text(asked.End),
		Participants: participants(asked.Attendees),
	})
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
