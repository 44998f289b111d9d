package graph

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"meetdesk/meeting"
)

// wireRequest is the request body for createOrGet and PATCH. Nil and empty fields are omitted.
type wireRequest struct {
	ExternalID   string            `json:"externalId,omitempty"`
	Subject      *string           `json:"subject,omitempty"`
	Start        string            `json:"startDateTime,omitempty"`
	End          string            `json:"endDateTime,omitempty"`
	Participants *wireParticipants `json:"participants,omitempty"`
	ChatInfo     *wireChat         `json:"chatInfo,omitempty"`
	Lobby        *wireLobby        `json:"lobbyBypassSettings,omitempty"`
	Presenters   string            `json:"allowedPresenters,omitempty"`
	Announce     *bool             `json:"isEntryExitAnnounced,omitempty"`
	Record       *bool             `json:"recordAutomatically,omitempty"`
}

type wireLobby struct {
	Scope string `json:"scope"`
}

type wireChat struct {
	ThreadID string `json:"threadId"`
}

// createBody returns the request body for createOrGet. Empty fields are omitted so that
// Graph's defaults apply.
func createBody(asked meeting.Asked) []byte {
	r := wireRequest{ExternalID: asked.ExternalID, Start: formatTime(asked.Start), End: formatTime(asked.End)}
	if strings.TrimSpace(asked.Subject) != "" {
		r.Subject = &asked.Subject
	}
	if len(asked.Attendees) > 0 {
		r.Participants = participants(asked.Attendees, nil)
	}
	if asked.ThreadID != "" {
		r.ChatInfo = &wireChat{asked.ThreadID}
	}
	return encode(r)
}

func updateBody(p Patch) []byte {
	r := wireRequest{Subject: p.Subject, Start: formatTime(p.Start), End: formatTime(p.End), Presenters: p.Options.Presenters}
	if p.People != nil {
		r.Participants = participants(p.People.Attendees, p.People.currentEntries())
	}
	if p.Options.Lobby != "" {
		r.Lobby = &wireLobby{p.Options.Lobby}
	}
	r.Announce, r.Record = boolOption(p.Options.Announce), boolOption(p.Options.Record)
	return encode(r)
}

// boolOption returns the value to send for an on/off option, or nil to leave the option
// unchanged.
func boolOption(value string) *bool {
	if value == "" {
		return nil
	}
	on := value == meeting.On
	return &on
}

// queryString returns a query string that begins with "?". The arguments alternate between
// names and values. Only values are escaped, because names may contain $. A space becomes
// %20, because some servers do not accept +.
func queryString(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(pairs[i] + "=" + strings.ReplaceAll(url.QueryEscape(pairs[i+1]), "+", "%20"))
	}
	return b.String()
}

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeFormat)
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil { // strings, structs and valid JSON can always be encoded
		panic(fmt.Sprintf("graph: encode request: %v", err))
	}
	return b
}
