package compact

import (
	"strings"
	"testing"
)

func TestShortGUID(t *testing.T) {
	for text, short := range map[string]bool{
		organizer: true, strings.ToUpper(organizer): false, organizer + "0": false, organizer[1:]: false,
		"": false, "{": false, "{{": false, "{}": false, "{OhwPUm0-S3qdVB8MaiuOAQ": false, "not-a-guid": false, "{" + organizer: false,
	} {
		stored := ShortGUID(text)
		if got := FullGUID(stored); got != text {
			t.Errorf("%q was stored as %q and read as %q", text, stored, got)
		}
		if (len(stored) < len(text)) != short {
			t.Errorf("%q is stored as %q", text, stored)
		}
	}
	if damaged := "{!"; FullGUID(damaged) != damaged {
		t.Errorf("%q is read as %q", damaged, FullGUID(damaged))
	}
}
