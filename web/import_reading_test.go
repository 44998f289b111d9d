package web_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestUnreadTableIsNamed checks that the page names the cell because of which a table
// cannot be read, and that it keeps the pasted rows.
func TestUnreadTableIsNamed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	const rows = "Ticket;Subject;Start\nINC1;\"Oral exam;10:00\nINC2;B;11:00"
	b.post("/preferences", url.Values{"language": {"pt-BR"}}).want(200)
	b.paste(rows).want(422, "Na linha 2, a célula que começa com \"Oral exam tem aspas no início, mas não no fim.")
	b.post("/preferences", url.Values{"language": {"en"}}).want(200)
	p := b.paste(rows).want(422, "In line 2, the cell that begins with \"Oral exam has a quotation mark at its beginning, but none at its end.")
	if kept := p.doc.Find("textarea").Text(); kept != rows {
		t.Errorf("the pasted rows became %q", kept)
	}
	b.upload("a.csv", "Ticket;Subject\nINC1;A\x00B\n", nil).want(422, "In line 2, the cell that begins with “A\ufffdB” contains an invalid character (NUL)")
	b.upload("a.csv", "Ticket;Subject\nINC1;"+strings.Repeat("x", 70_000), nil).want(422, "In line 2, the cell that begins with “xxxx")
	if n := readColumn(t, s, `SELECT count(*) FROM imports`); n != "0" {
		t.Errorf("%s imports were stored", n)
	}
}
