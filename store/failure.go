package store

import (
	"meetdesk/meeting"
	"meetdesk/store/postgresdb"
	"meetdesk/store/sqlitedb"
)

// Failure returns the error to show to the user if err means that the database is damaged,
// unreachable or not writable. For any other error, it returns nil.
func Failure(err error) *meeting.Error {
	switch {
	case sqlitedb.IsDamaged(err) || postgresdb.IsDamaged(err):
		return &meeting.Error{Code: meeting.Internal, Key: meeting.ReasonStorageDamaged, Err: err}
	case postgresdb.IsUnreachable(err):
		return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonStorageUnreachable, Err: err}
	case sqlitedb.IsUnwritable(err) || postgresdb.IsUnwritable(err):
		return &meeting.Error{Code: meeting.Unavailable, Key: meeting.ReasonStorageUnwritable, Err: err}
	}
	return nil
}
