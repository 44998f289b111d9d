package web_test

import (
	"slices"
	"strings"
	"testing"

	"meetdesk/testenv"
)

// Search text is never treated as query syntax. For Priya, every query finds her own meeting
// or nothing.
func TestSearchTextIsNotSyntax(t *testing.T) {
	testenv.SkipUnderRace(t)
	t.Parallel()
	testenv.SkipUnlessLong(t)
	s := newSite(t)
	p, o, d := s.signIn(priya), s.signIn(tomas), s.signIn(dana)
	p.post("/meetings", s.form("external_id", "12-3", "subject", "Printer", "attendees", "Ana Conceição <ana@fabrikam.example>")).want(200)
	o.post("/meetings", s.form("external_id", "INC0012345", "subject", "Impressora quebrada", "attendees", "")).want(200)
	tomasMeeting := newest(t, s, "INC0012345")
	for _, tt := range []struct {
		query string
		own   bool // whether the search finds Priya's own meeting
	}{
		{"Printer", true}, {"impressora", false}, {"INC0012345", false}, {tomasMeeting.JoinMeetingID, false},
		// Column names and the index's internal scope tokens.
		{"scope : u2", false}, {"scope:u2", false}, {"{scope} : u2", false}, {`"scope" : "u2"`, false}, {"- scope : u1", false}, {"scope : u1", false}, {"{scope subject} : printer", false},
		{"u1", false}, {"u2", false}, {"u*", false}, {"e0", false}, {"u2 e0", false}, {"u1 OR u2", false}, {"e0*", false}, {"printer u2", false}, {"printer u1", false}, {"u-1", false}, {"u-2", false}, {"#u 1", false}, {"e-0", false}, {"printer) OR scope : (u2", false},
		{"subject : impressora", false}, {"subject : printer", false}, {"external_id : INC0012345", false}, {"{external_id} : INC0012345", false}, {"organizer:tomas", false}, {"attendees : *", false},
		{"meetings_fts", false}, {"rowid:2", false}, {"rank : bm25()", false},
		// Operators.
		{"printer OR impressora", false}, {"impressora OR printer", false}, {"NOT printer", false}, {"printer NOT impressora", false}, {"printer AND impressora", false}, {"printer AND", false}, {"AND", false}, {"OR", false}, {"NOT", false}, {"NEAR", false},
		{"NEAR(impressora printer)", false}, {"NEAR(printer, 10)", false}, {"impressora + printer", false}, {"^impressora", false}, {"^printer", true}, {"+printer", true}, {"-printer", true}, {"-impressora", false}, {"printer*", true}, {"pri*", true}, {"*", false}, {"impress*", false},
		{"printer:", true}, {"printer -", true}, {"%", false}, {"impr_ssora", false}, {"impr%", false},
		// Quotes and brackets.
		{`"printer"`, true}, {`'printer'`, true}, {`“printer”`, true}, {`"`, false}, {`'`, false}, {`""`, false}, {`"""`, false}, {`printer"`, true}, {`"printer`, true}, {`impressora" OR "printer`, false}, {`printer" OR "impressora`, false}, {`x") OR ("impressora`, false},
		{`' OR '1'='1`, false}, {`'; DROP TABLE meetings; --`, false}, {"impressora') --", false}, {"(printer)", true}, {"(printer", true}, {"printer)", true}, {"printer) OR (impressora", false}, {"[printer]", true}, {"{printer}", true}, {"((((((", false}, {"`printer`", true}, {`\printer\`, true}, {"$1", false}, {"?1", false}, {":a", false}, {"@x", false},
		// Invalid UTF-8, control characters, emoji and other scripts.
		{"impressora\x00", false}, {"\x00impressora", false}, {"print\x00er", false}, {"printer\x00", true}, {"\x00", false}, {"printer\x00 OR impressora", false}, {"\xff\xfe", false}, {"printer\xff", true}, {"\xffimpressora", false}, {"\xed\xa0\x80", false}, {"printer\u202e", true}, {"\ufeffprinter", true}, {"\u200bprinter\u200b", true},
		{"### ~~~", false}, {"!!!", false}, {"...", false}, {"—", false}, {"   ", true}, {"", true}, {"\t\r\n", true}, {"😀", false}, {"printer 😀", true}, {"😀printer", true}, {"👩‍👩‍👧 printer", true}, {"\U0001F1F5\U0001F1F9", false},
		{"prínter", true}, {"pri\u0301nter", true}, {"\u0301", false}, {"\u0301\u0301\u0301 printer", true}, {"printer" + strings.Repeat("\u0301", 500), true}, {"１２-３", true}, {"１２３", false}, {"Ｐｒｉｎｔｅｒ", true}, {"١٢٣", false}, {"مرحبا", false}, {"שלום printer", false}, {"\u202eretnirp", false}, {"日本語", false}, {"conceicao", true}, {"CONCEIÇÃO", true}, {"ß", false}, {"ﬀ", false},
		// Length.
		{strings.Repeat("printer ", 5000), true}, {strings.Repeat("printer ", 16) + "and what else was said", true}, {strings.Repeat("impressora ", 5000), false}, {strings.Repeat("x", 60_000), false}, {"printer" + strings.Repeat(" ", 60_000), true}, {strings.Repeat(`"`, 20_000), false}, {strings.Repeat("(", 20_000), false}, {strings.Repeat("a:", 20_000), false},
		{strings.Repeat("NEAR(", 5_000), false}, {strings.Repeat("e\u0301", 10_000), false}, {strings.Repeat("😀", 5_000), false}, {strings.Repeat("19:", 10_000), false}, {strings.Repeat("%25", 10_000), false}, {strings.Repeat("1 ", 5_000), false}, {"printer " + strings.Repeat("the ", 5000), false},
	} {
		short := tt.query[:min(len(tt.query), 60)]
		for _, more := range []string{"", "&state=upcoming&origin=created", "&sort=start&whose=" + tomas} {
			result := p.get("/history?list=1&" + urlQuery("q", tt.query) + more)
			if result.status != 200 {
				t.Fatalf("%q: status %d:\n%s", short, result.status, result.text())
			}
			rows := rowIDs(result)
			if slices.Contains(rows, "2") || strings.Contains(result.doc.Find("table.history tbody").Text(), "Impressora") {
				t.Errorf("%q%s shows a colleague's meeting:\n%s", short, more, result.text())
			}
			if (len(rows) == 1) != tt.own {
				t.Errorf("%q%s finds the meetings %q; want Priya's own among them: %v", short, more, rows, tt.own)
			}
		}
		if export := p.get("/history.csv?" + urlQuery("q", tt.query)); export.status >= 500 || strings.Contains(export.body, "Impressora") || (export.status == 200 && tt.query != "" && strings.Contains(export.body, "Printer") != tt.own) {
			t.Errorf("%q: the CSV export has status %d and contains\n%s", short, export.status, export.body)
		}
		if result := d.search(tt.query); result.status != 200 || slices.Contains(rowIDs(result), "1") != tt.own {
			t.Errorf("%q: the help desk finds %q with status %d", short, rowIDs(result), result.status)
		}
	}
}
