package store_test

import (
	"errors"
	"strings"
	"testing"

	"meetdesk/meeting"
	"meetdesk/store/enginetest"
)

func TestPresets(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s := open(t, dir)
	ana, rui := signIn(t, s, "ana").User, signIn(t, s, "rui").User
	only := func() meeting.Preset {
		t.Helper()
		list, err := s.Presets(ctx)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d presets, %v; want 1", len(list), err)
		}
		return list[0]
	}
	want := func(what string, err error, key meeting.Reason) {
		t.Helper()
		var known *meeting.Error
		if !errors.As(err, &known) || known.Key != key {
			t.Errorf("%s: %v, want %s", what, err, key)
		}
	}
	desk := meeting.Preset{
		Name: "Service desk", Prefix: "INC", Subject: "Support {ticket}", Minutes: 15,
		Options: meeting.Options{Lobby: "invited", Presenters: "organizer", Announce: meeting.On, Record: meeting.Off},
	}
	if err := s.AddPreset(ctx, ana.ID, desk); err != nil {
		t.Fatal(err)
	}
	added := only()
	if added.ChangedBy.UPN != ana.UPN || added.ChangedAt.IsZero() {
		t.Errorf("added by %q at %s", added.ChangedBy.UPN, added.ChangedAt)
	}
	desk.ID, desk.Version, desk.ChangedBy, desk.ChangedAt = added.ID, added.Version, added.ChangedBy, added.ChangedAt
	if added != desk {
		t.Errorf("stored\n%+v, want\n%+v", added, desk)
	}
	want("the same name", s.AddPreset(ctx, rui.ID, meeting.Preset{Name: "SERVICE  desk"}), meeting.ReasonPresetNameTaken)
	want("the same prefix", s.AddPreset(ctx, rui.ID, meeting.Preset{Name: "Other", Prefix: "inc"}), meeting.ReasonPresetPrefixTaken)

	first := added
	first.Minutes, first.Prefix = 20, ""
	if err := s.ChangePreset(ctx, rui.ID, first); err != nil {
		t.Fatal(err)
	}
	second := added
	second.Name = "Second"
	want("an older version", s.ChangePreset(ctx, ana.ID, second), meeting.ReasonPresetChanged)
	want("removing an older version", s.RemovePreset(ctx, ana.ID, added.ID, added.Version), meeting.ReasonPresetChanged)
	changed := only()
	if changed.Minutes != 20 || changed.Name != "Service desk" || changed.ChangedBy.UPN != rui.UPN {
		t.Errorf("stored %+v, want the first change", changed)
	}

	if err := s.RemovePreset(ctx, ana.ID, changed.ID, changed.Version); err != nil {
		t.Fatal(err)
	}
	want("a removed preset", s.ChangePreset(ctx, rui.ID, changed), meeting.ReasonPresetUnknown)
	if err := s.AddPreset(ctx, ana.ID, meeting.Preset{Name: "Next"}); err != nil {
		t.Fatal(err)
	}
	if next := only(); next.ID == changed.ID {
		t.Errorf("the ID %d of a removed preset is used again", next.ID)
	}
	wantAudit(t, dir, `preset.add {"after":{"id":1,"name":"Service desk","prefix":"INC","subject":"Support {ticket}","minutes":15,`+
		`"options":{"lobby":"invited","presenters":"organizer","announce":"on","record":"off"}}}`, "preset.change", "preset.remove", "preset.add")
}

// wantAudit checks that the audit log's entries about presets, oldest first, begin with the
// given texts.
func wantAudit(t *testing.T, dir string, want ...string) {
	t.Helper()
	db := enginetest.Connect(t, dir)
	got := enginetest.Texts(t, db, `SELECT action || ' ' || detail FROM audit WHERE action LIKE 'preset.%' ORDER BY id`)
	if len(got) != len(want) {
		t.Fatalf("the audit log has %d entries, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("audit entry %d is %s, want %s", i, got[i], want[i])
		}
	}
}
