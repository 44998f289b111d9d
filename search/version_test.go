package search_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"meetdesk/meeting"
	"meetdesk/search"
	"meetdesk/testenv"
)

// rulesOf is a digest of what the indexing rules return for many strings. A Go upgrade may
// also change it, by bringing newer Unicode tables.
const rulesOf = "a1ef4dfeafb225c87f0f6a63"

// TestIndexVersion fails if the indexing rules have changed. Unless IndexVersion is
// increased too, searches might miss meetings that are already indexed.
func TestIndexVersion(t *testing.T) {
	testenv.SkipUnderRace(t)
	testenv.SkipIfShort(t)
	sum := sha256.New()
	write := func(text string) {
		fmt.Fprintf(sum, "%q %q %q\n", search.Fold(text), search.IndexText(text), meeting.TicketKey(text))
	}
	for r := rune(1); r <= utf8.MaxRune; r++ {
		if utf8.ValidRune(r) && (r < 0x3000 || r%7 == 0 || r < 0x12000 && r > 0xf000) {
			write("a" + string(r) + "1" + string(r))
		}
	}
	for _, text := range strings.Split("INC0012345~2,[INC 0012345]~2,(INC1~2),inc-12 345,#REQ 7,1-23,12-3,Søren O'Neill,it's,co-operate,e-mail,Straße,ŁÓDŹ-3,"+
		"會議室,ﬁne,½ day,a.b@contoso.example,C++,R&D,été,ете,I\u0307,İstanbul,ıspanak,\u200bx\u00ad", ",") {
		write(text)
	}
	if got := hex.EncodeToString(sum.Sum(nil)[:12]); got != rulesOf {
		t.Errorf("the rules have the digest %s, want %s: raise search.IndexVersion and set rulesOf to the new digest", got, rulesOf)
	}
}
