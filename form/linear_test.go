package form_test

import (
	"testing"
	"time"

	"meetdesk/form"
	"meetdesk/linear"
)

// The inputs are larger than every limit of the parsers, or smaller.
func TestFormIsReadInLinearTime(t *testing.T) {
	linear.Texts(t, 8<<10, "", "", func(s string) {
		form.Form{ExternalID: s, Subject: s, Date: s, Start: s, End: s, EndDate: s, Duration: s, TimeZone: s, Fold: s, ThreadID: s, Organizer: s}.Request(time.Now())
	})
}
