package meetdesk_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// printedSetting matches a setting with its value, as a reader would copy it.
var printedSetting = regexp.MustCompile(`MEETDESK_[A-Z_]+=(\S+)`)

// printedPattern matches a pattern for ticket numbers that is printed without the name of
// its setting.
var printedPattern = regexp.MustCompile("[\"'`(]?\\^INC\\S*")

// TestPrintedSettingsKeepTheirBackslashes checks that single quotes surround each printed
// value that contains a backslash. If somebody copies a value without quotes, systemd and
// shells remove the backslashes, and no ticket matches the pattern.
func TestPrintedSettingsKeepTheirBackslashes(t *testing.T) {
	settings, patterns := 0, 0
	for _, glob := range []string{"*.md", "docs/*.md", "packaging/*", "locale/*.json", "cmd/meetdesk/config*.go", "selfcheck/*.go"} {
		names, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if info, err := os.Stat(name); err != nil || info.IsDir() || strings.HasSuffix(name, "_test.go") {
				continue
			}
			for number, line := range lines(t, name) {
				for _, m := range printedSetting.FindAllStringSubmatch(line, -1) {
					settings++
					if strings.Contains(m[1], `\`) && !strings.HasPrefix(m[1], "'") {
						t.Errorf("%s:%d: quote the value of %s", name, number+1, m[0])
					}
				}
				for _, m := range printedPattern.FindAllString(line, -1) {
					patterns++
					if strings.Contains(m, `\`) && m[0] != '\'' {
						t.Errorf("%s:%d: quote the pattern %s", name, number+1, m)
					}
				}
			}
		}
	}
	if settings < 20 || patterns < 5 {
		t.Errorf("only %d settings and %d patterns were found", settings, patterns)
	}
}
