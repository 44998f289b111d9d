package store

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/store/compact"
)

// PersonalRecord is a row that contains data about a person, together with the name of the
// table.
type PersonalRecord struct {
	Table string         `json:"table"`
	Row   map[string]any `json:"row"`
}

// ExportPerson reads all rows that contain data about the person and passes them to the
// receive callback in one or more batches. It omits tokens and the columns that identify
// sessions and forms.
func (s *Store) ExportPerson(ctx context.Context, r EraseRequest, receive func([]PersonalRecord) error) error {
	subject, err := s.subjectOf(ctx, r)
	if err != nil {
		return err
	}
	var part []PersonalRecord
	err = s.eachPersonal(ctx, subject, s.newScrubber(subject, "erased", "erased"), func(t *personalTable, row personalRow, _ map[string]any) error {
		if err := s.lengthen(ctx, t, row); err != nil {
			return err
		}
		if part = append(part, t.record(&s.packer, row)); len(part) < 100 {
			return nil
		}
		full := part
		part = nil
		return receive(full)
	})
	if err != nil {
		return err
	}
	return receive(part)
}

// lengthen restores the values that package compact has shortened.
func (s *Store) lengthen(ctx context.Context, t *personalTable, row personalRow) error {
	switch t.name {
	case "meetings":
		organizer, err := s.User(ctx, row.id("organizer_id"))
		if err != nil {
			return err
		}
		d := meeting.Details{ThreadID: row.text("thread_id"), JoinMeetingID: row.text("join_meeting_id"), ConferenceID: row.text("conference_id")}
		fields := map[string]*string{
			"graph_id": &d.GraphID, "join_url": &d.JoinURL, "options_url": &d.OptionsURL, "dial_in_url": &d.DialInURL,
			"allowed_presenters": &d.Options.Presenters, "lobby_scope": &d.Options.Lobby,
		}
		for column, field := range fields {
			*field = row.text(column)
		}
		compact.Lengthen(organizer, &d)
		for column, field := range fields {
			if *field != "" {
				row[column] = *field
			}
		}
	case "audit":
		row["address"] = compact.FullAddress(row.text("address"))
	case "attendees":
		row["object_id"] = compact.FullGUID(row.text("object_id"))
	case "calls":
		for _, column := range []string{"request_id", "client_request_id"} {
			row[column] = compact.FullGUID(row.text(column))
		}
		var date string
		begun := time.UnixMilli(row.id("started_at"))
		if err := (storedDate{&date, &begun}).Scan(row["date"]); err != nil {
			return err
		}
		row["date"] = date
	}
	return nil
}

// record returns the row in a readable form: without secrets, with times in UTC, and with
// documents as JSON.
func (t *personalTable) record(packer *ReplyPacker, row personalRow) PersonalRecord {
	record := PersonalRecord{t.name, make(map[string]any, len(row))}
	for _, column := range t.secret {
		delete(row, column)
	}
	if packed, ok := row["packed"].([]byte); ok {
		if raw, err := row.reply(packer, packed); err == nil {
			row["packed"], row["body"] = nil, string(raw)
		}
	}
	if packed, ok := row["asked_packed"].([]byte); ok {
		if raw, err := UnpackAsked(packed); err == nil {
			row["asked_packed"], row["asked"] = nil, string(raw)
		}
	}
	if t.name == "replies" {
		delete(row, "asked")
		delete(row, "asked_packed")
	}
	for column, value := range row {
		switch value := value.(type) {
		case int64:
			if column == "at" || strings.HasSuffix(column, "_at") {
				record.Row[column] = time.UnixMilli(value).UTC().Format("2006-01-02T15:04:05.000Z")
				continue
			}
		case string:
			if strings.HasPrefix(value, "{") && json.Valid([]byte(value)) {
				record.Row[column] = json.RawMessage(value)
				continue
			}
		case nil:
			continue
		}
		record.Row[column] = value
	}
	return record
}
