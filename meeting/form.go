package meeting

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// The names of the form's fields. They are a contract with deep links.
const (
	FieldExternalID = "external_id"
	FieldSubject    = "subject"
	FieldDate       = "date"
	FieldStart      = "start"
	FieldEnd        = "end"
	FieldEndDate    = "end_date"
	FieldDuration   = "duration"
	FieldTimeZone   = "time_zone"
	FieldFold       = "fold"
	FieldAttendees  = "attendees"
	FieldFormID     = "form_id"
	FieldThreadID   = "thread_id"    // of a channel
	FieldOrganizer  = "organizer"    // object ID of whose meeting it is to be; blank for one's own
	FieldPast       = "past"         // "1": although it starts in the past
	FieldAnyway     = "anyway"       // "1": although a colleague has a meeting for the ticket
	FieldEdit       = "edit"         // "1": show the form again and make nothing
	FieldInside     = "inside"       // addresses that the person says are in the directory
	FieldBaseReply  = "base_reply"   // of a change: Graph's reply that the person saw
	FieldJoinURL    = "join_url"     // of a meeting to adopt
	FieldProposed   = "proposed"     // see Form.Proposed
	FieldSignedInAs = "signed_in_as" // in every form: for whom the page was made
)

// Form is a meeting form as a person filled it in, kept so that nothing typed
// is lost when something is wrong with it.
type Form struct {
	ExternalID string
	Subject    string
	Date       string // 2006-01-02
	Start      string // 15:04; blank for now
	End        string // 15:04; blank for Duration, or one hour
	EndDate    string // 2006-01-02 where the meeting ends on another day
	Duration   string // minutes, instead of End
	TimeZone   string // IANA name
	Fold       string // "first" or "second": which of two equal local times
	Attendees  string // one a line
	ThreadID   string // of a channel
	Organizer  string // object ID; blank for the person's own
	Proposed   string // what the desk filled in, as a query of field names and values
	Past       bool   // make it although it starts in the past
	Anyway     bool   // make it although a colleague has one for the ticket
	Inside     string // addresses with a role that the person says are in the directory, with blanks between them
	Options    Options
	FormID     string // makes the attempt once per form
}

// Request reads the form. The request is good for use only when there are no
// problems; now is the present moment.
func (f Form) Request(now time.Time) (Request, Problems) { return f.request(now, nil) }

// request is Request where people are there already; see ParseAttendees.
func (f Form) request(now time.Time, there []Attendee) (Request, Problems) {
	r := Request{
		ExternalID: trim(f.ExternalID),
		Subject:    strings.TrimSpace(f.Subject),
		TimeZone:   strings.TrimSpace(f.TimeZone),
		ThreadID:   trim(f.ThreadID),
		Organizer:  strings.ToLower(PersonQuery(f.Organizer)),
		Options:    f.Options,
		FormID:     f.FormID,
	}
	r.Unasked = f.unasked()
	when := f.times(now, &r)
	var people Problems
	r.Attendees, people = ParseAttendees(f.Attendees, there...)
	people = append(people, r.Options.validateRoles(r.Attendees)...)
	return r, slices.Concat(r.Validate(), when, people)
}

// Change reads the form as a change of a meeting that exists: unlike a new
// one, it must say both times, since Graph moves a meeting by both. Lines of those
// who are there already are good as they are.
func (f Form) Change(now time.Time, there []Attendee) (Request, Problems) {
	r, problems := f.request(now, there)
	r.Unasked = nil // the form shows the meeting as it is: a blank field is a wish
	problems = slices.DeleteFunc(problems, func(p Problem) bool {
		return p.Field == FieldExternalID || p.Key == "presenters.roles" // they are as they are
	})
	if strings.TrimSpace(f.Start) == "" && len(problems.Field(FieldStart)) == 0 {
		problems.add(FieldStart, "start.blank", nil)
	}
	if strings.TrimSpace(f.End) == "" && strings.TrimSpace(f.Duration) == "" {
		problems.add(FieldEnd, "end.blank", nil)
	}
	return r, problems
}

// times reads date, start, end and zone into r; with a problem in any of them
// r has no times.
func (f Form) times(now time.Time, r *Request) (problems Problems) {
	defer func() {
		if problems.Any() {
			r.Start, r.End = time.Time{}, time.Time{}
		}
	}()
	zone, ok := LoadZone(r.TimeZone)
	switch {
	case r.TimeZone == "":
		problems.add(FieldTimeZone, "zone.blank", nil)
	case !ok:
		problems.add(FieldTimeZone, "zone.unknown", Args{"Zone": Shorten(r.TimeZone, 80)})
	}
	date, dateOK := parseDay(FieldDate, f.Date, &problems)
	endDate, endDateOK := parseDay(FieldEndDate, f.EndDate, &problems)
	start, startOK := parseClock(FieldStart, f.Start, &problems)
	end, endOK := parseClock(FieldEnd, f.End, &problems)
	r.Duration = parseDuration(f.Duration, &problems)
	if f.Fold != "" && f.Fold != FoldFirst && f.Fold != FoldSecond {
		problems.add(FieldFold, "fold.unknown", nil)
	}
	if problems.Any() {
		return problems
	}
	switch {
	case startOK && !dateOK:
		problems.add(FieldDate, "date.missing", nil)
	case endOK && !startOK:
		problems.add(FieldEnd, "end.alone", nil)
	case endDateOK && !endOK && r.Duration == 0:
		problems.add(FieldEnd, "end.blank", nil)
	case !startOK && dateOK && date != dayOf(now.In(zone)):
		problems.add(FieldStart, "start.missing", Args{"Date": date.Format(time.DateOnly)})
	}
	if problems.Any() || !startOK {
		return problems
	}
	if !endDateOK {
		endDate = date
	}
	r.Start = f.instant(FieldStart, on(date, start), zone, &problems)
	if endOK {
		r.End = f.instant(FieldEnd, on(endDate, end), zone, &problems)
		if r.End.Before(r.Start) {
			r.End = laterFold(r.End, r.Start, zone)
		}
	}
	return problems
}

// instant turns a local time into UTC, with the form's answer where it exists twice.
func (f Form) instant(field string, wall time.Time, zone *time.Location, problems *Problems) time.Time {
	args := Args{"Time": wall.Format("15:04"), "Date": wall.Format(time.DateOnly), "Zone": zone.String()}
	switch found := Instants(wall, zone); {
	case len(found) == 0:
		problems.add(field, "time.missing", args)
		return time.Time{}
	case len(found) == 1 || f.Fold == FoldFirst:
		return found[0]
	case f.Fold == FoldSecond:
		return found[1]
	default:
		problems.add(field, "time.twice", args)
		return time.Time{}
	}
}

func parseDay(field, text string, problems *Problems) (day time.Time, ok bool) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, false
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 2000 || day.Year() > 2199 {
		problems.add(field, "date.unreadable", Args{"Value": Shorten(text, 40)})
		return time.Time{}, false
	}
	return day, true
}

func parseClock(field, text string, problems *Problems) (clock time.Time, ok bool) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, false
	}
	for _, layout := range []string{"15:04", "15:04:05"} { // browsers add seconds when a step asks for them
		if clock, err := time.Parse(layout, text); err == nil {
			return clock, true
		}
	}
	problems.add(field, "time.unreadable", Args{"Value": Shorten(text, 40)})
	return time.Time{}, false
}

// MaxDuration is the longest meeting: Teams ends one after 24 hours.
const MaxDuration = 24 * time.Hour

func parseDuration(text string, problems *Problems) time.Duration {
	if text = strings.TrimSpace(text); text == "" {
		return 0
	}
	minutes, err := strconv.Atoi(text)
	if err != nil || minutes < 1 || minutes > int(MaxDuration/time.Minute) {
		problems.add(FieldDuration, "duration.unreadable", Args{"Value": Shorten(text, 40)})
		return 0
	}
	return time.Duration(minutes) * time.Minute
}
