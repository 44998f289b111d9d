package meeting

// The names of the fields of the main forms. Each option also has a field, which is named
// after the option. Deep links and form inputs use these names, so they must never change.
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
	FieldThreadID   = "thread_id" // the thread of a channel
	FieldOrganizer  = "organizer" // the object ID of the organizer; empty for the person's own meeting
	FieldRepeat     = "repeat"    // the interval between the meetings of a series
	FieldTimes      = "times"     // the number of meetings in a series
	FieldJoinURL    = "join_url"  // the join link of a meeting to adopt

	FieldPresetName   = "name"   // the name of a preset
	FieldPresetPrefix = "prefix" // the prefix of the tickets that select a preset
)
