package selfcheck

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"meetdesk/meeting"
	"meetdesk/migrations"
	"meetdesk/store"
	"meetdesk/store/backup"
	"meetdesk/store/sqlitedb"
)

// checkTicket warns if there is a pattern for ticket numbers but no example to test it
// with.
func (d *Desk) checkTicket(context.Context) []Line {
	l := Line{Name: "ticket", Args: meeting.Args{"Pattern": orDash(d.Pattern), "Example": d.Example}}
	switch {
	case d.Pattern == "":
		return []Line{l.with(OK, "any")}
	case d.Example != "":
		return []Line{l.with(OK, "ok")}
	case eatenBackslash.MatchString(d.Pattern):
		return []Line{l.with(Warning, "backslash").blame("TICKET_PATTERN")}
	}
	return []Line{l.with(Warning, "no_example").blame("TICKET_EXAMPLE")}
}

// eatenBackslash matches a character class whose backslash has been removed by systemd or
// a shell: d{7} instead of \d{7}.
var eatenBackslash = regexp.MustCompile(`(^|[^\\a-z])[dwsDWS]([{+*]|$)`)

func (d *Desk) checkFolder(context.Context) []Line {
	l := Line{Name: "folder", Args: meeting.Args{"Path": d.Data, "User": os.Geteuid()}}
	info, err := os.Stat(d.Data)
	if err != nil {
		return d.newFolder(l, err)
	}
	if !info.IsDir() {
		return []Line{l.with(Wrong, "file").blame("DATA")}
	}
	if err = backup.CheckFolder(d.Data); err == nil {
		_, err = os.ReadDir(d.Data)
	}
	owner, isUnix := info.Sys().(*syscall.Stat_t)
	switch {
	case err != nil:
		l = unusable(l, err, "permission")
	case info.Mode().Perm()&0o077 != 0:
		l.Args["Mode"] = fmt.Sprintf("%04o", info.Mode().Perm())
		l = l.with(Warning, "open")
	case isUnix && int(owner.Uid) != os.Geteuid():
		l.Args["Owner"] = owner.Uid
		l = l.with(Unknown, "other_user")
	default:
		l = l.with(OK, "ok")
	}
	return []Line{l, d.disk(d.Data)}
}

// newFolder checks whether the desk can create the missing data directory and its missing
// parents.
func (d *Desk) newFolder(l Line, err error) []Line {
	if _, link := os.Lstat(d.Data); link == nil || !errors.Is(err, fs.ErrNotExist) { // a broken link, or a path that cannot exist
		return []Line{l.with(Wrong, "absent").blame("DATA")}
	}
	above := filepath.Dir(d.Data)
	for above != filepath.Dir(above) {
		if _, err := os.Stat(above); err == nil {
			break
		}
		above = filepath.Dir(above)
	}
	if err := backup.CheckFolder(above); err != nil {
		return []Line{unusable(l, err, "absent")}
	}
	return []Line{l.with(OK, "new"), d.disk(above)}
}

// unusable returns the line for a folder that cannot be written to. If the setting is
// wrong, the line has the given outcome and names the setting.
func unusable(l Line, err error, outcome string) Line {
	l.Args["Error"] = err
	switch {
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return l.with(Wrong, "full")
	case WrongPath(err) || errors.Is(err, fs.ErrNotExist): // creating a file in /proc fails with ErrNotExist
		return l.with(Wrong, outcome).blame("DATA")
	}
	return l.with(Wrong, "unwritable")
}

// WrongPath reports whether the error means that the path or the owner of a folder is
// wrong. Other causes, such as a full disk, may be temporary.
func WrongPath(err error) bool {
	for _, wrong := range []error{fs.ErrPermission, syscall.ENOTDIR, syscall.ENAMETOOLONG, syscall.ELOOP} {
		if errors.Is(err, wrong) {
			return true
		}
	}
	var failed *fs.PathError // mkdir returns this error in /proc and for a broken link
	return errors.As(err, &failed) && failed.Op == "mkdir" && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist))
}

// lowSpace is the free space, in bytes, below which the check returns a warning.
const lowSpace = 512 << 20

// disk returns the line about the free space on the folder's disk. An upgrade needs free
// space of twice the database's size.
func (d *Desk) disk(folder string) Line {
	l := Line{Name: "disk", Args: meeting.Args{"Path": folder}}
	free, err := sqlitedb.FreeDisk(folder)
	if err != nil {
		l.Args["Error"] = err
		return l.with(Unknown, "error")
	}
	used := int64(0)
	if info, err := os.Stat(filepath.Join(d.Data, store.FileName)); err == nil {
		used = info.Size()
	}
	l.Args["Free"], l.Args["Size"] = meeting.Bytes(free), meeting.Bytes(used)
	switch {
	case free < store.MinFree:
		return l.with(Wrong, "full")
	case free < lowSpace, free < 2*used:
		return l.with(Warning, "low")
	}
	return l.with(OK, "ok")
}

const readLimit = 2 * time.Second

// checkDatabase checks the database for damage and compares its schema version with the
// one that this program needs.
//
// If this process has opened the database, checkDatabase must not open the file. When a
// process closes a file, the system releases all of its POSIX locks on the file, including
// SQLite's. If another program then reads the database, for example to back it up, that
// program deletes the write-ahead log when it exits. Anything recorded after that is lost.
func (d *Desk) checkDatabase(ctx context.Context) []Line {
	path := filepath.Join(d.Data, store.FileName)
	l := Line{Name: "database", Args: meeting.Args{"Path": path}}
	limit := cmp.Or(d.ReadLimit, readLimit)
	if d.Opened != nil {
		return []Line{d.checkOpened(ctx, l, limit)}
	}
	if info, err := os.Stat(d.Data); err == nil && !info.IsDir() || errors.Is(err, syscall.ENOTDIR) {
		return nil // reported by checkFolder
	}
	complete, err := sqlitedb.Check(ctx, path, limit)
	var damaged *sqlitedb.DamagedError
	switch {
	case errors.As(err, &damaged):
		l.Args["Error"] = err
		return []Line{l.with(Wrong, "damaged")}
	case errors.Is(err, fs.ErrPermission):
		l.Args["Error"] = err
		return []Line{l.with(Wrong, "permission").blame("DATA")}
	case err != nil:
		l.Args["Error"] = err
		return []Line{l.with(Unknown, "error")}
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	switch {
	case err == nil:
		file.Close()
	case errors.Is(err, fs.ErrNotExist):
		return []Line{l.with(OK, "new")}
	case errors.Is(err, fs.ErrPermission):
		l.Args["Error"] = err
		return []Line{l.with(Wrong, "permission").blame("DATA")}
	}
	schema, known, err := sqlitedb.Schema(ctx, path)
	l.Args["Schema"], l.Args["Known"] = schema, known
	var newer *migrations.NewerSchemaError
	switch {
	case errors.As(err, &newer):
		l.Args["Program"] = newer.Program
		return []Line{l.with(Wrong, "newer")}
	case err != nil:
		l.Args["Error"] = err
		return []Line{l.with(Unknown, "error")}
	case schema < known:
		return []Line{l.with(Warning, "older")}
	case !complete:
		return []Line{l.with(OK, "partly")}
	}
	return []Line{l.with(OK, "ok")}
}

// checkOpened checks the database through this process's own connections.
func (d *Desk) checkOpened(ctx context.Context, l Line, limit time.Duration) Line {
	complete, err := d.Opened.CheckPages(ctx, limit)
	var damaged *sqlitedb.DamagedError
	if errors.As(err, &damaged) {
		l.Args["Error"] = err
		return l.with(Wrong, "damaged")
	}
	if err = cmp.Or(err, d.Opened.CheckSchema(ctx)); err != nil {
		l.Args["Error"] = err
		return l.with(Unknown, "error")
	}
	l.Args["Schema"] = migrations.Latest()
	if !complete {
		return l.with(OK, "partly")
	}
	return l.with(OK, "ok")
}

// OldBackup is the maximum age of the newest backup. An older one means that a daily
// backup was missed.
const OldBackup = 26 * time.Hour

func (d *Desk) checkBackups(context.Context) []Line {
	l := Line{Name: "backup", Args: meeting.Args{"Path": orDash(d.Backups)}}
	if d.Backups == "" {
		return []Line{l.with(Warning, "none").blame("BACKUP_DIR")}
	}
	at, err := backup.Newest(d.Backups)
	if err != nil {
		l.Args["Error"] = err
		return []Line{l.with(Unknown, "error")}
	}
	age := d.Now().Sub(at)
	l.Args["At"], l.Args["Age"] = at, age
	switch {
	case at.IsZero():
		return []Line{l.with(Warning, "never")}
	case age > OldBackup:
		return []Line{l.with(Warning, "old")}
	}
	return []Line{l.with(OK, "ok")}
}
