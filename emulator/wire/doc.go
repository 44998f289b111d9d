// Package wire holds responses before they are sent, and the failures that a
// test queued to replace, delay, cut short or lose them. It also has the two
// helpers with which Entra and Graph read paths and names in any case.
package wire
