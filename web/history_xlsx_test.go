package web_test

import (
	"archive/zip"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"meetdesk/store/enginetest"
	"meetdesk/testenv"
)

type cell struct {
	Ref   string `xml:"r,attr"`
	Kind  string `xml:"t,attr"`
	Style string `xml:"s,attr"`
	Value string `xml:"v"`
	Text  string `xml:"is>t"`
}

// workbook parses the first sheet in the response. It returns the cells, keyed by meeting
// ID and column name.
func (p *page) workbook() map[string]map[string]cell {
	p.t.Helper()
	book, err := zip.NewReader(strings.NewReader(p.body), int64(len(p.body)))
	if err != nil {
		p.t.Fatalf("%s: %v", p.url, err)
	}
	file, err := book.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		p.t.Fatal(err)
	}
	var sheet struct {
		Rows []struct {
			Cells []cell `xml:"c"`
		} `xml:"sheetData>row"`
	}
	if err := xml.NewDecoder(file).Decode(&sheet); err != nil || len(sheet.Rows) == 0 {
		p.t.Fatalf("the sheet has %d rows (%v)", len(sheet.Rows), err)
	}
	names := make(map[string]string) // maps column letters to names in the header row
	for _, c := range sheet.Rows[0].Cells {
		names[strings.TrimRight(c.Ref, "0123456789")] = c.Text
	}
	rows := make(map[string]map[string]cell)
	for _, r := range sheet.Rows[1:] {
		row := make(map[string]cell)
		for _, c := range r.Cells {
			row[names[strings.TrimRight(c.Ref, "0123456789")]] = c
		}
		rows[row["id"].Value] = row
	}
	return rows
}

// oddIDs are external IDs that a spreadsheet program may mistake for a number, a date
// or a formula, or may display differently.
var oddIDs = []string{
	"0012345", "1-23", "12E4", "1234567890123", "98765432109876543210", "=1+1", "+351 1", "-5", "@SUM(A1)", "3/4", "1.50", "1,50", "1,234", "1.234", "1;2", "12:30",
	"2027-03-03", "3.3.2027", "JAN1", "50%", "$5", "TRUE", "VERDADEIRO", "0x1F", "１２３", "＝1", "١٢٣٤", "१२३", "'007", "''", `"12"`, "(5)", "#N/A", "1 000", "--1", "INC_x0041_1",
}

// Gnumeric and LibreOffice show the workbook's IDs exactly as recorded, except for an escape
// that Gnumeric does not decode. Times are in the user's time zone.
func TestWorkbookInSpreadsheets(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t)
	b := s.signIn(priya)
	for _, id := range oddIDs {
		b.post("/meetings", s.form("external_id", id, "anyway", "1", "subject", id, "date", "2027-07-05", "start", "10:00", "end", "10:45")).want(200, "Created")
	}
	inDatabase(t, s, `UPDATE meetings SET join_meeting_id = '0' || substr(join_meeting_id, 2), conference_id = '00' || id`)
	inDatabase(t, s, `UPDATE meetings SET time_zone = 'Asia/Tokyo' WHERE id = 1`)
	inDatabase(t, s, `UPDATE meetings SET end_at = NULL WHERE id = 2`)
	want := record(t, s)
	for _, language := range []string{"en", "pt-BR"} {
		b.post("/preferences", map[string][]string{"language": {language}}).want(200)
		p := b.get("/history.xlsx").want(200)
		wantStrict(t, p)
		if kind, name := p.header.Get("Content-Type"), p.header.Get("Content-Disposition"); kind != "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" || name != `attachment; filename="meetings-`+s.now().UTC().Format(time.DateOnly)+`.xlsx"` {
			t.Errorf("Content-Type %s, Content-Disposition %s", kind, name)
		}
		rows := p.workbook()
		if len(rows) != len(want) {
			t.Fatalf("the workbook has %d rows, want %d", len(rows), len(want))
		}
		for _, m := range want {
			row := rows[strconv.FormatInt(m.ID, 10)]
			for column, text := range map[string]string{"external_id": strings.ReplaceAll(m.ExternalID, "_x0041_", "_x005F_x0041_"), "meeting_id": m.JoinMeetingID, "conference_id": m.ConferenceID, "toll_number": m.TollNumber, "graph_id": m.GraphID} {
				if c := row[column]; c.Kind != "inlineStr" || c.Text != text {
					t.Errorf("the cell %s of %q is %+v, want the text %q", column, m.ExternalID, c, text)
				}
			}
			start, end := row["start (Europe/Lisbon)"], row["end (Europe/Lisbon)"]
			if start.Value != "46573.416666666664" || start.Kind != "" || (end.Value != "46573.447916666664") != m.End.IsZero() {
				t.Errorf("%q has the start cell %+v and the end cell %+v", m.ExternalID, start, end)
			}
		}
		file := writeFile(t, filepath.Join(t.TempDir(), "meetings.xlsx"), p.body)
		for name, shown := range map[string]func(*testing.T, string) [][]string{
			"gnumeric":          func(t *testing.T, file string) [][]string { return gnumeric(t, file) },
			"libreoffice/en-US": func(t *testing.T, file string) [][]string { return libreoffice(t, file, "en-US") },
			"libreoffice/pt-BR": func(t *testing.T, file string) [][]string { return libreoffice(t, file, "pt-BR") },
		} {
			t.Run(language+"/"+name, func(t *testing.T) {
				table := shown(t, file)
				for _, m := range want {
					at := slices.IndexFunc(table, func(row []string) bool { return row[0] == strconv.FormatInt(m.ID, 10) })
					if at < 0 {
						t.Fatalf("no row for meeting %d in %q", m.ID, table)
					}
					id := m.ExternalID
					if name == "gnumeric" {
						id = strings.ReplaceAll(id, "_x0041_", "_x005F_x0041_") // Gnumeric does not decode this escape
					}
					row := table[at]
					if row[1] != id || row[column(table, "meeting_id")] != m.JoinMeetingID || row[column(table, "conference_id")] != m.ConferenceID {
						t.Errorf("the external ID %q shows as %q, the meeting ID %q as %q, the conference ID %q as %q", m.ExternalID, row[1], m.JoinMeetingID, row[column(table, "meeting_id")], m.ConferenceID, row[column(table, "conference_id")])
					}
					if start := strings.ReplaceAll(row[4], "/", "-"); !strings.HasPrefix(start, "2027-07-05 10:00") || (row[5] == "") != m.End.IsZero() {
						t.Errorf("%q shows the start %q and the end %q", m.ExternalID, row[4], row[5])
					}
				}
			})
		}
	}
}

func column(table [][]string, name string) int { return slices.Index(table[0], name) }

// gnumeric returns the cells of the file as Gnumeric shows them.
func gnumeric(t *testing.T, file string) [][]string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "shown.csv")
	output(t, exec.Command(testenv.Program(t, "ssconvert", "gnumeric"), file, out))
	return readCSV(t, out)
}

// libreoffice returns the cells of the file as LibreOffice shows them in the given language.
func libreoffice(t *testing.T, file, language string) [][]string {
	t.Helper()
	path := testenv.Program(t, "soffice", "libreoffice-calc-nogui")
	profile, dir := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(profile, "user"), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(profile, "user", "registrymodifications.xcu"), `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>`+language+`</value></prop></item></oor:items>`)
	const asCSV = `csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true` // separated by commas, quoted with double quotes, in UTF-8, with cells as shown
	output(t, exec.Command(path, "--headless", "-env:UserInstallation=file://"+profile, "--convert-to", asCSV, "--outdir", dir, file))
	return readCSV(t, filepath.Join(dir, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))+".csv"))
}

func readCSV(t *testing.T, file string) [][]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil || len(table) < 2 {
		t.Fatalf("the program exported %q (%v)", text, err)
	}
	return table
}

// CSV rows end in CRLF, line breaks within cells do not change, and Gnumeric reads no cell
// as a formula.
func TestCSVInGnumeric(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t)
	b := s.signIn(priya)
	b.post("/meetings", s.form("subject", "x")).want(200)
	for _, subject := range []string{"=1+1", "two\nlines", "two\r\nlines", "one\rmore", "a;=1+1", "tab\there", `"=1+1"`, "plain", " blank ", "ü, 日本"} {
		inDatabase(t, s, `UPDATE meetings SET subject = $1`, subject)
		p := b.get("/history.csv").want(200)
		if rest := strings.Replace(p.body, subject, "", 1); strings.HasPrefix(subject, "two") && strings.Contains(strings.ReplaceAll(rest, "\r\n", ""), "\n") || strings.Count(rest, "\r\n") != 2 || !strings.HasSuffix(rest, "\r\n") {
			t.Errorf("%q: the rows do not end in CRLF: %q", subject, p.body)
		}
		if strings.Contains(subject, "lines") && !strings.Contains(p.body, `"`+subject+`"`) {
			t.Errorf("the export does not quote %q: %q", subject, p.body)
		}
		file := writeFile(t, filepath.Join(t.TempDir(), "meetings.csv"), p.body)
		if table := gnumeric(t, file); slices.Contains(table[1], "2") || len(table) != 2 {
			t.Errorf("Gnumeric shows %q as %q", subject, table[1])
		}
	}
}

// A workbook contains the meetings that match the query and that the person may see.
// Exports by the help desk are audited.
func TestWorkbookFollowsTheQuery(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	s := newSite(t)
	b, o, d := s.signIn(priya), s.signIn(tomas), s.signIn(dana)
	b.post("/meetings", s.form()).want(200)
	o.post("/meetings", s.form("external_id", "TOM-1", "subject", "Impressora", "attendees", "")).want(200)
	for _, tt := range []struct {
		who  *browser
		path string
		want int
	}{{b, "?whose=all", 1}, {o, "?q=impressora", 1}, {b, "?q=impressora", 0}, {d, "", 2}, {d, "?q=tom", 1}, {d, "?state=removed", 0}, {o, "?q=TOM-1", 1}} {
		if rows := tt.who.get("/history.xlsx" + tt.path).want(200).workbook(); len(rows) != tt.want {
			t.Errorf("%q exports %d rows, want %d", tt.path, len(rows), tt.want)
		}
	}
	if lines := audit(t, s); !slices.Contains(lines, dana+" history.export 0 tom") {
		t.Errorf("the audit log lacks the export: %q", lines)
	}
	s.browser().get("/history.xlsx").want(200, "Pick an account")

	inDatabase(t, s, `UPDATE users SET time_zone = '' WHERE upn = $1`, dana)
	if row := d.get("/history.xlsx").want(200).workbook()["1"]; row["start (UTC)"].Value == "" {
		t.Errorf("a user without a time zone gets the columns %v, want times in UTC", row)
	}
}

// A workbook must not look complete if the download is cut short.
func TestWorkbookBreaksOff(t *testing.T) {
	t.Parallel()
	testenv.SkipUnlessLong(t)
	s := newSite(t)
	insertMeetings(t, s, 3_300, 10)
	inDatabase(t, s, `UPDATE meetings SET subject = `+enginetest.RandomText(16_000)) // compression only halves the size of this text
	d := s.signIn(dana)
	resp := d.startDownload("/history.xlsx")
	inDatabase(t, s, `ALTER TABLE attendees RENAME TO renamed_attendees`)
	if rest, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the download ends with %v after %d more bytes, want an unexpected EOF", err, len(rest))
	}
	wantErrorPage(t, d.get("/history.xlsx").want(500))
}
