package views_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/testenv"
	"meetdesk/views"
	"meetdesk/views/gallery"
)

// TestNothingStopsBeingTrue checks that a meeting's page shows no outdated messages. It
// combines different meeting states, ages, viewers and attempts.
func TestNothingStopsBeingTrue(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	p := page(t, priya, "INC0012345", "/meetings/7")
	start := gallery.Now.Add(time.Hour)
	for _, state := range []meeting.State{meeting.Live, meeting.Failed, meeting.Unfinished, meeting.Removed, meeting.Replaced} {
		for _, age := range []time.Duration{0, 3 * time.Hour, 31 * 24 * time.Hour, 90 * 24 * time.Hour} {
			for _, viewer := range []string{"organizer", "help desk", "handed over"} {
				for _, sent := range []bool{false, true} {
					for _, a := range truthAttempts(gallery.Live(7, "INC0012345", "Laptop", start, gallery.Priya)) {
						m := gallery.Live(7, "INC0012345", "Laptop", start, gallery.Priya)
						if state == meeting.Failed || state == meeting.Unfinished {
							m = gallery.Unconfirmed(m, state)
						}
						m.State = state
						d := gallery.Own(m, a, gallery.First(m))
						d.Now, d.Done = gallery.Now.Add(age), 0
						d.CanChange, d.HelpDesk, d.KitOnly = viewer == "organizer", viewer == "help desk", viewer == "handed over"
						if sent {
							d.Notes = []meeting.Note{{ID: 1, Kind: meeting.Sent, Author: gallery.Priya, At: gallery.Now}}
						}
						var page bytes.Buffer
						if err := views.Meeting(p, d).Render(t.Context(), &page); err != nil {
							t.Fatal(err)
						}
						name := fmt.Sprintf("%s, %s old, for %s, sent %v, %s %s %s", state, age, viewer, sent, a.Kind, a.State, a.Reason)
						wantTrue(t, name, page.String(), d, a, sent)
					}
				}
			}
		}
	}
}

// truthAttempts returns attempts whose banners can become outdated.
func truthAttempts(m meeting.Meeting) (list []meeting.Attempt) {
	for _, outcome := range []meeting.Outcome{meeting.OutcomeCreated, meeting.OutcomeConfirmed, meeting.OutcomeFound, meeting.OutcomeUpdated, meeting.OutcomeRead, meeting.OutcomeAdopted} {
		list = append(list, gallery.Attempt(m, meeting.KindUpdate, meeting.AttemptDone, outcome, "", gallery.Call(200, "")))
	}
	for _, reason := range []meeting.Reason{meeting.ReasonThrottled, meeting.ReasonBusy, meeting.ReasonWait, meeting.ReasonChanged} {
		list = append(list, gallery.Attempt(m, meeting.KindUpdate, meeting.AttemptFailed, "", reason, gallery.Call(429, "")))
	}
	known := gallery.Attempt(m, meeting.KindUpdate, meeting.AttemptFailed, "", meeting.ReasonThrottled, gallery.Call(429, ""))
	known.Calls[0].RetryAt = gallery.Now.Add(-time.Minute)
	return append(list, known)
}

func wantTrue(t *testing.T, name, page string, d views.MeetingData, a meeting.Attempt, sent bool) {
	t.Helper()
	has := func(text string) bool { return strings.Contains(page, text) }
	ended := d.Meeting.Ended(d.Now)
	if strings.Contains(strings.ToLower(page), "nobody was told") && (sent || ended || d.Meeting.State != meeting.Live) {
		t.Errorf("%s: it says that nobody was told", name)
	}
	if a.State == meeting.AttemptDone && (has(`data-tone="good" id="news"`) || has("Microsoft confirmed it")) {
		t.Errorf("%s: an outcome is still news", name)
	}
	if has("Wait a few minutes") && (d.Now.Sub(a.UpdatedAt) > 10*time.Minute || slices.ContainsFunc(a.Calls, func(c meeting.Call) bool { return !c.RetryAt.IsZero() })) {
		t.Errorf("%s: it says to wait a few minutes", name)
	}
	if d.Meeting.JoinURL == "" && has(`id="join"`) {
		t.Errorf("%s: it has an empty card for joining", name)
	}
}
