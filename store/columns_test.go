package store

import (
	"testing"
	"time"
)

// A Date header is read back exactly as Graph wrote it. A date in the usual format is
// stored in fewer bytes.
func TestStoredDate(t *testing.T) {
	begun := time.Date(2023, 11, 29, 21, 54, 8, 900e6, time.UTC)
	for header, want := range map[string]string{
		"Wed, 29 Nov 2023 21:54:09 GMT": "+1", "Wed, 29 Nov 2023 21:54:08 GMT": "+0", "Wed, 29 Nov 2023 20:54:08 GMT": "+-3600", "": "", "Mon, 01 Jan 0001 00:00:00 GMT": "+-63836891648",
		"Thu, 29 Nov 2023 21:54:09 GMT": "Thu, 29 Nov 2023 21:54:09 GMT", "Wed, 29 Nov 2023 21:54:09 +0000": "Wed, 29 Nov 2023 21:54:09 +0000",
		"@soon": "=@soon", "+5": "=+5", "=": "==", "@1701294849": "=@1701294849",
	} {
		value, err := storedDate{&header, &begun}.Value()
		var read string
		if scanned := (storedDate{&read, &begun}).Scan(value); err != nil || scanned != nil || value != want || read != header {
			t.Errorf("%q was stored as %q (%v), want %q, and read as %q (%v)", header, value, err, want, read, scanned)
		}
	}
	for stored, want := range map[string]string{"@1701294849": "Wed, 29 Nov 2023 21:54:09 GMT", "@soon": "@soon", "+": "+"} { // older versions may have stored these values
		var read string
		if err := (storedDate{&read, &begun}).Scan(stored); err != nil || read != want {
			t.Errorf("%q was read as %q (%v), want %q", stored, read, err, want)
		}
	}
}
