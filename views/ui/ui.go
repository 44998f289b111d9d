// Package ui contains the components that pages are built from. Components receive
// translated text and do not depend on package meeting or on the language.
package ui

// Tone is the colour of a badge or banner. An icon and a word always convey its
// meaning as well.
type Tone string

// The tones.
const (
	Calm Tone = "calm"
	Good Tone = "good"
	Note Tone = "note"
	Warn Tone = "warn"
	Bad  Tone = "bad"
)

func (t Tone) icon() string {
	switch t {
	case Good:
		return "check"
	case Note:
		return "found"
	case Warn:
		return "clock"
	case Bad:
		return "cross"
	}
	return "info"
}
