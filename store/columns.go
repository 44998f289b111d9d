package store

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/compact"
)

// column pairs a table column with the Go value that is read from it or written to it. The
// value is a pointer or one of the types below.
type column struct {
	name  string
	value any
}

// columns lists columns of a table in the order used by a statement.
type columns []column

// of returns the column names for a SELECT from a table with the given alias.
func (c columns) of(alias string) string {
	names := make([]string, len(c))
	for i := range c {
		names[i] = alias + "." + c[i].name
	}
	return strings.Join(names, ", ")
}

func (c columns) changedFrom(before columns) (changed columns, err error) {
	for i := range c {
		value, err := driver.DefaultParameterConverter.ConvertValue(c[i].value)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c[i].name, err)
		}
		if was, err := driver.DefaultParameterConverter.ConvertValue(before[i].value); err != nil || value != was {
			changed = append(changed, c[i])
		}
	}
	return changed, nil
}

// assignments returns the assignments for an UPDATE. The first placeholder has the given
// number.
func (c columns) assignments(start int) string {
	list := make([]string, len(c))
	for i := range c {
		list[i] = c[i].name + " = $" + strconv.Itoa(start+i)
	}
	return strings.Join(list, ", ")
}

func (c columns) insertInto(table string) string {
	names, places := make([]string, len(c)), make([]string, len(c))
	for i := range c {
		names[i], places[i] = c[i].name, "$"+strconv.Itoa(i+1)
	}
	return "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")"
}

// values returns the values of all columns in the lists, for use as Scan targets or
// statement parameters.
func values(lists ...columns) []any {
	n := 0
	for _, c := range lists {
		n += len(c)
	}
	all := make([]any, 0, n)
	for _, c := range lists {
		for i := range c {
			all = append(all, c[i].value)
		}
	}
	return all
}

// storedTime is a time that is stored as a Unix time in milliseconds. The zero time is
// stored as NULL.
type storedTime struct{ *time.Time }

func (s storedTime) Scan(value any) error {
	ms, ok := value.(int64)
	if !ok && value != nil {
		return fmt.Errorf("time: a %T", value)
	}
	*s.Time = fromMillis(sql.NullInt64{Int64: ms, Valid: ok})
	return nil
}

func (s storedTime) Value() (driver.Value, error) { return millis(*s.Time).Value() }

// storedMicros is a duration that is stored as microseconds.
type storedMicros struct{ *time.Duration }

func (s storedMicros) Scan(value any) error {
	n, ok := value.(int64)
	if !ok {
		return fmt.Errorf("duration: a %T", value)
	}
	*s.Duration = time.Duration(n) * time.Microsecond
	return nil
}

func (s storedMicros) Value() (driver.Value, error) { return s.Microseconds(), nil }

// textOrNull is a string that is stored as NULL if it is empty.
type textOrNull[T ~string] struct{ text *T }

func (s textOrNull[T]) Scan(value any) error {
	text, ok := value.(string)
	if !ok && value != nil {
		return fmt.Errorf("text: a %T", value)
	}
	*s.text = T(text)
	return nil
}

func (s textOrNull[T]) Value() (driver.Value, error) {
	return sql.NullString{String: string(*s.text), Valid: *s.text != ""}.Value()
}

// storedLines is a list of strings that is stored with one string per line.
type storedLines struct{ list *[]string }

func (s storedLines) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("lines: a %T", value)
	}
	*s.list = nil
	if text != "" {
		*s.list = strings.Split(text, "\n")
	}
	return nil
}

func (s storedLines) Value() (driver.Value, error) { return strings.Join(*s.list, "\n"), nil }

// idOrNull is an ID that is stored as NULL if it is 0. The type is only used for reading.
type idOrNull struct{ id *int64 }

func (s idOrNull) Scan(value any) error {
	id, ok := value.(int64)
	if !ok && value != nil {
		return fmt.Errorf("ID: a %T", value)
	}
	*s.id = id
	return nil
}

type storedRole struct{ *meeting.Role }

func (s storedRole) Scan(value any) error {
	name, ok := value.(string)
	if !ok {
		return fmt.Errorf("role: a %T", value)
	}
	*s.Role = meeting.ParseRole(name)
	return nil
}

// storedAsked reads a meeting.Asked from one of two columns. One contains the packed
// form. The other contains JSON if an older version wrote the value or the value cannot
// be packed.
type storedAsked struct {
	asked *meeting.Asked
	known *knownPeople // nil unless the attempts of one meeting are read
}

func (s storedAsked) Scan(value any) (err error) {
	var text []byte
	switch v := value.(type) {
	case nil:
	case string:
		text = []byte(v)
	case []byte:
		if text, err = UnpackAsked(v); err != nil {
			return err
		}
	default:
		return fmt.Errorf("asked: a %T", value)
	}
	if len(text) == 0 {
		return nil
	}
	if s.known == nil {
		return json.Unmarshal(text, s.asked)
	}
	return s.known.decode(text, s.asked)
}

// knownPeople holds the attendees of the most recently read attempt. Most attempts for a
// meeting ask for the same people, whose list is the largest part of the JSON.
type knownPeople struct {
	list []meeting.Attendee
	text []byte // the list as part of the JSON; nil until it is needed
}

const attendeesKey = `"attendees":`

// decode is like json.Unmarshal, but copies the known attendees if the text contains their
// JSON. A subject cannot contain that JSON, because its quotation marks are escaped.
func (k *knownPeople) decode(text []byte, asked *meeting.Asked) error {
	if k.text == nil && len(k.list) > 0 {
		list, err := json.Marshal(k.list)
		if err != nil {
			return err
		}
		k.text = append([]byte(attendeesKey), list...)
	}
	if before, after, ok := bytes.Cut(text, k.text); ok && k.text != nil {
		err := json.Unmarshal(slices.Concat(before, []byte(attendeesKey+"null"), after), asked)
		asked.Attendees = slices.Clone(k.list)
		return err
	}
	err := json.Unmarshal(text, asked)
	*k = knownPeople{list: asked.Attendees}
	return err
}

// storedGUID is a request ID or object ID that is stored in the short form of package
// compact.
type storedGUID struct{ id *string }

func (s storedGUID) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("GUID: a %T", value)
	}
	*s.id = compact.FullGUID(text)
	return nil
}

func (s storedGUID) Value() (driver.Value, error) { return compact.ShortGUID(*s.id), nil }

// storedDate is the Date header of a response. A date in the usual format is stored as "+"
// followed by the number of seconds since the call began. Other values are stored
// unchanged, but preceded by "=" if they begin with one of dateMarks. Older versions stored
// "@" and the Unix time in seconds.
type storedDate struct {
	date  *string
	begun *time.Time // the start of the call, which must be scanned before the date
}

// dateFormat is the usual format of the Date header, the same as http.TimeFormat.
const dateFormat = "Mon, 02 Jan 2006 15:04:05 GMT"

// dateMarks contains the characters with which encoded dates begin.
const dateMarks = "+@="

func (s storedDate) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("date: a %T", value)
	}
	*s.date = text
	if text == "" || !strings.Contains(dateMarks, text[:1]) {
		return nil
	}
	if text[0] == '=' {
		*s.date = text[1:]
		return nil
	}
	seconds, err := strconv.ParseInt(text[1:], 10, 64)
	if err != nil {
		return nil
	}
	if text[0] == '+' {
		seconds += s.begun.Unix()
	}
	*s.date = time.Unix(seconds, 0).UTC().Format(dateFormat)
	return nil
}

func (s storedDate) Value() (driver.Value, error) {
	if at, err := time.Parse(dateFormat, *s.date); err == nil && at.Format(dateFormat) == *s.date {
		return "+" + strconv.FormatInt(at.Unix()-s.begun.Unix(), 10), nil
	}
	if *s.date != "" && strings.Contains(dateMarks, (*s.date)[:1]) {
		return "=" + *s.date, nil
	}
	return *s.date, nil
}
