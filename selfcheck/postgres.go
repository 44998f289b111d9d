package selfcheck

import (
	"context"
	"errors"

	"meetdesk/meeting"
	"meetdesk/migrations"
	"meetdesk/store/postgresdb"
)

// checkServer connects to the PostgreSQL database and compares its schema version with
// the one that this program needs.
func (d *Desk) checkServer(ctx context.Context) []Line {
	l := Line{Name: "server", Args: meeting.Args{}}
	address, err := postgresdb.Parse(d.Database)
	if err != nil {
		l.Args["Path"], l.Args["Error"] = "-", err
		return []Line{l.with(Wrong, "error").blame("DATABASE")}
	}
	schema, known, err := address.Schema(ctx)
	l.Args["Path"], l.Args["Schema"], l.Args["Known"] = address.String(), schema, known
	var newer *migrations.NewerSchemaError
	switch {
	case errors.As(err, &newer):
		l.Args["Program"] = newer.Program
		return []Line{l.with(Wrong, "newer")}
	case err != nil:
		l.Args["Error"] = err
		return []Line{l.with(Wrong, "error")}
	case schema == 0:
		return []Line{l.with(OK, "new")}
	case schema < known:
		return []Line{l.with(Warning, "older")}
	}
	return []Line{l.with(OK, "ok")}
}
