package views

import (
	"time"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/views/ui"
)

// NoteForm is the form for a note, to be shown again with an error.
type NoteForm struct {
	Kind    meeting.NoteKind
	Text    string
	Problem meeting.Reason // what is wrong with the text; "" if nothing is wrong
	Kept    Kept
}

func (d MeetingData) ofKind(kind meeting.NoteKind) (list []meeting.Note) {
	for _, n := range d.Notes {
		if n.Kind == kind {
			list = append(list, n)
		}
	}
	return list
}

func (d MeetingData) noteField(p Page, kind meeting.NoteKind) ui.Field {
	f := ui.Field{Name: form.FieldNote, Label: p.T.T("notes." + string(kind) + ".label")}
	if kind == meeting.Sent {
		f.Name = form.FieldSentTo
	}
	if d.Note.Kind == kind {
		f.Value = d.Note.Text
	}
	if d.Note.Kind == kind && d.Note.Problem != "" {
		f.Errors = []string{p.T.T(string(d.Note.Problem), meeting.Args{"Max": meeting.MaxNote})}
	}
	return f
}

// maxNoteLine is the maximum number of characters in the note above the Share card.
const maxNoteLine = 200

// notToldYet reports whether the meeting exists and has not ended, and nobody has marked
// its invitation as sent.
func (d MeetingData) notToldYet() bool {
	return d.Meeting.State == meeting.Live && !d.over() && !d.Meeting.Ended(d.Now) && len(d.ofKind(meeting.Sent)) == 0
}

func (d MeetingData) noted(p Page, n meeting.Note) meeting.Args {
	return meeting.Args{"Name": n.Author.DisplayName(), "When": d.dayAndTime(p, n.At), "To": n.Text}
}

func (d MeetingData) dayAndTime(p Page, at time.Time) string {
	return p.T.DateTime(at, d.shownIn(p))
}
