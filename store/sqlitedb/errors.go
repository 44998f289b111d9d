package sqlitedb

import (
	"errors"
	"slices"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// IsUnwritable reports whether a statement failed because the file cannot be opened or
// written. For example, the disk may be full or failing, the file may be read-only, or
// another program may have locked it for too long.
func IsUnwritable(err error) bool {
	return hasCode(err, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN)
}

// IsLocked reports whether a statement failed because another program locked the file for
// too long.
func IsLocked(err error) bool { return hasCode(err, sqlite3.SQLITE_BUSY) }

// IsDamaged reports whether a statement failed because the file is damaged or is not a
// database.
func IsDamaged(err error) bool { return hasCode(err, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) }

// hasCode reports whether the error's primary result code is one of the codes.
func hasCode(err error, codes ...int) bool {
	var failed *sqlite.Error
	return errors.As(err, &failed) && slices.Contains(codes, failed.Code()&0xff)
}

// IsForeignKey reports whether a statement failed because it violates a foreign key.
func IsForeignKey(err error) bool {
	var failed *sqlite.Error
	return errors.As(err, &failed) && failed.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
}
