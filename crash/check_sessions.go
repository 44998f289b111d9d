package main

import (
	"fmt"
	"os"
	"strings"
)

// sessionEnded records that a session ended although nobody signed out.
func (s *series) sessionEnded(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = append(s.ended, what)
}

// refusedGrant is logged when the provider no longer accepts a refresh token. The
// emulator accepts each refresh token only once and returns a new one. If the new token is
// lost, the desk has no valid token left.
const refusedGrant = "the provider no longer accepts the sign-in"

// checkSessions reports ended sessions that no refused grant explains. A refused grant
// explains only one ended session, because a person has only one session at a time.
func (r *round) checkSessions() error {
	log, err := os.ReadFile(r.site.deskLog())
	if err != nil {
		return fmt.Errorf("log of the desk: %w", err)
	}
	for _, what := range unexplained(r.ended, string(log)) {
		r.report(lost, "%s", what)
	}
	return nil
}

// unexplained returns the ended sessions that no refused grant in the log explains.
func unexplained(ended []string, log string) []string {
	return ended[min(len(ended), strings.Count(log, refusedGrant)):]
}
