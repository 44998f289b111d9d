package meeting

import (
	"time"
	"unicode/utf8"
)

// NoteKind says what a note is about.
type NoteKind string

// The kinds of note.
const (
	Remark NoteKind = "note" // a short text about the meeting
	Sent   NoteKind = "sent" // the invitation was sent; the text says to whom, or is empty
)

// Note is what a person wrote down about a meeting. Everybody who sees the meeting sees
// the note.
type Note struct {
	ID     int64
	Kind   NoteKind
	Author User
	Text   string
	At     time.Time
}

// MaxNote is the maximum length of a note, in characters.
const MaxNote = 500

// NewNote returns a note with the text as a single line, or the problem with the text.
// Only the text of a Remark is required.
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
