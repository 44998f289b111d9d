package meeting

import "time"

// Purge specifies the records that retention removes. A zero time removes nothing.
type Purge struct {
	// MeetingsBefore removes meetings that ended and were last changed before this time. It
	// also removes imports that ended before this time, or were uploaded before it and never
	// started.
	MeetingsBefore time.Time

	AuditBefore time.Time // removes audit entries that were written before this time
}

// PurgePlan describes what a purge would remove now.
type PurgePlan struct {
	Purge
	Meetings, Entries      int       // the numbers of meetings and audit entries that would be removed
	Imports                int       // the number of imports that would be removed
	Oldest, Newest         time.Time // the time span of the meetings to remove, by their end or last change, whichever is later
	OldestEntry            time.Time
	KeptMeetings, KeptOpen int // the number of meetings to keep, and how many of them only because of an unsettled attempt
	KeptEntries            int
}

// Any reports whether the purge would remove anything now.
func (p PurgePlan) Any() bool { return p.Meetings+p.Imports+p.Entries > 0 }

// RetentionRule specifies for how many months meetings and audit entries are kept. 0
// keeps them forever.
type RetentionRule struct{ Meetings, Audit int }

// RetentionTask is a purge or an erasure that is running or has ended.
type RetentionTask struct {
	ID        int64
	Erases    bool // whether the task erases a person instead of removing old records
	By        User // the ID is 0 if the retention rule started the task
	Purge     Purge
	Name      string // the name that replaces an erased person's name
	Meetings  int    // the number of meetings that the task has removed or changed so far
	Entries   int
	Read      int // the percentage of the records that a running erasure has read
	CreatedAt time.Time
	DoneAt    time.Time // zero while the task runs
}

// ErasePlan counts the records in which a person appears.
type ErasePlan struct {
	Person                                       User // the ID is 0 if the person was only invited
	Organizes, Attends, Sessions, Notes, Entries int
	Texts                                        int  // the number of records that contain the person's name, address or ID
	TextsAll                                     bool // if false, the search ran out of time and Texts may be too low
	Upcoming                                     int  // the number of the person's own live meetings that have not ended
}
