package store

import "testing"

// A Date header is read as Graph wrote it, whatever that was. The usual form is stored in
// fewer bytes.
func TestStoredDate(t *testing.T) {
	for header, want := range map[string]string{
		"Wed, 29 Nov 2023 21:54:09 GMT": "@1701294849", "": "", "Thu, 29 Nov 2023 21:54:09 GMT": "Thu, 29 Nov 2023 21:54:09 GMT",
		"Wed, 29 Nov 2023 21:54:09 +0000": "Wed, 29 Nov 2023 21:54:09 +0000", "@soon": "@soon", "Mon, 01 Jan 0001 00:00:00 GMT": "@-62135596800",
	} {
		value, err := storedDate{&header}.Value()
		var read string
		if scanned := (storedDate{&read}).Scan(value); err != nil || scanned != nil || value != want || read != header {
			t.Errorf("%q was stored as %q (%v), want %q, and read as %q (%v)", header, value, err, want, read, scanned)
		}
	}
}
