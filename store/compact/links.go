package compact

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"meetdesk/meeting"
)

// Row contains the values of a meeting's row that also occur in the meeting's links.
type Row struct{ TenantID, OrganizerID, ThreadID, JoinMeetingID, ConferenceID string }

// RowOf returns the Row for a meeting with the organizer o and the details d.
func RowOf(o meeting.User, d *meeting.Details) Row {
	return Row{o.TenantID, o.ObjectID, d.ThreadID, d.JoinMeetingID, d.ConferenceID}
}

// Shorten replaces the links, the Graph ID and the option values in d with their stored
// forms.
func Shorten(o meeting.User, d *meeting.Details) {
	row := RowOf(o, d)
	for _, link := range []*string{&d.JoinURL, &d.OptionsURL, &d.DialInURL} {
		*link = row.Link(*link)
	}
	d.GraphID = row.GraphID(d.GraphID)
	d.Options.Presenters, d.Options.Lobby = shortOption(d.Options.Presenters), shortOption(d.Options.Lobby)
}

// Lengthen undoes Shorten.
func Lengthen(o meeting.User, d *meeting.Details) {
	row := RowOf(o, d)
	for _, link := range []*string{&d.JoinURL, &d.OptionsURL, &d.DialInURL} {
		*link = row.FullLink(*link)
	}
	d.GraphID = row.FullGraphID(d.GraphID)
	d.Options.Presenters, d.Options.Lobby = FullOption(d.Options.Presenters), FullOption(d.Options.Lobby)
}

// constants are strings that occur in many of Microsoft's links. In a stored link, each is
// replaced by the character '0' plus its index, in braces. The constants must never
// change, because stored links depend on them.
var constants = [...]string{
	"https://teams.microsoft.com/l/meetup-join/",
	"?context=%7b%22Tid%22%3a%22",
	"%22%2c%22Oid%22%3a%22",
	"%22%7d",
	"?context=%7B%22Tid%22%3A%22",
	"%22%2C%22Oid%22%3A%22",
	"%22%7D",
	"https://teams.microsoft.com/meetingOptions/?",
	"language=en-US",
	"language=pt-BR",
	"messageId=0",
	"organizerId=",
	"tenantId=",
	"threadId=",
	"https://dialin.teams.microsoft.com/",
	"https://teams.microsoft.com/meet/",
}

// shapes are the most common short forms of links. For a link that has one of these
// forms, only shapeMark and the character '0' plus the index are stored. Entries must
// never change; add new ones at the end.
var shapes = [...]string{
	"{0}{h}/0{1}{t}{2}{o}{3}",
	"{0}{H}/0{4}{t}{5}{o}{6}",
	"{7}{8}&{:}&{;}{o}&{<}{t}&{=}{h}",
	"{7}{8}&{:}&{;}{o}&{<}{t}&{=}{H}",
	"{7}{9}&{:}&{;}{o}&{<}{t}&{=}{h}",
	"{7}{9}&{:}&{;}{o}&{<}{t}&{=}{H}",
	"{7}{;}{o}&{<}{t}&{=}{u}&{:}&{8}",
	"{7}{;}{o}&{<}{t}&{=}{u}&{:}&{9}",
	"{>}{t}?id={c}",
}

// shapeMark begins a stored link that has one of the shapes.
const shapeMark = "{*"

// values returns the values that a link may contain and the letters that replace them in
// stored links.
func (r Row) values() []struct{ letter, text string } {
	escaped := url.QueryEscape(r.ThreadID)
	return []struct{ letter, text string }{
		{"h", lowerEscapes(escaped)}, {"H", escaped}, {"r", r.ThreadID}, {"u", strings.Replace(r.ThreadID, ":", "_", 1)},
		{"t", r.TenantID}, {"o", r.OrganizerID}, {"m", r.JoinMeetingID}, {"c", r.ConferenceID},
	}
}

// minValue is the length of the shortest value that a letter replaces.
const minValue = 6

// Link returns the stored form of a link. This form begins with a brace if the link was
// shortened or itself begins with a brace. Other links are stored unchanged.
func (r Row) Link(link string) string {
	pairs := []string{"{", "{{"}
	for i, text := range constants {
		pairs = append(pairs, text, "{"+string(rune('0'+i))+"}")
	}
	for _, v := range r.values() {
		if len(v.text) >= minValue {
			pairs = append(pairs, v.text, "{"+v.letter+"}")
		}
	}
	short := strings.NewReplacer(pairs...).Replace(link)
	if i := slices.Index(shapes[:], short); i >= 0 {
		short = shapeMark + string(rune('0'+i))
	}
	if strings.HasPrefix(short, "{") && (len(short) < len(link) || link[0] == '{') && r.FullLink(short) == link {
		return short
	}
	return link
}

// FullLink undoes Link.
func (r Row) FullLink(stored string) string {
	if !strings.HasPrefix(stored, "{") {
		return stored
	}
	if code, ok := strings.CutPrefix(stored, shapeMark); ok && len(code) == 1 {
		if i := int(code[0]) - '0'; i >= 0 && i < len(shapes) {
			stored = shapes[i]
		}
	}
	var full strings.Builder
	full.Grow(256)
	for stored != "" {
		text, rest, found := strings.Cut(stored, "{")
		full.WriteString(text)
		if !found {
			break
		}
		if strings.HasPrefix(rest, "{") {
			full.WriteByte('{')
			stored = rest[1:]
			continue
		}
		code, rest, _ := strings.Cut(rest, "}")
		full.WriteString(r.part(code))
		stored = rest
	}
	return full.String()
}

// part returns the text for a code in a stored link, or "" if the code is unknown.
func (r Row) part(code string) string {
	if len(code) != 1 {
		return ""
	}
	if i := int(code[0]) - '0'; i >= 0 && i < len(constants) {
		return constants[i]
	}
	switch code {
	case "h":
		return lowerEscapes(url.QueryEscape(r.ThreadID))
	case "H":
		return url.QueryEscape(r.ThreadID)
	case "r":
		return r.ThreadID
	case "u":
		return strings.Replace(r.ThreadID, ":", "_", 1)
	case "t":
		return r.TenantID
	case "o":
		return r.OrganizerID
	case "m":
		return r.JoinMeetingID
	case "c":
		return r.ConferenceID
	}
	return ""
}

// lowerEscapes converts the letters in percent escapes to lower case, as Teams writes
// them.
func lowerEscapes(escaped string) string {
	lower := []byte(escaped)
	for i := range lower {
		if lower[i] == '%' && i+2 < len(lower) {
			copy(lower[i:], bytes.ToLower(lower[i:i+3]))
		}
	}
	return string(lower)
}

// graphIDMark begins a stored Graph ID that contains only the thread's GUID.
const graphIDMark = "{g}"

// plainMark precedes a stored Graph ID that begins with a brace but is not shortened.
const plainMark = "{=}"

// GraphID returns the stored form of the ID. If the ID has the usual form and contains the
// organizer's object ID, only the GUID of the thread is stored.
func (r Row) GraphID(id string) string {
	if short := ShortGraphID(id); r.FullGraphID(short) == id {
		return short
	}
	return id
}

// ShortGraphID returns the short form of the ID. Rows contain this form only if the ID
// contains the organizer's object ID, so a search must look for both forms.
func ShortGraphID(id string) string {
	if strings.HasPrefix(id, "{") {
		return plainMark + id
	}
	if len(id) != meetingLength {
		return id
	}
	_, thread, ok := readMeeting([]byte(id))
	if !ok {
		return id
	}
	return graphIDMark + base64.RawURLEncoding.EncodeToString(thread[:])
}

// FullGraphID undoes GraphID.
func (r Row) FullGraphID(stored string) string {
	if plain, ok := strings.CutPrefix(stored, plainMark); ok {
		return plain
	}
	short, ok := strings.CutPrefix(stored, graphIDMark)
	if !ok {
		return stored
	}
	var thread [16]byte
	organizer, isGUID := readGUID([]byte(r.OrganizerID))
	n, err := base64.RawURLEncoding.Decode(thread[:], []byte(short))
	if err != nil || n != len(thread) || !isGUID || len(r.OrganizerID) != guidLength {
		return stored
	}
	return string(appendID(nil, markMeeting, organizer, thread))
}
