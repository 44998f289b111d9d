package meeting

import "time"

// ImportState says whether an import is still a draft, is in progress or has ended.
type ImportState string

// The states of an import.
const (
	ImportDraft     ImportState = "draft" // its rows are being checked and corrected; nothing has been sent
	ImportRunning   ImportState = "running"
	ImportPaused    ImportState = "paused"
	ImportDone      ImportState = "done"
	ImportCancelled ImportState = "cancelled" // the meetings that were already created are kept
)

// Import is a table of meetings to create for one person.
type Import struct {
	ID         int64
	User       User
	GrantID    int64 // the ID of the grant with the person's tokens; 0 unless the import is running or paused
	Title      string
	TimeZone   string // used for rows without a time zone
	State      ImportState
	Reason     Reason // why the import is paused, or who cancelled it
	Unknown    []string
	CreatedAt  time.Time
	StartedAt  time.Time
	EndsAt     time.Time // the desk pauses the import at this time if it is still running
	FinishedAt time.Time
	Counts     ImportCounts
}

// Active reports whether the import may still use the person's tokens.
func (i Import) Active() bool { return i.State == ImportRunning || i.State == ImportPaused }

// ImportCounts counts an import's rows in each state.
type ImportCounts struct {
	Rows, Waiting, Running, Created, Found, Failed, Left int

	InFlight int           // the running rows whose lease has not ended
	Recent   int           // the number of rows that were finished in the period given by Recently
	Recently time.Duration // up to 30 seconds; less if the import or the desk was started, or the import was resumed, within that time
}

// Changes reports whether the counts may still change. They may change while the import is
// running and, once it has stopped, until the rows that were being processed are finished.
func (i Import) Changes() bool { return i.State == ImportRunning || i.Counts.InFlight > 0 }

// Done returns the number of rows that are finished.
func (c ImportCounts) Done() int { return c.Created + c.Found + c.Failed }

// Total returns the number of rows that the import processes.
func (c ImportCounts) Total() int { return c.Rows - c.Left }

// Remaining returns the number of rows that are not finished yet.
func (c ImportCounts) Remaining() int { return c.Waiting + c.Running }

// RowState describes the progress of a row in an import.
type RowState string

// The states of a row.
const (
	RowDraft   RowState = "draft"
	RowWaiting RowState = "waiting" // not sent yet
	RowRunning RowState = "running" // reserved for a worker until the lease ends
	RowCreated RowState = "created"
	RowFound   RowState = "found"
	RowFailed  RowState = "failed"
	RowLeft    RowState = "left" // left out: it had a problem, the person skipped it, or the import was cancelled
)

// Choice determines how to process a row whose ticket already has a meeting.
type Choice string

// The choices.
const (
	ChoiceUse     Choice = "use" // use the existing meeting
	ChoiceSkip    Choice = "skip"
	ChoiceAnother Choice = "another" // create another meeting, with an external ID such as "INC0012345~2"
)

// Choices returns all choices.
func Choices() []Choice { return []Choice{ChoiceUse, ChoiceSkip, ChoiceAnother} }

// ImportRow is a row in an import.
type ImportRow struct {
	ImportID   int64
	Position   int      // the row's position in the import, counted from 1
	Number     int      // the row's number in the file
	Form       string   // the row's form fields, encoded as a query
	Extra      []string // the cells in the columns that Import.Unknown lists
	ExternalID string
	Choice     Choice
	Known      int64 // the ID of a colleague's meeting that the person was shown for the ticket; 0 if none was shown
	State      RowState
	Reason     Reason
	Args       Args
	MeetingID  int64
	Tries      int
	Request    Request // the request to Graph; set when the import starts, and kept until the row has a meeting or is left out
}

// ImportRef identifies a row in an import, such as the row that created a meeting.
type ImportRef struct {
	ID     int64 // the import's ID
	Title  string
	Number int // the row's number in the file
	State  RowState
}

// RowMatch is a live meeting for a row's ticket.
type RowMatch struct {
	Position int
	TicketMeeting
}

// RowAhead is a row in another import that will create a meeting for a ticket that also
// occurs in a draft.
type RowAhead struct {
	ImportRef
	ExternalID string
}

// RowResult is the result of trying to process a row once.
type RowResult struct {
	ImportID  int64
	Position  int
	State     RowState // RowWaiting if the row is to be tried again
	Reason    Reason
	Args      Args
	MeetingID int64
	After     time.Time // when to try the row again
	Counts    bool      // whether this try counts towards the maximum number of tries
}

// RowOutcome is the current state of a row in an import. It omits the requested values
// unless the meeting existed already, because a page lists hundreds of rows.
type RowOutcome struct {
	Number     int // the row's number in the file
	ExternalID string
	State      RowState
	Reason     Reason
	Args       Args
	Form       string        // the row's form fields if the state is RowFound; otherwise ""
	Meeting    TicketMeeting // the meeting as it is now; zero if there is none that the person may see
}
