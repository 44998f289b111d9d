// Package form represents the meeting form: its fields, its conversion to a
// meeting.Request or a list of problems, and the desk's proposals. It is independent of
// HTTP and HTML.
package form
