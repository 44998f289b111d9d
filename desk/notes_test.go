package desk_test

import (
	"slices"
	"strings"
	"testing"

	"meetdesk/desk/desktest"
	"meetdesk/meeting"
)

func note(t *testing.T, kind meeting.NoteKind, text string) meeting.Note {
	t.Helper()
	n, problem := meeting.NewNote(kind, text)
	if problem != "" {
		t.Fatalf("%q: %s", text, problem)
	}
	return n
}

func TestNotes(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p, h, other := d.SignIn(priya).User, d.SignIn(dana).User, d.SignIn(tomas).User
	m := create(d, d.SignIn(priya))
	add := func(who meeting.User, n meeting.Note) error { return d.AddNote(t.Context(), who, m.ID, n) }
	for range 2 { // pressing the button twice adds only one mark
		if err := add(p, note(t, meeting.Sent, "")); err != nil {
			t.Fatal(err)
		}
	}
	if err := add(h, note(t, meeting.Remark, " reported as\r\nnot working\u202e ")); err != nil {
		t.Fatal(err)
	}
	wantError(t, add(other, note(t, meeting.Remark, "x")), meeting.NotFound, meeting.ReasonMeetingUnknown)
	list, err := d.Store.Notes(t.Context(), m.ID)
	if err != nil || len(list) != 2 || list[0].Text != "reported as  not working" || list[0].Author.UPN != dana || list[1].Kind != meeting.Sent || list[1].At.IsZero() {
		t.Fatalf("notes %+v, error %v", list, err)
	}
	wantError(t, d.TakeBackNote(t.Context(), p, m.ID, list[0].ID), meeting.Forbidden, meeting.ReasonNoteOthers)
	wantError(t, d.TakeBackNote(t.Context(), other, m.ID, list[0].ID), meeting.NotFound, meeting.ReasonMeetingUnknown)
	for range 2 {
		if err := d.TakeBackNote(t.Context(), p, m.ID, list[1].ID); err != nil {
			t.Fatal(err)
		}
	}
	if list, err = d.Store.Notes(t.Context(), m.ID); err != nil || len(list) != 1 {
		t.Errorf("notes %+v, error %v", list, err)
	}
	want := []string{"priya@contoso.example meeting.sent 1 ", "dana@contoso.example meeting.note 1 ", "priya@contoso.example meeting.take_back 1 "}
	got := slices.DeleteFunc(d.Audit(), func(line string) bool { return strings.Contains(line, "meeting.read") })
	if !slices.Equal(got, want) {
		t.Errorf("the audit has %q, want %q", got, want)
	}
}

func TestNotesOfARemovedMeeting(t *testing.T) {
	t.Parallel()
	d := desktest.New(t)
	p := d.SignIn(priya)
	m := create(d, p)
	remove(d, p, m.ID)
	wantError(t, d.AddNote(t.Context(), p.User, m.ID, note(t, meeting.Sent, "")), meeting.Conflict, meeting.ReasonChangeNotLive)
	if err := d.AddNote(t.Context(), p.User, m.ID, note(t, meeting.Remark, "Why is it gone?")); err != nil {
		t.Error(err)
	}
}

func TestNoteText(t *testing.T) {
	t.Parallel()
	note(t, meeting.Remark, strings.Repeat("é", meeting.MaxNote))
	note(t, meeting.Sent, " ")
	for text, want := range map[string]meeting.Reason{" \u200b\n": meeting.ReasonNoteBlank, strings.Repeat("é", meeting.MaxNote+1): meeting.ReasonNoteLong} {
		if _, problem := meeting.NewNote(meeting.Remark, text); problem != want {
			t.Errorf("%.10q: %q, want %q", text, problem, want)
		}
	}
}
