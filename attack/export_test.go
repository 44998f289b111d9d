package attack_test

import (
	"archive/zip"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
)

// exported is an attack in which Dana exports a meeting with hostile text in its fields and in
// its organizer's name.
func exported(name, does, subject string) attack {
	return attack{name: "export/" + name, attacker: clerk, does: does, want: outcome{status: 200, sessions: 2, meetings: 1, sent: 1}, run: func(s *site) *page {
		s.signIn(priya).post("/meetings", s.form("subject", "x"))
		s.Exec(`UPDATE meetings SET subject = $1, join_meeting_id = $1, passcode = $1, conference_id = $1`, subject)
		s.Exec(`UPDATE users SET name = $1 WHERE upn = 'priya@contoso.example'`, subject)
		b := s.signIn(dana)
		s.checkCSV(b.get("/history.csv?bom=1"))
		s.checkXLSX(b.get("/history.xlsx"))
		return b.get("/history?list=1")
	}}
}

// checkCSV checks that a spreadsheet program treats no cell as a formula, whichever
// separator it uses to split the file.
func (s *site) checkCSV(p *page) {
	s.t.Helper()
	for _, comma := range []rune{',', ';', '\t', '|'} {
		reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.body, "\ufeff")))
		reader.Comma, reader.LazyQuotes, reader.FieldsPerRecord = comma, true, -1
		rows, err := reader.ReadAll()
		if err != nil || len(rows) < 2 {
			s.t.Errorf("with %q: %v in\n%s", comma, err, p.body)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
					s.t.Errorf("with %q as the separator, the cell %q is a formula", comma, cell)
				}
			}
		}
	}
}

// checkXLSX checks that each file in the workbook has an expected name and is well-formed
// XML. No file may contain a formula, a hyperlink or an external reference.
func (s *site) checkXLSX(p *page) {
	s.t.Helper()
	book, err := zip.NewReader(strings.NewReader(p.body), int64(len(p.body)))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, file := range book.File {
		if !regexp.MustCompile(`^(\[Content_Types\]\.xml|_rels/\.rels|xl/[A-Za-z0-9/_.]+\.(xml|rels))$`).MatchString(file.Name) {
			s.t.Errorf("the workbook has a file %q", file.Name)
		}
		r, err := file.Open()
		if err != nil {
			s.t.Fatal(err)
		}
		for decoder := xml.NewDecoder(r); ; {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				s.t.Errorf("%s: %v", file.Name, err)
				break
			}
			if start, ok := token.(xml.StartElement); ok && (start.Name.Local == "f" || start.Name.Local == "hyperlink" || start.Name.Local == "externalReference") {
				s.t.Errorf("%s has the element %s", file.Name, start.Name.Local)
			}
		}
		r.Close()
	}
}

func exportAttacks() []attack {
	return []attack{
		exported("formula-equals", "types a subject that starts a program", `=cmd|'/c calc'!A1`),
		exported("formula-plus", "types a subject that is a formula without an equals sign", `+1+cmd|' /C calc'!A0`),
		exported("formula-minus", "types a subject that begins with a minus", `-2+3+cmd|' /C calc'!A0`),
		exported("formula-at", "types a subject that calls a function", `@SUM(1+9)*cmd|' /C calc'!A0`),
		exported("formula-tab", "types a formula after a tab", "\t=1+1"),
		exported("formula-after-tab", "types a formula after text and a tab, which separates cells that are pasted", "a\t=2+2"),
		exported("formula-after-comma", "types a formula after a comma, for programs that ignore quotes", `a,=2+2,"=2+2`),
		exported("formula-after-pipe", "types a formula after a vertical bar", `a|@SUM(1)|"-2+3`),
		exported("formula-newline", "types a formula on a second line", "x\r\n=HYPERLINK(\"https://evil.example\",\"Join\")"),
		exported("formula-semicolon", "types a formula after a semicolon, which separates cells in many countries", `x;=HYPERLINK("https://evil.example")`),
		exported("formula-quote", "types a formula after a quotation mark", `x";"=1+1`),
		exported("formula-fullwidth", "types a formula with fullwidth characters", `＝1+1`),
		exported("formula-quote-first", "types a quotation mark before a formula", `"=1+1`),
		exported("dde", "types a subject that loads data from another program", `=DDE("cmd";"/C calc";"x")`),
		exported("xml", "types a subject that closes the cell of a workbook", `</t></is></c><c r="A1"><f>1+1</f></c>]]>&xxe;<!DOCTYPE x [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>`),
		exported("xml-control", "types a subject with characters that XML does not allow", "a\x01\x0b\x1f\ufffe\uffff_x0041_"),
	}
}
