package meetdesk_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A test that is skipped under the race detector must be listed in without_race in the
// Makefile. Otherwise "make test RACE=1" never runs it.
func TestSkippedUnderRaceRunsWithoutIt(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?m)^without_race := (.+)$`).FindSubmatch(makefile)
	if list == nil {
		t.Fatal("the Makefile has no variable without_race")
	}
	runs, found := regexp.MustCompile(string(list[1])), 0
	function := regexp.MustCompile(`(?ms)^func (Test\w+)\(.*?^}`)
	err = filepath.WalkDir(".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, "_test.go") || file == "race_test.go" {
			return err
		}
		source, err := os.ReadFile(file)
		for _, f := range function.FindAllSubmatch(source, -1) {
			isSkipped := regexp.MustCompile(`testenv\.SkipUnderRace|linear\.(Check|Texts)`).Match(f[0])
			if isSkipped {
				found++
			}
			if isSkipped && !runs.Match(f[1]) {
				t.Errorf("%s: RACE=1 never runs %s: add it to without_race in the Makefile", file, f[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 20 {
		t.Errorf("found %d tests, want 20 at least", found)
	}
}
