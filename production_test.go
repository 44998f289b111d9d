package meetdesk_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestProductionHasNoEmulator checks that only meetdesk-demo contains the emulator, its
// OpenID provider and the demo.
func TestProductionHasNoEmulator(t *testing.T) {
	for program, want := range map[string]bool{"./cmd/meetdesk": false, "./cmd/meetdesk-demo": true} {
		packages, err := exec.Command("go", "list", "-deps", program).Output()
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, name := range strings.Fields(string(packages)) {
			if name == "meetdesk/demo" || strings.HasPrefix(name+"/", "meetdesk/emulator/") || strings.HasPrefix(name, "github.com/zitadel/") {
				found = true
				if !want {
					t.Errorf("%s contains %s", program, name)
				}
			}
		}
		if found != want {
			t.Errorf("%s contains the emulator: %v, want %v", program, found, want)
		}
	}
}
