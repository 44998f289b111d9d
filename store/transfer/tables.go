package transfer

type table struct {
	name string
	keys []string // the primary key; nil for a table that always has exactly one row
}

// tables lists the tables to copy. Each table comes after the tables that it references,
// except that attempts and replies reference each other.
var tables = []table{
	{"users", []string{"id"}},
	{"grants", []string{"id"}},
	{"sessions", []string{"id"}},
	{"meetings", []string{"id"}},
	{"meeting_people", []string{"user_id", "meeting_id"}},
	{"ended_access", []string{"meeting_id", "user_id"}},
	{"attendees", []string{"meeting_id", "position"}},
	{"attempts", []string{"id"}},
	{"reply_dictionaries", []string{"id"}},
	{"replies", []string{"id"}},
	{"calls", []string{"id"}},
	{"notes", []string{"id"}},
	{"presets", []string{"id"}},
	{"imports", []string{"id"}},
	{"import_rows", []string{"import_id", "position"}},
	{"import_extras", []string{"import_id", "position"}},
	{"waits", []string{"service", "user_id"}},
	{"audit", []string{"id"}},
	{"retention_tasks", []string{"id"}},
	{"retention_rule", nil},
	{"next_ids", nil},
}

// notCopied maps the names of the tables that are not copied to the reasons.
var notCopied = map[string]string{
	"desks":            "no desk runs during a copy",
	"filler":           "only an erasure uses it, and only SQLite has it",
	"goose_db_version": "each engine has its own migrations",
	"index_queue":      "the full-text index is built again",
	"index_rules":      "the full-text index is built again",
	"meetings_fts":     "the full-text index is built again",
	"retention":        "it has rows only during a transaction",
	"upgrades":         "it says which programs upgraded this database",
}

// notCopiedColumn is the name of the column that contains the ID of the desk that last
// worked on a row. No desk has worked on the copy.
const notCopiedColumn = "desk_id"

// numbered returns the names of the tables in which the engine assigns the IDs of new rows.
// The IDs of meetings come from the next_ids table instead.
func numbered() (names []string) {
	for _, t := range tables {
		if len(t.keys) == 1 && t.name != "meetings" {
			names = append(names, t.name)
		}
	}
	return names
}
