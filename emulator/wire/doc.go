// Package wire represents responses before they are sent, and queued failures, which can
// replace, delay, truncate or drop a response. It also contains helpers for matching paths
// and names without regard to case.
package wire
