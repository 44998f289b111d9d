package store_test

import (
	"testing"

	"meetdesk/meeting"
	"meetdesk/store/listing"
)

// A search finds a meeting by the subject and the attendees in Graph's reply, but not by
// the values that the reply replaced.
func TestSearchFindsWhatTheReplySays(t *testing.T) {
	for name, tt := range map[string]struct {
		change  func(*meeting.Details)
		old, by string
	}{
		"subject":   {func(d *meeting.Details) { d.Subject = "Scanner" }, "printer", "scanner"},
		"attendees": {func(d *meeting.Details) { d.Attendees[0].UPN = "zoe@contoso.example" }, "dana", "zoe"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir())
			u := signIn(t, s, "one").User
			in := createOf(u, "INC1")
			r := reply("G1", in.Asked.Subject)
			r.Attendees = []meeting.Attendee{in.Asked.Attendees[0]}
			wantFound := func(text string, want int) {
				t.Helper()
				page, err := s.History(t.Context(), listing.Criteria{UserID: u.ID, Text: text, Limit: 10})
				if err != nil || len(page.Rows) != want {
					t.Errorf("%q finds %d meetings, %v; want %d", text, len(page.Rows), err, want)
				}
			}
			wantFound(tt.old, 0)
			b := begin(t, s, in)
			wantFound(tt.old, 1)
			tt.change(&r.Details)
			if _, err := s.Finish(t.Context(), finishOf(b, r)); err != nil {
				t.Fatal(err)
			}
			wantFound(tt.old, 0)
			wantFound(tt.by, 1)
		})
	}
}
