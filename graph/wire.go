package graph

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"meetdesk/exactjson"
	"meetdesk/meeting"
)

// timeFormat is the format of the times that the desk sends to Graph: UTC with Z and up to
// three decimal places.
const timeFormat = "2006-01-02T15:04:05.999Z07:00"

// wireMeeting contains the properties of Graph's onlineMeeting that the desk reads. Times
// are strings, because an invalid time must not cause the whole document to be rejected.
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
		ConferenceID    string   `json:"conferenceId"`
		TollNumber      string   `json:"tollNumber"`
		TollFreeNumber  string   `json:"tollFreeNumber"`
		TollNumbers     []string `json:"tollNumbers"`
		TollFreeNumbers []string `json:"tollFreeNumbers"`
		DialInURL       string   `json:"dialinUrl"`
	} `json:"audioConferencing"`
	ChatInfo struct {
		ThreadID string `json:"threadId"`
	} `json:"chatInfo"`
	LobbyBypassSettings struct {
		Scope string `json:"scope"`
	} `json:"lobbyBypassSettings"`
}

var errNoMeeting = errors.New("the response is not a meeting with an ID")

// ParseReply parses Graph's JSON for a meeting, which may have been stored years ago. It
// skips properties of an unexpected type; Raw still contains them. It returns an error if
// raw is not a JSON object with an id, if the id is too long, or if the id or the external
// ID contains control characters.
func ParseReply(raw []byte) (meeting.Reply, error) {
	var w wireMeeting
	if err := exactjson.Unmarshal(raw, &w); err != nil && !exactjson.IsType(err) {
		return meeting.Reply{}, err
	}
	if strings.TrimSpace(w.ID) == "" || len(w.ID) > maxText || strings.ContainsFunc(w.ID+w.ExternalID, meeting.IsControl) {
		return meeting.Reply{}, errNoMeeting
	}
	return meeting.Reply{Raw: raw, Details: w.details(), Lacks: missingProperties(raw)}, nil
}

// missingProperties checks four optional properties and returns those that the document
// omits. The value of an omitted property is unknown, whereas null means that there is no
// value.
func missingProperties(raw []byte) (names []string) {
	var present map[string]json.RawMessage
	if json.Unmarshal(raw, &present) != nil {
		return nil
	}
	for _, name := range []string{"subject", "participants", "joinMeetingIdSettings", "audioConferencing"} {
		if _, ok := present[name]; !ok {
			names = append(names, name)
		}
	}
	return names
}

func (w wireMeeting) details() meeting.Details {
	audio := w.AudioConferencing
	toll, tolls := phones(audio.TollNumber, audio.TollNumbers)
	free, frees := phones(audio.TollFreeNumber, audio.TollFreeNumbers)
	return meeting.Details{
		GraphID:        w.ID,
		ExternalID:     w.ExternalID,
		OrganizerID:    w.Participants.organizerID(),
		Subject:        meeting.CutLine(w.Subject, maxText),
		Start:          parseTime(w.Start),
		End:            parseTime(w.End),
		JoinURL:        webURL(w.JoinWebURL),
		JoinMeetingID:  meeting.CutLine(strings.Join(strings.Fields(w.JoinMeetingIDSettings.JoinMeetingID), ""), maxCode),
		Passcode:       meeting.CutLine(w.JoinMeetingIDSettings.Passcode, maxCode),
		ConferenceID:   meeting.CutLine(audio.ConferenceID, maxCode),
		TollNumber:     toll,
		TollFreeNumber: free,
		MoreTolls:      tolls,
		MoreTollFrees:  frees,
		DialInURL:      webURL(audio.DialInURL),
		ThreadID:       meeting.CutLine(w.ChatInfo.ThreadID, maxCode),
		VideoID:        meeting.CutLine(w.VideoTeleconferenceID, maxCode),
		OptionsURL:     webURL(w.MeetingOptionsWebURL),
		Options:        w.options(),
		GraphCreated:   parseTime(w.Created),
		Expires:        parseTime(w.Expires),
		Attendees:      w.Participants.attendees(),
	}
}

// maxPhones is the maximum number of dial-in numbers in addition to the main one. Toll and
// toll-free numbers are counted separately.
const maxPhones = 50

// phones returns the main dial-in number and the others, without duplicates. If the main
// number is empty, the first number in the list takes its place.
func phones(number string, list []string) (first string, more []string) {
	first = strings.TrimSpace(meeting.CutLine(number, maxCode))
	for _, one := range list {
		one = strings.TrimSpace(meeting.CutLine(one, maxCode))
		switch {
		case one == "" || one == first || slices.Contains(more, one) || len(more) == maxPhones:
		case first == "":
			first = one
		default:
			more = append(more, one)
		}
	}
	return first, more
}

// options returns the meeting's options. An option that is missing or null has the value
// "".
func (w wireMeeting) options() meeting.Options {
	return meeting.Options{
		Lobby:      meeting.CutLine(w.LobbyBypassSettings.Scope, maxCode),
		Presenters: meeting.CutLine(w.AllowedPresenters, maxCode),
		Announce:   string(w.IsEntryExitAnnounced),
		Record:     string(w.RecordAutomatically),
	}
}

// wireBool is meeting.On for true, meeting.Off for false, and "" for any other value. A
// *bool would be false for a JSON string, because ParseReply ignores type errors.
type wireBool string

// UnmarshalJSON accepts any value.
func (s *wireBool) UnmarshalJSON(b []byte) error {
	*s = map[string]wireBool{"true": meeting.On, "false": meeting.Off}[string(b)]
	return nil
}

// parseTime returns the time in UTC, or the zero time if the text is empty or invalid. Graph
// writes 0001-01-01 for a missing date.
func parseTime(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || t.UTC().Year() <= 1 {
		return time.Time{}
	}
	return t.UTC()
}

// webURL returns the URL if a page may link to it, otherwise "". It refuses URLs with a
// user name, because people would mistake the name for the host. It also refuses
// characters that change the text direction.
func webURL(text string) string {
	u, err := url.Parse(text)
	if err != nil || len(text) > maxURL || u.Host == "" || u.User != nil || (u.Scheme != "https" && u.Scheme != "http") || strings.ContainsFunc(text, meeting.IsControl) {
		return ""
	}
	return text
}
