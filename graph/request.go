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
	Lobby        *wireLobby        `json:"lobbyBypassSettings,omitempty"`
	Presenters   string            `json:"allowedPresenters,omitempty"`
	Announce     *bool             `json:"isEntryExitAnnounced,omitempty"`
	Record       *bool             `json:"recordAutomatically,omitempty"`
}

type wireLobby struct {
	Scope string `json:"scope"`
}

// wireChat names the channel in which a meeting is.
type wireChat struct {
	ThreadID string `json:"threadId"`
}

// createBody leaves out what was not filled in, so that Graph's defaults hold.
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

// updateBody names what changes and nothing else (Graph: onlineMeeting update). A
// blank subject is cleared, an empty list of attendees removes all.
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

// flag returns the value of an option that is a switch, nil where it stays.
func boolOption(value string) *bool {
	if value == "" {
		return nil
	}
	on := value == meeting.On
	return &on
}

// query returns the pairs as a query, "?" included. Graph's names begin with a
// plain $, and a blank is %20: not every server takes + for one.
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
	if err != nil { // plain strings and structs always encode
		panic(fmt.Sprintf("graph: encode request: %v", err))
	}
	return b
}
