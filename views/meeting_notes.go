package views

import (
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// NoteForm is a form for a note that has to be shown again. The zero value is an empty
// form.
type NoteForm struct {
	Kind    meeting.NoteKind
	Text    string
	Problem meeting.Reason
}

// ofKind returns the meeting's notes of the given kind, newest first.
func (d MeetingData) ofKind(kind meeting.NoteKind) (list []meeting.Note) {
	for _, n := range d.Notes {
		if n.Kind == kind {
			list = append(list, n)
		}
	}
	return list
}

// noteField returns the text field of the form for a note of the given kind.
func (d MeetingData) noteField(p Page, kind meeting.NoteKind) ui.Field {
	f := ui.Field{Name: form.FieldNote, Label: p.T.T("notes." + string(kind) + ".label")}
	if kind == meeting.Sent {
		f.Name = form.FieldSentTo
	}
	if d.Note.Kind == kind {
		f.Value = d.Note.Text
		f.Errors = []string{p.T.T(string(d.Note.Problem), meeting.Args{"Max": meeting.MaxNote})}
	}
	return f
}

// notesFirst reports whether the page shows the notes near its top, where the help desk
// reads the state of the meeting. If there are no notes, the page has only the form for a
// new one, further down.
func (d MeetingData) notesFirst() bool { return len(d.ofKind(meeting.Remark)) > 0 }

// notToldYet reports whether the page may say that nobody has been invited yet. It may if
// the meeting has not ended and nobody has marked its invitation as sent.
func (d MeetingData) notToldYet() bool {
	return d.Meeting.State == meeting.Live && !d.over() && !d.Meeting.Ended(d.Now) && len(d.ofKind(meeting.Sent)) == 0
}

// noted returns the values for the placeholders in the text about a note: who made it,
// when (in the reader's zone), and what it says.
func (d MeetingData) noted(p Page, n meeting.Note) meeting.Args {
	return meeting.Args{"Name": n.Author.DisplayName(), "When": d.dayAndTime(p, n.At), "To": n.Text}
}

func (d MeetingData) dayAndTime(p Page, at time.Time) string {
	return p.T.DateTime(at, d.shownIn(p))
}
