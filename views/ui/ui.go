// Package ui contains the components that pages are built from. Components receive finished
// text and know nothing about meetings or languages.
package ui

// Tone is the colour of a badge or banner. It always comes with an icon and a word.
type Tone string

// The tones.
const (
	Calm Tone = "calm"
	Good Tone = "good"
	Note Tone = "note"
	Warn Tone = "warn"
	Bad  Tone = "bad"
)

// icon returns the name of the icon that goes with the tone.
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
