package form_test

import (
	"testing"
	"time"

	"meetdesk/form"
	"meetdesk/linear"
)

// TestFormIsReadInLinearTime checks that the time for reading a form grows linearly with
// the length of its texts.
func TestFormIsReadInLinearTime(t *testing.T) {
	linear.Texts(t, 8<<10, "", "", func(s string) {
		form.Form{ExternalID: s, Subject: s, Date: s, Start: s, End: s, EndDate: s, Duration: s, TimeZone: s, Fold: s, ThreadID: s, Organizer: s}.Request(time.Now())
	})
}
