package listing

import (
	"context"
	"time"

	"meetdesk/meeting"
	"meetdesk/search"
)

// engine runs the queries of Lists on one database engine. Each method runs one query.
type engine interface {
	Close() error

	// rows returns the next rows of the list in the direction of reading, at most limit of
	// them.
	rows(ctx context.Context, l list, limit int) ([]meeting.Listed, error)
	// candidate returns the n-th candidate of the list. ok is false if the list has fewer
	// than n candidates.
	candidate(ctx context.Context, l list, n int) (m meeting.Listed, ok bool, err error)
	// count returns the number of rows in the list, but at most limit. It examines no more
	// candidates than a page does.
	count(ctx context.Context, l list, limit int) (n int, err error)
	// newestID returns the highest meeting ID, or 0 if there are no meetings.
	newestID(ctx context.Context) (id int64, err error)
	// createdFrom returns the creation time of the first meeting whose ID is the given ID
	// or higher.
	createdFrom(ctx context.Context, id int64) (time.Time, error)
	// hasHandedOver reports whether any meeting was handed over to the person.
	hasHandedOver(ctx context.Context, userID int64) (has bool, err error)
	// attendees returns the attendees for each meeting ID. If KitOnly is set, it leaves out
	// the attendees of meetings that were handed over to the person.
	attendees(ctx context.Context, c Criteria, meetingIDs []int64) (map[int64][]meeting.Attendee, error)

	// conditions returns the conditions that every result of the list's search must meet,
	// and ticketCondition the one for its ticket. Only hasFewerMatches reads them.
	conditions(l list) []string
	ticketCondition(l list) string
	// hasFewerMatches reports whether fewer than n meetings match the condition.
	hasFewerMatches(ctx context.Context, condition string, n int) (fewer bool, err error)
	// hasMatch reports whether any meeting matches the list's search.
	hasMatch(ctx context.Context, l list) (found bool, err error)

	// find runs a single query that covers everything that the input names.
	find(ctx context.Context, l list, input search.Input, tickets []string) ([]Hit, error)
	findByPhone(ctx context.Context, l list, digits string) (hits []Hit, err error)
	// guess returns the meetings with the given ticket number, latest first. It examines at
	// most maxMatches of them.
	guess(ctx context.Context, l list, number string) (found []meeting.Listed, err error)

	// exportList returns the next rows of the list, and whether the read stopped at its
	// limit.
	exportList(ctx context.Context, l list) (part []Exported, isFull bool, err error)
	// exportIDs returns the meetings with the given IDs, in the order of the IDs given.
	// Because one read is limited, the last meetings may be missing.
	exportIDs(ctx context.Context, c Criteria, ids []int64) (part []Exported, err error)

	// audit reads the entries in the order of one index and compares them with the rest of
	// the filter. It stops after limit matches, or after reach entries.
	audit(ctx context.Context, f AuditFilter, after AuditCursor, oldestFirst bool, limit, reach int) (page AuditPage, err error)
}
