// Package form is the meeting form: its fields, how it becomes a meeting.Request or a
// list of problems, and which of its parts the desk proposed. It knows nothing about HTTP
// or HTML.
package form
