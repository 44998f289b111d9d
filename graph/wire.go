package graph

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"meetdesk/exactjson"
	"meetdesk/meeting"
)

// asText is a time as Graph wants it: UTC with Z, milliseconds where there are any.
const timeFormat = "2006-01-02T15:04:05.999Z07:00"

// wireMeeting is the part of Graph's onlineMeeting that the desk reads. The type
// is open: whatever else comes is kept in Reply.Raw. Times are text here, so
// that one that cannot be read does not spoil the rest.
type wireMeeting struct {
	ID                    string            `json:"id"`
	ExternalID            string            `json:"externalId"`
	Subject               string            `json:"subject"`
	Start                 string            `json:"startDateTime"`
	End                   string            `json:"endDateTime"`
	Created               string            `json:"creationDateTime"`
	Expires               string            `json:"expiryDateTime"`
	JoinWebURL            string            `json:"joinWebUrl"`
	MeetingOptionsWebURL  string            `json:"meetingOptionsWebUrl"`
	VideoTeleconferenceID string            `json:"videoTeleconferenceId"`
	AllowedPresenters     string            `json:"allowedPresenters"`
	IsEntryExitAnnounced  wireBool          `json:"isEntryExitAnnounced"`
	RecordAutomatically   wireBool          `json:"recordAutomatically"`
	Participants          *wireParticipants `json:"participants"`
	JoinMeetingIDSettings struct {
		JoinMeetingID string `json:"joinMeetingId"`
		Passcode      string `json:"passcode"`
	} `json:"joinMeetingIdSettings"`
	AudioConferencing struct {
		ConferenceID   string `json:"conferenceId"`
		TollNumber     string `json:"tollNumber"`
		TollFreeNumber string `json:"tollFreeNumber"`
		DialInURL      string `json:"dialinUrl"`
	} `json:"audioConferencing"`
	ChatInfo struct {
		ThreadID string `json:"threadId"`
	} `json:"chatInfo"`
	LobbyBypassSettings struct {
		Scope string `json:"scope"`
	} `json:"lobbyBypassSettings"`
}

var errNoMeeting = errors.New("the reply is not a meeting with an id")

// ParseReply reads a meeting as Graph sent it, now or on an earlier day. A
// property of an unexpected type is left out: the meeting exists all the same,
// and Raw has it. Only what is no JSON object with a text id is an error.
func ParseReply(raw []byte) (meeting.Reply, error) {
	var w wireMeeting
	if err := exactjson.Unmarshal(raw, &w); err != nil && !exactjson.IsType(err) {
		return meeting.Reply{}, err
	}
	if strings.TrimSpace(w.ID) == "" {
		return meeting.Reply{}, errNoMeeting
	}
	return meeting.Reply{Raw: raw, Details: w.details(), Lacks: missingProperties(raw)}, nil
}

// lacks names the properties that the document leaves out: for them it says
// nothing, while null says that there is none.
func missingProperties(raw []byte) (names []string) {
	var there map[string]json.RawMessage
	if json.Unmarshal(raw, &there) != nil {
		return nil
	}
	for _, name := range []string{"subject", "participants", "joinMeetingIdSettings", "audioConferencing"} {
		if _, ok := there[name]; !ok {
			names = append(names, name)
		}
	}
	return names
}

func (w wireMeeting) details() meeting.Details {
	return meeting.Details{
		GraphID:        w.ID,
		ExternalID:     w.ExternalID,
		OrganizerID:    w.Participants.organizerID(),
		Subject:        oneLine(w.Subject, maxText),
		Start:          parseTime(w.Start),
		End:            parseTime(w.End),
		JoinURL:        webURL(w.JoinWebURL),
		JoinMeetingID:  oneLine(strings.Join(strings.Fields(w.JoinMeetingIDSettings.JoinMeetingID), ""), maxCode),
		Passcode:       oneLine(w.JoinMeetingIDSettings.Passcode, maxCode),
		ConferenceID:   oneLine(w.AudioConferencing.ConferenceID, maxCode),
		TollNumber:     oneLine(w.AudioConferencing.TollNumber, maxCode),
		TollFreeNumber: oneLine(w.AudioConferencing.TollFreeNumber, maxCode),
		DialInURL:      webURL(w.AudioConferencing.DialInURL),
		ThreadID:       oneLine(w.ChatInfo.ThreadID, maxCode),
		VideoID:        oneLine(w.VideoTeleconferenceID, maxCode),
		OptionsURL:     webURL(w.MeetingOptionsWebURL),
		Options:        w.options(),
		GraphCreated:   parseTime(w.Created),
		Expires:        parseTime(w.Expires),
		Attendees:      w.Participants.attendees(),
	}
}

// options returns the settings as the desk names them; what the reply leaves
// out, or says null of, is not known.
func (w wireMeeting) options() meeting.Options {
	return meeting.Options{
		Lobby:      oneLine(w.LobbyBypassSettings.Scope, maxCode),
		Presenters: oneLine(w.AllowedPresenters, maxCode),
		Announce:   string(w.IsEntryExitAnnounced),
		Record:     string(w.RecordAutomatically),
	}
}

// wireSwitch is true or false as meeting.On or meeting.Off. Anything else is "":
// a *bool would be false for a text.
type wireBool string

// UnmarshalJSON reads any value.
func (s *wireBool) UnmarshalJSON(b []byte) error {
	*s = map[string]wireBool{"true": meeting.On, "false": meeting.Off}[string(b)]
	return nil
}

// instant returns the time in UTC, zero where there is none: Graph writes
// 0001-01-01 for a date that it does not have.
func parseTime(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || t.UTC().Year() <= 1 {
		return time.Time{}
	}
	return t.UTC()
}

// webURL returns the address if a page may link to it, otherwise "".
func webURL(text string) string {
	u, err := url.Parse(text)
	if err != nil || len(text) > maxURL || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return ""
	}
	return text
}
