// Package ui holds the pieces that pages are made of. They take finished strings
// and know nothing of meetings, languages or where their words come from.
package ui

// Tone is the mood of a badge or banner. It is never the only sign: an icon and
// a word go with it.
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
