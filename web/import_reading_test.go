package web_test

import (
	"net/url"
	"strings"
	"testing"

	"meetdesk/form"
	"meetdesk/spreadsheet"
)

// TestUnreadTableIsNamed checks that the page names the cell that makes a table unreadable
// and keeps the pasted rows.
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

// TestTypedOptionsComeBack checks that options can be typed in either language. The result
// contains them as they were typed, but Graph receives the corresponding values of its API.
func TestTypedOptionsComeBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	at := "\t" + day(s, 1) + "\t10:00\t0:30\t"
	p := b.paste("Chamado\tData\tInício\tDuração\tGravar\tAnunciar\tLobby\tApresentadores\tPessoas",
		"INC1"+at+"Não\tSIM\tPessoas convidadas\tEveryone",
		"INC2"+at+"1\t0\teveryone\t",
		"INC3"+at+"maybe\tY\t\tTodos\ttomas@contoso.example presenter").want(200, "2 meetings will be created, 1 row has problems.", "Row 4 has problems in: Record, Presenters")
	if chosen := p.doc.Find(`[name="r3.presenters"] option[selected]`).Text(); chosen != "Everyone" {
		t.Errorf("the dry run shows the presenters %q", chosen)
	}
	if chosen := p.doc.Find(`[name="r3.record"] option[selected]`).Text(); chosen != "maybe" {
		t.Errorf("the dry run shows the recording %q", chosen)
	}
	p = b.checked(p, "check", nil).want(200, "1 row has problems.")
	b.post("/preferences", url.Values{"language": {"pt-BR"}}).want(200)
	p = b.checked(p, "check", url.Values{"r3.record": {"off"}}).want(200)
	b.post("/preferences", url.Values{"language": {"en"}}).want(200)
	p = b.checked(p, "start", nil).want(200)
	if got := readColumn(t, s, `SELECT request FROM import_rows WHERE position = 1`); !strings.Contains(got, `{"lobby":"invited","presenters":"everyone","announce":"on","record":"off"}`) {
		t.Errorf("the first row requests %s", got)
	}
	if got := readColumn(t, s, `SELECT request FROM import_rows WHERE position = 2`); !strings.Contains(got, `{"lobby":"everyone","announce":"off","record":"on"}`) {
		t.Errorf("the second row requests %s", got)
	}
	execute(t, s, `UPDATE import_rows SET state = 'failed' WHERE state = 'waiting'`)
	for _, want := range []string{",Pessoas convidadas,Everyone,SIM,Não,", ",everyone,,0,1,", ",Todos,Y,Desativado,", ",0:30,"} {
		if file := b.get(p.url.Path + "/result.csv").want(200).body; !strings.Contains(file, want) {
			t.Errorf("the result lacks %q:\n%s", want, file)
		}
	}
}

// TestUnnamedColumnsComeBack checks that the page lists columns without a name as ignored,
// and that the result contains their cells.
func TestUnnamedColumnsComeBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.paste("Ticket\t\tDate\tStart\tRoom", "INC1\tlate\t"+day(s, 1)+"\t10:00\tA1\t\tcall first").want(200, "These columns are ignored: Column B, Room, Column G.")
	p = b.checked(p, "start", nil).want(200)
	execute(t, s, `UPDATE import_rows SET state = 'failed'`)
	file := b.get(p.url.Path + "/result.csv").want(200).body
	for _, want := range []string{",Column B,Room,Column G,", ",late,A1,call first,"} {
		if !strings.Contains(file, want) {
			t.Errorf("the result lacks %q:\n%s", want, file)
		}
	}
}

// TestTemplate checks that the template creates no meetings if it is uploaded unchanged,
// and that its columns are recognized in every language.
func TestTemplate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	for language, none := range map[string]string{"en": "There are no rows.", "pt-BR": "Não há linhas."} {
		b.post("/preferences", url.Values{"language": {language}}).want(200)
		file := b.get("/imports/template.xlsx").want(200).body
		b.upload("meetings.xlsx", file, url.Values{"time_zone": {"Europe/Lisbon"}}).want(422, none)
		table, err := spreadsheet.ReadBytes([]byte(file))
		if err != nil || len(table.Rows) != 1 || len(table.Rows[0].Cells) != len(form.TableInputs()) {
			t.Fatalf("%s: the template has %v, %v", language, table.Rows, err)
		}
		names := strings.Join(table.Rows[0].Cells, "\t")
		row := "INC-" + language + "\tExam\t" + day(s, 1) + "\t10:00\t10:30\t\t30\tEurope/Lisbon\ttomas@contoso.example\teveryone\teveryone\t1\t0"
		p := b.paste(names, row)
		if p.status != 200 || p.doc.Find("#counts strong").Text() == "" || strings.Contains(p.text(), "ignored") || p.doc.Find(".faulty").Length() != 0 {
			t.Errorf("%s: status %d for a filled template:\n%s", language, p.status, p.text())
		}
	}
}

// TestRowsThatDisagree checks that the dry run reports lengths that contradict the end or
// are ambiguous, and that corrections may be typed in the same formats as cells.
func TestRowsThatDisagree(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	p := b.paste("Ticket\tDate\tStart\tEnd\tLength", "INC1\t"+day(s, 1)+"\t10:00\t10:30\t45", "INC2\t"+day(s, 1)+"\t10h\t\t0,5").want(200,
		"0 meetings will be created, 2 rows have problems.",
		"Row 2, Length: The length is 45 minutes, but there are 30 minutes from the start to the end.",
		"Row 3, Length: “0,5” could be a number of hours or of days.")
	b.checked(p, "check", url.Values{"r1.duration": {""}, "r2.duration": {"1:30"}, "r2.start": {"2 pm"}}).want(200, "2 meetings will be created.", "14:00")
}
