package listing

import (
	"errors"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/search"
)

func TestReadsHaveATimeLimit(t *testing.T) {
	l := openWithTwo(t, 100)
	l.limit = time.Nanosecond
	ctx, c := t.Context(), Criteria{Everyone: true, Text: "printer", Limit: 50}
	for name, read := range map[string]func() error{
		"History":      func() error { _, err := l.History(ctx, c); return err },
		"HistoryCount": func() error { _, err := l.HistoryCount(ctx, c); return err },
		"UnknownWords": func() error { _, err := l.UnknownWords(ctx, c); return err },
		"AttendeesOf":  func() error { _, err := l.AttendeesOf(ctx, c, []int64{1}); return err },
		"Find":         func() error { _, err := l.Find(ctx, c, search.Input{}, "INC7"); return err },
		"FindByPhone":  func() error { _, err := l.FindByPhone(ctx, c, "5550100"); return err },
		"Export":       func() error { return l.Export(ctx, c, nil, func([]Exported) error { return nil }) },
		"Guess": func() error {
			_, err := l.Guess(ctx, c, []search.Guess{{Number: "7"}})
			return err
		},
		"Audit": func() error { _, err := l.Audit(ctx, AuditFilter{}, AuditCursor{}, false, 50); return err },
		"Export of IDs": func() error {
			return l.Export(ctx, c, []int64{1}, func([]Exported) error { return nil })
		},
	} {
		var known *meeting.Error
		if err := read(); !errors.As(err, &known) || known.Key != meeting.ReasonListSlow {
			t.Errorf("%s returned %v, want %s", name, err, meeting.ReasonListSlow)
		}
	}
}
