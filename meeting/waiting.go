package meeting

import "time"

// Waiting is the state that pages show instead of Unfinished while one of the meeting's
// attempts is running. This state is never stored.
const Waiting State = "waiting"

// LongestRun is the maximum duration of an attempt. If an attempt is still pending after
// that time, its outcome was not recorded.
const LongestRun = time.Minute

// Waiting reports whether the attempt may still be running at the given time.
func (a Attempt) Waiting(now time.Time) bool {
	return a.State == AttemptPending && mayRun(a.UpdatedAt, now)
}

// StateAt returns the state to show: Waiting if the meeting is unfinished and one of its
// attempts is running.
func (m Meeting) StateAt(now time.Time) State { return stateAt(m.State, m.AskedAt, now) }

// StateAt returns the state to show at the given time, as Meeting.StateAt does.
func (l Listed) StateAt(now time.Time) State { return stateAt(l.State, l.AskedAt, now) }

// StateAt returns the state to show at the given time, as Meeting.StateAt does.
func (t TicketMeeting) StateAt(now time.Time) State { return stateAt(t.State, t.AskedAt, now) }

func stateAt(s State, askedAt, now time.Time) State {
	if s == Unfinished && mayRun(askedAt, now) {
		return Waiting
	}
	return s
}

// mayRun reports whether an attempt that began or was last retried at askedAt may still
// be running. If askedAt is far in the future, the clock has been set back, so the attempt
// must have ended.
func mayRun(askedAt, now time.Time) bool { return now.Sub(askedAt).Abs() < LongestRun }
