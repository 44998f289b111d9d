// Package wire represents responses that have not been sent yet, and queued failures that
// replace, delay, truncate or drop them. It also contains helpers for matching paths and
// names without regard to case.
package wire
