package meetdesk_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asvsRows lists the sections of OWASP ASVS 5.0.0 that have requirements at level 1 or 2.
// In each section, these requirements are numbered from 1 to last.
var asvsRows = []struct {
	section string
	last    int
}{
	{"1.1", 2}, {"1.2", 9}, {"1.3", 11}, {"1.4", 3}, {"1.5", 2},
	{"2.1", 3}, {"2.2", 3}, {"2.3", 4}, {"2.4", 1},
	{"3.2", 2}, {"3.3", 4}, {"3.4", 6}, {"3.5", 5}, {"3.7", 2},
	{"4.1", 3}, {"4.2", 1}, {"4.3", 2}, {"4.4", 4},
	{"5.1", 1}, {"5.2", 3}, {"5.3", 2}, {"5.4", 3},
	{"6.1", 3}, {"6.2", 12}, {"6.3", 4}, {"6.4", 4}, {"6.5", 5}, {"6.6", 3}, {"6.8", 4},
	{"7.1", 3}, {"7.2", 4}, {"7.3", 2}, {"7.4", 5}, {"7.5", 2}, {"7.6", 2},
	{"8.1", 2}, {"8.2", 3}, {"8.3", 1}, {"8.4", 1},
	{"9.1", 3}, {"9.2", 4},
	{"10.1", 2}, {"10.2", 2}, {"10.3", 4}, {"10.4", 11}, {"10.5", 5}, {"10.6", 2}, {"10.7", 3},
	{"11.1", 2}, {"11.2", 3}, {"11.3", 3}, {"11.4", 4}, {"11.5", 1}, {"11.6", 1},
	{"12.1", 3}, {"12.2", 2}, {"12.3", 4},
	{"13.1", 1}, {"13.2", 5}, {"13.3", 2}, {"13.4", 5},
	{"14.1", 2}, {"14.2", 4}, {"14.3", 3},
	{"15.1", 3}, {"15.2", 3}, {"15.3", 7},
	{"16.1", 1}, {"16.2", 5}, {"16.3", 4}, {"16.4", 3}, {"16.5", 3},
	{"17.1", 1}, {"17.2", 4}, {"17.3", 2},
}

// asvsStates are the possible states of a row. "absent" means that the program lacks the
// feature to which the requirement applies.
var asvsStates = []string{"met", "provider", "operator", "accepted", "absent"}

var (
	asvsRow  = regexp.MustCompile(`^\| v5\.0\.0-([\d.]+) \|`)
	asvsSum  = regexp.MustCompile(`^\| (met|provider|operator|accepted|absent) \| (\d+) \|`)
	hasProof = regexp.MustCompile("`[a-z0-9/]+\\.(Test|Fuzz)|\\]\\(|`[a-z0-9_./-]+\\.(go|md|yml|mod|sum)`|`make ")
)

// TestASVSIsComplete checks that docs/asvs.md has one complete row for each requirement
// in asvsRows, in order. A row whose state is "met" must cite proof, and the totals at the
// top of the document must match the rows.
func TestASVSIsComplete(t *testing.T) {
	const name = "docs/asvs.md"
	var want, got []string
	for _, section := range asvsRows {
		for i := range section.last {
			want = append(want, fmt.Sprintf("%s.%d", section.section, i+1))
		}
	}
	counted, stated := make(map[string]string), make(map[string]string)
	states := make(map[string]int)
	for number, line := range lines(t, name) {
		if m := asvsSum.FindStringSubmatch(line); m != nil {
			stated[m[1]] = m[2]
		}
		m := asvsRow.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		got = append(got, m[1])
		cells := cellsOf(line)
		if len(cells) != 4 || cells[1] == "" || !slices.Contains(asvsStates, cells[2]) || cells[3] == "" {
			t.Errorf("%s:%d: want the number, what it asks for, one of %q, and the reason", name, number+1, asvsStates)
			continue
		}
		states[cells[2]]++
		if cells[2] == "met" && !hasProof.MatchString(cells[3]) {
			t.Errorf("%s:%d: %s is met, but without a test, a file or a link that shows it", name, number+1, m[1])
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the rows are\n%s\nwant\n%s", strings.Join(got, " "), strings.Join(want, " "))
	}
	for state, n := range states {
		counted[state] = fmt.Sprint(n)
	}
	if !maps.Equal(counted, stated) {
		t.Errorf("the table at the top says %v, and the rows are %v", stated, counted)
	}
}
