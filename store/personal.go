package store

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"meetdesk/meeting"
	"meetdesk/store/compact"
)

// personalTable describes a table whose rows can refer to a person. Erasures and exports
// read all rows of the table in key order.
type personalTable struct {
	name   string
	from   string                                             // the subquery to select from; "" to select from the table itself
	keys   []string                                           // the primary key: one or two numeric columns
	people []string                                           // columns that contain user IDs
	texts  []string                                           // columns in which every mention of the person is replaced
	links  []string                                           // columns that are emptied if they mention the person
	json   []string                                           // columns that contain JSON documents
	scrub  func(*scrubber, personalRow, map[string]any) error // changes other columns; may be nil
	secret []string                                           // columns that exports omit
	append bool                                               // whether rows can be changed only after openRetention
}

type personalRow map[string]any

func (r personalRow) text(column string) string {
	text, _ := r[column].(string)
	return text
}

func (r personalRow) id(column string) int64 {
	id, _ := r[column].(int64)
	return id
}

func (r personalRow) reply(packer *ReplyPacker, packed []byte) ([]byte, error) {
	packedAsked, _ := r["asked_packed"].([]byte)
	asked, err := askedText(r.text("asked"), packedAsked)
	if err != nil {
		return nil, err
	}
	return packer.Unpack(packed, asked)
}

// personalTables returns the tables that erasures and exports read. personal_test.go lists
// all columns that personalTables does not name.
func personalTables() []personalTable {
	return []personalTable{
		{name: "users", keys: []string{"id"}, people: []string{"id"}},
		{name: "sessions", keys: []string{"id"}, people: []string{"user_id"}, secret: []string{"hash", "sid"}},
		{
			name: "meetings", keys: []string{"id"}, people: []string{"organizer_id", "maker_id"}, texts: []string{"subject", "external_id"},
			links: []string{"join_url", "options_url", "dial_in_url", "thread_id", "video_id"}, scrub: scrubMeeting,
		},
		{name: "attendees", keys: []string{"meeting_id", "position"}, scrub: scrubAttendee},
		{name: "meeting_people", keys: []string{"meeting_id", "user_id"}, people: []string{"user_id", "given_by"}},
		{name: "ended_access", keys: []string{"meeting_id", "user_id"}, people: []string{"user_id", "ended_by"}},
		{name: "attempts", keys: []string{"id"}, people: []string{"actor_id"}, json: []string{"asked"}, scrub: scrubAsked, secret: []string{"form_id"}},
		{
			name: "replies", from: `(SELECT r.*, a.asked, a.asked_packed FROM replies r JOIN attempts a ON a.id = r.attempt_id) AS replies`,
			keys: []string{"id"}, scrub: scrubReply, append: true,
		},
		{name: "calls", keys: []string{"id"}, texts: []string{"message", "code"}, json: []string{"claims"}},
		{name: "notes", keys: []string{"id"}, people: []string{"user_id"}, texts: []string{"body"}},
		{name: "presets", keys: []string{"id"}, people: []string{"changed_by"}, texts: []string{"name", "prefix", "subject"}, scrub: scrubPreset},
		{name: "imports", keys: []string{"id"}, people: []string{"user_id"}, texts: []string{"title", "unknown", "reason"}},
		{name: "import_rows", keys: []string{"import_id", "position"}, json: []string{"request", "args"}, scrub: scrubImportRow},
		{name: "import_extras", keys: []string{"import_id", "position"}, json: []string{"cells"}},
		{name: "audit", keys: []string{"id"}, people: []string{"user_id"}, scrub: scrubEntry, append: true},
	}
}

// changes returns new values, by column name, for the columns of the row that mention the
// person.
func (t *personalTable) changes(s *scrubber, row personalRow) (map[string]any, error) {
	changes := make(map[string]any)
	set := func(column, clean string) {
		if clean != row.text(column) {
			changes[column] = clean
		}
	}
	for _, column := range t.texts {
		set(column, s.text(row.text(column)))
	}
	for _, column := range t.json {
		set(column, s.document(row.text(column)))
	}
	for _, column := range t.links {
		if s.text(row.text(column)) != row.text(column) {
			changes[column] = ""
		}
	}
	if t.scrub == nil {
		return changes, nil
	}
	return changes, t.scrub(s, row, changes)
}

// neverChanges reports whether erasures leave the table unchanged, because its rows refer
// to people only by user ID.
func (t *personalTable) neverChanges() bool {
	return len(t.texts)+len(t.links)+len(t.json) == 0 && t.scrub == nil
}

func (t *personalTable) isAbout(e eraseSubject, row personalRow) bool {
	return slices.ContainsFunc(t.people, func(column string) bool { return row[column] != nil && slices.Contains(e.IDs, row.id(column)) })
}

// scrubMeeting appends the meeting's ID to a changed external ID to keep it unique, updates
// the ticket key to match, and replaces a Graph ID that identifies the person.
func scrubMeeting(s *scrubber, row personalRow, changes map[string]any) error {
	if external, ok := changes["external_id"].(string); ok {
		external += fmt.Sprintf(" (%d)", row.id("id"))
		changes["external_id"], changes["ticket_key"] = external, meeting.TicketKey(external)
	}
	if id := row.text("graph_id"); id != "" && (s.hidesID(id) || s.text(id) != id) {
		changes["graph_id"] = fmt.Sprintf("erased-%d", row.id("id"))
	}
	return nil
}

// scrubAttendee anonymizes the attendee if it is the person to be erased. It ignores
// attendees who have the same name but a different address or ID. If an attendee has
// neither an address nor an ID, it replaces mentions of the person in the name.
func scrubAttendee(s *scrubber, row personalRow, changes map[string]any) error {
	objectID := compact.FullGUID(row.text("object_id"))
	isThem := s.identifies(row.text("upn")) || s.identifies(objectID)
	if !isThem && row.text("upn")+objectID != "" {
		return nil
	}
	if name := s.text(row.text("name")); isThem {
		changes["name"], changes["upn"], changes["object_id"] = s.name, "", ""
	} else if name != row.text("name") {
		changes["name"] = name
	}
	return nil
}

func scrubAsked(s *scrubber, row personalRow, changes map[string]any) error {
	packed, ok := row["asked_packed"].([]byte)
	if !ok {
		return nil
	}
	raw, err := UnpackAsked(packed)
	if err != nil {
		return fmt.Errorf("attempt %d: %w", row.id("id"), err)
	}
	clean := s.document(string(raw))
	if clean == string(raw) {
		return nil
	}
	changes["asked"], changes["asked_packed"] = "", nil
	packed, err = s.packer.PackAsked([]byte(clean))
	if err != nil || packed == nil {
		changes["asked"] = clean // stored as text, because it cannot be packed
		return err
	}
	changes["asked_packed"] = packed
	return nil
}

func scrubReply(s *scrubber, row personalRow, changes map[string]any) error {
	if packed, ok := row["packed"].([]byte); ok {
		raw, err := row.reply(s.packer, packed)
		if err != nil {
			return fmt.Errorf("reply %d: %w", row.id("id"), err)
		}
		clean := s.document(string(raw))
		if clean == string(raw) {
			return nil
		}
		if changes["packed"], err = s.packer.Pack([]byte(clean), nil); err != nil {
			return err
		}
		return nil
	}
	if clean := s.document(row.text("body")); clean != row.text("body") {
		changes["body"] = clean
	}
	return nil
}

func scrubImportRow(s *scrubber, row personalRow, changes map[string]any) error {
	if form, err := url.ParseQuery(row.text("form")); err == nil {
		for name, values := range form {
			for i := range values {
				form[name][i] = s.text(values[i])
			}
		}
		before, err := url.ParseQuery(row.text("form"))
		if clean := form.Encode(); err == nil && clean != before.Encode() {
			changes["form"] = clean
		}
	}
	if external := s.text(row.text("external_id")); external != row.text("external_id") {
		changes["external_id"], changes["ticket_key"] = external, meeting.TicketKey(external)
	}
	return nil
}

func scrubPreset(_ *scrubber, row personalRow, changes map[string]any) error {
	if name, ok := changes["name"].(string); ok {
		name += fmt.Sprintf(" (%d)", row.id("id"))
		changes["name"], changes["name_key"] = name, meeting.PresetKey(name)
	}
	return nil
}

// scrubEntry removes mentions of the person from the entry's detail. If the person
// performed the recorded action, it also removes the client address.
func scrubEntry(s *scrubber, row personalRow, changes map[string]any) error {
	detail := row.text("detail")
	clean := s.text(detail)
	switch AuditAction(row.text("action")) {
	case AuditHistoryRead, AuditExport, AuditExportEnd, AuditExportCut, AuditDirectoryRead, AuditPersonFind, AuditTicketRead:
		clean = s.searched(detail, s.name)
	case AuditPresetAdd, AuditPresetChange, AuditPresetRemove:
		clean = s.document(detail)
	}
	if clean != detail {
		changes["detail"] = clean
	}
	if slices.Contains(s.subject.IDs, row.id("user_id")) && row.text("address") != "" {
		changes["address"] = ""
	}
	return nil
}

// personalAtOnce is the number of rows that one query reads.
const personalAtOnce = 200

// place is a position in the key order of a table. The zero place is before all rows.
type place [2]int64

func (t *personalTable) placeOf(row personalRow) (at place) {
	for i, key := range t.keys {
		at[i] = row.id(key)
	}
	return at
}

func (t *personalTable) selectAfter() string {
	order, after, limit := strings.Join(t.keys, ", "), "$1", "$2"
	if len(t.keys) == 2 {
		after, limit = "$1, $2", "$3"
	}
	return fmt.Sprintf(`SELECT * FROM %s WHERE (%s) > (%s) ORDER BY %s LIMIT %s`, cmp.Or(t.from, t.name), order, after, order, limit)
}

func (t *personalTable) selectAt() string {
	places := "$1"
	if len(t.keys) == 2 {
		places = "$1, $2"
	}
	return fmt.Sprintf(`SELECT * FROM %s WHERE (%s) = (%s)`, cmp.Or(t.from, t.name), strings.Join(t.keys, ", "), places)
}

func (t *personalTable) rows(ctx context.Context, on querier, after place, limit int) ([]personalRow, error) {
	return t.read(ctx, on, t.selectAfter(), append(t.key(after), limit)...)
}

// at returns a list with the row at the given place. The list is empty if there is no such
// row.
func (t *personalTable) at(ctx context.Context, on querier, at place) ([]personalRow, error) {
	return t.read(ctx, on, t.selectAt(), t.key(at)...)
}

func (t *personalTable) key(at place) (values []any) {
	for i := range t.keys {
		values = append(values, at[i])
	}
	return values
}

func (t *personalTable) read(ctx context.Context, on querier, q string, args ...any) (list []personalRow, err error) {
	rows, err := on.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.name, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		row := make(personalRow, len(columns))
		for i, column := range columns {
			row[column] = values[i]
		}
		list = append(list, row)
	}
	return list, rows.Err()
}

// eachPersonal calls the callback for each row that is about the person or mentions the
// person. It passes the row's new values by column name.
func (s *Store) eachPersonal(ctx context.Context, e eraseSubject, scrub *scrubber, do func(*personalTable, personalRow, map[string]any) error) error {
	for _, t := range personalTables() {
		for after, more := (place{}), true; more; {
			rows, err := t.rows(ctx, s.read, after, personalAtOnce)
			if err != nil {
				return err
			}
			more = len(rows) == personalAtOnce
			for _, row := range rows {
				after = t.placeOf(row)
				changes, err := t.changes(scrub, row)
				if err != nil {
					return err
				}
				if len(changes) == 0 && !t.isAbout(e, row) {
					continue
				}
				if err := do(&t, row, changes); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
