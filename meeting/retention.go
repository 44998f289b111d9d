package meeting

import "time"

// Purge says what retention removes. A zero time removes nothing.
type Purge struct {
	MeetingsBefore time.Time // meetings that ended and were last changed before this
	AuditBefore    time.Time // audit entries that were written before this
}

// PurgePlan says what a purge would remove now.
type PurgePlan struct {
	Purge
	Meetings, Entries      int       // how many are removed
	Oldest, Newest         time.Time // when the first and the last of the meetings ended or were last changed
	OldestEntry            time.Time
	KeptMeetings, KeptOpen int // how many meetings are kept, and how many of these only because of a request that is not settled
	KeptEntries            int
}

// RetentionRule says how many months records are kept. 0 keeps them forever.
type RetentionRule struct{ Meetings, Audit int }

// RetentionTask is a purge or an erasure that is running or has ended.
type RetentionTask struct {
	ID        int64
	Erases    bool // the task erases a person instead of removing old records
	By        User // the ID is 0 if the retention rule started the task
	Purge     Purge
	Name      string // the name that replaces an erased person's name
	Meetings  int    // how many the task has removed or changed so far
	Entries   int
	CreatedAt time.Time
	DoneAt    time.Time // zero while the task runs
}

// ErasePlan says where a person occurs.
type ErasePlan struct {
	Person                                       User // the ID is 0 for somebody who was only invited
	Organizes, Attends, Sessions, Notes, Entries int
	Texts                                        int  // records that contain the person's name, address or ID
	TextsAll                                     bool // all records were searched
	Upcoming                                     int  // meetings of the person that have not ended
}
