package compact

import "testing"

func TestShortOption(t *testing.T) {
	for _, value := range append([]string{"", "{", "{{", "{0}", "{1", "0", "somethingNew", "Everyone"}, options[:]...) {
		if full := FullOption(shortOption(value)); full != value {
			t.Errorf("%q is stored as %q and read as %q", value, shortOption(value), full)
		}
	}
	for _, value := range options {
		if short := shortOption(value); len(short) != 2 {
			t.Errorf("%q is stored as %q", value, short)
		}
	}
}
