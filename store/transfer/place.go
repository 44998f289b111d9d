package transfer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"meetdesk/store/postgresdb"
)

// Place is the location of a database.
type Place struct {
	dir     string // the data directory of SQLite; "" for PostgreSQL
	address postgresdb.Address
}

// ParsePlace parses sqlite:DIRECTORY, postgres://ADDRESS, or file:PATH, where the file
// contains one of the other two forms. A file keeps the password out of the process list.
func ParsePlace(text string) (p Place, err error) {
	if path, ok := strings.CutPrefix(text, "file:"); ok {
		content, err := os.ReadFile(path)
		if err != nil {
			return p, err
		}
		text = strings.TrimSpace(string(content))
	}
	switch dir, isSQLite := strings.CutPrefix(text, "sqlite:"); {
	case isSQLite && dir == "":
		return p, fmt.Errorf("sqlite: needs the data directory, as in sqlite:/var/lib/meetdesk")
	case isSQLite:
		p.dir, err = filepath.Abs(dir)
	case strings.HasPrefix(text, "postgres://"), strings.HasPrefix(text, "postgresql://"):
		p.address, err = postgresdb.Parse(text)
	default:
		err = fmt.Errorf("use sqlite:DIRECTORY or postgres://ADDRESS")
	}
	return p, err
}

// IsSQLite reports whether the database is an SQLite database.
func (p Place) IsSQLite() bool { return p.dir != "" }

// Address returns the address of a PostgreSQL database.
func (p Place) Address() postgresdb.Address { return p.address }

// String describes the place for messages, without the user and the password.
func (p Place) String() string {
	if p.IsSQLite() {
		return "sqlite:" + p.dir
	}
	return "the database " + p.address.String()
}
