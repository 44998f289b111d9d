package meeting

import "time"

// Waiting is what pages show instead of Unfinished while an attempt on the meeting is
// running. It is never stored.
const Waiting State = "waiting"

// LongestRun is the longest time that an attempt can run. An attempt that is still pending
// after that has lost its outcome, for example because the disk was full.
const LongestRun = time.Minute

// Waiting reports whether the attempt is running.
func (a Attempt) Waiting(now time.Time) bool {
	return a.State == AttemptPending && now.Before(a.UpdatedAt.Add(LongestRun))
}

// StateAt returns the state to show at the given time.
func (m Meeting) StateAt(now time.Time) State { return stateAt(m.State, m.AskedAt, now) }

// StateAt returns the state to show at the given time.
func (l Listed) StateAt(now time.Time) State { return stateAt(l.State, l.AskedAt, now) }

// StateAt returns the state to show at the given time.
func (t TicketMeeting) StateAt(now time.Time) State { return stateAt(t.State, t.AskedAt, now) }

func stateAt(s State, askedAt, now time.Time) State {
	if s == Unfinished && now.Before(askedAt.Add(LongestRun)) {
		return Waiting
	}
	return s
}
