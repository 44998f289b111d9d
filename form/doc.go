// Package form represents the meeting form: its fields, its conversion to a
// meeting.Request or a list of problems, and the parts that the desk proposed. It knows
// nothing about HTTP or HTML.
package form
