package meeting

import (
	"time"
	"unicode/utf8"
)

// NoteKind says whether a note is a remark or records that the invitation was sent.
type NoteKind string

// The kinds of note.
const (
	Remark NoteKind = "note" // a short remark about the meeting
	Sent   NoteKind = "sent" // the invitation was sent; the text names the recipients or is empty
)

// Note is a remark about a meeting, or a record that the invitation was sent. Anyone who
// may see the meeting can read it.
type Note struct {
	ID     int64
	Kind   NoteKind
	Author User
	Text   string
	At     time.Time
}

// MaxNote is the maximum length of a note, in characters.
const MaxNote = 500

// NewNote returns a note whose text is trimmed and on a single line. It returns a problem
// if the text is too long or a Remark is empty.
func NewNote(kind NoteKind, text string) (n Note, problem Reason) {
	text = Trim(OneLine(text))
	switch length := utf8.RuneCountInString(text); {
	case length > MaxNote:
		return n, ReasonNoteLong
	case length == 0 && kind == Remark:
		return n, ReasonNoteBlank
	}
	return Note{Kind: kind, Text: text}, ""
}
