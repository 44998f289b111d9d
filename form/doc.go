// Package form represents the meeting form: its fields, its conversion to a
// meeting.Request or a list of problems, and the desk's proposals. It knows nothing about
// HTTP or HTML.
package form
