package form_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meetdesk/form"
	"meetdesk/meeting"
	"meetdesk/spreadsheet"
	"meetdesk/testenv"
)

// exams contains the rows that TestFilesAreReadAlike expects in every file. Depending on
// the format, a file also contains hidden sheets, rows and columns, merged title cells,
// formatted numbers or formulas.
const exams = `4 date=2027-03-31&duration=01:30&external_id=0012345&record=on&start=10:00&subject=Exam, “oral”; part "1" &  2
5 date=2027-04-01&duration=45&external_id=0012346&record=off&start=14:15&subject=Reunião, prova oral — João
6 date=2027-04-02&external_id=INC0012347&start=09:30&subject=0012345 again
7 date=2027-04-03&duration=00:20&external_id=INC0012348&start=00:00
`

func readExams(t *testing.T, file []byte) string {
	t.Helper()
	table, err := spreadsheet.ReadBytes(file)
	if err != nil {
		t.Fatal(err)
	}
	columns := tableColumns()
	columns.Fields[form.Fold("Ticket")] = meeting.FieldExternalID
	columns.Values[meeting.OptionRecord][form.Fold("TRUE")], columns.Values[meeting.OptionRecord][form.Fold("FALSE")] = meeting.On, meeting.Off
	read := form.FromTable(table, columns, "")
	order, _ := form.OrderOf(read.Rows, "")
	var b strings.Builder
	for _, row := range read.Rows {
		row.Form.ReadDates(order)
		var fields []string
		for name, values := range columns.ReadOptions(row.Form).Values() {
			fields = append(fields, name+"="+values[0])
		}
		slices.Sort(fields)
		fmt.Fprintf(&b, "%d %s\n", row.Number, strings.Join(fields, "&"))
	}
	return b.String()
}

// TestFilesAreReadAlike reads the same table from several files. LibreOffice and Gnumeric
// wrote some of the files. The others imitate files from Excel and Google Sheets.
func TestFilesAreReadAlike(t *testing.T) {
	samples, err := filepath.Glob("../spreadsheet/testdata/*.*s*")
	if err != nil || len(samples) < 6 {
		t.Fatal(samples, err)
	}
	for _, path := range samples {
		if strings.HasSuffix(path, ".fods") {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			file, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := readExams(t, file); got != exams {
				t.Errorf("read as\n%s\nwant\n%s", got, exams)
			}
		})
	}
	for name, file := range map[string][]byte{"Excel": excelFile(t, 0), "Excel, dates from 1904": excelFile(t, 1462), "Google Sheets": googleFile(t)} {
		t.Run(name, func(t *testing.T) {
			if got := readExams(t, file); got != exams {
				t.Errorf("read as\n%s\nwant\n%s", got, exams)
			}
		})
	}
}

// TestFreshFilesAreReadAlike reads files written by the installed spreadsheet programs.
func TestFreshFilesAreReadAlike(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	dir := t.TempDir()
	source, err := filepath.Abs("../spreadsheet/testdata/exams.fods")
	if err != nil {
		t.Fatal(err)
	}
	run := func(name, debian string, args ...string) {
		t.Helper()
		program := testenv.Program(t, name, debian)
		if said, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, said)
		}
	}
	office := func(t *testing.T, format string) {
		run("soffice", "libreoffice-calc-nogui", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", format, "--outdir", dir, source)
	}
	want := func(t *testing.T, name string) {
		t.Helper()
		file, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := readExams(t, file); got != exams {
			t.Errorf("%s is read as\n%s\nwant\n%s", name, got, exams)
		}
	}
	office(t, "ods")
	want(t, "exams.ods")
	office(t, "xlsx")
	want(t, "exams.xlsx")
	for _, name := range []string{"gnumeric.xlsx", "gnumeric.ods"} {
		run("ssconvert", "gnumeric", filepath.Join(dir, "exams.ods"), filepath.Join(dir, name))
		want(t, name)
	}
	run("ssconvert", "gnumeric", "--export-type=Gnumeric_stf:stf_assistant", "-O", "sheet=Exams separator=; format=preserve", filepath.Join(dir, "exams.ods"), filepath.Join(dir, "gnumeric.csv"))
	want(t, "gnumeric.csv")
}

// excelFile returns the table as Excel writes it (ECMA-376, part 1). before is subtracted
// from the serial numbers of dates: 0 for the 1900 date system, 1462 for the 1904 date
// system.
func excelFile(t *testing.T, before int) []byte {
	day := func(serial int, part string) string { return fmt.Sprint(serial-before) + part }
	workbook := `<workbookPr defaultThemeVersion="124226"/>`
	if before > 0 {
		workbook = `<workbookPr date1904="1" defaultThemeVersion="124226"/>`
	}
	const xml = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\r\n"
	return zipped(t,
		"[Content_Types].xml", xml+`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"xl/workbook.xml", xml+`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">`+workbook+
			`<bookViews><workbookView activeTab="1"/></bookViews><sheets><sheet name="Lists" sheetId="2" state="veryHidden" r:id="rId2"/><sheet name="Exams" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", xml+`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Target="worksheets/sheet2.xml"/><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/styles.xml", xml+`<styleSheet><numFmts count="2"><numFmt numFmtId="164" formatCode="0000000"/><numFmt numFmtId="165" formatCode="\I\N\C0000000;@"/></numFmts><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>
			<cellXfs count="7"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="20"/><xf numFmtId="46"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="9"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml", xml+`<sst count="9" uniqueCount="9"><si><t>Oral exams, spring 2027</t></si><si><t>Ticket</t></si><si><t>Subject</t></si><si><t>Date</t></si><si><t>Start</t></si><si><t>Duration</t></si><si><t>Record</t></si><si><t>Weight</t></si>
			<si><r><t xml:space="preserve">Exam, “oral”; </t></r><r><rPr><b/></rPr><t>part "1" &amp;  2</t></r><phoneticPr fontId="1"/></si></sst>`,
		"xl/worksheets/sheet2.xml", xml+`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>1</v></c></row></sheetData></worksheet>`,
		"xl/worksheets/sheet1.xml", xml+`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:G7"/><cols><col min="2" max="2" width="0" hidden="1" customWidth="1"/></cols><sheetData>
			<row r="1" spans="1:7"><c r="A1" t="s"><v>0</v></c><c r="B1"/><c r="C1"/></row>
			<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" t="s"><v>2</v></c><c r="C3" t="s"><v>3</v></c><c r="D3" t="s"><v>4</v></c><c r="E3" t="s"><v>5</v></c><c r="F3" t="s"><v>6</v></c><c r="G3" t="s"><v>7</v></c></row>
			<row r="4"><c r="A4" t="inlineStr"><is><t>0012345</t></is></c><c r="B4" t="s"><v>8</v></c><c r="C4" s="1"><v>`+day(46477, "")+`</v></c><c r="D4" s="2"><v>0.41666666666666669</v></c><c r="E4" s="3"><v>6.25E-2</v></c><c r="F4" t="b"><v>1</v></c><c r="G4" s="6"><v>0.5</v></c></row>
			<row r="5"><c r="A5" s="4"><v>12346</v></c><c r="B5" t="inlineStr"><is><t>Reunião, prova oral — João</t></is></c><c r="C5" s="1"><f>C4+1</f><v>`+day(46478, "")+`</v></c><c r="D5" s="2"><f>D4+4/24+15/1440</f><v>0.59374999999999989</v></c><c r="E5"><v>45</v></c><c r="F5" t="b"><v>0</v></c></row>
			<row r="6" hidden="1"><c r="A6" s="5"><v>12347</v></c><c r="B6" t="str"><f>A4&amp;" again"</f><v>0012345 again</v></c><c r="C6" s="1"><v>`+day(46479, ".395833333336")+`</v></c></row>
			<row r="7"><c r="A7" t="inlineStr"><is><t>INC0012348</t></is></c><c r="C7" s="1"><v>`+day(46480, "")+`</v></c><c r="D7" s="2"><v>0</v></c><c r="E7" s="3"><v>1.3888888888888888E-2</v></c></row>
			</sheetData><mergeCells count="1"><mergeCell ref="A1:G1"/></mergeCells></worksheet>`)
}

// googleFile returns the table as Google Sheets exports it: constant strings are shared,
// empty cells have styles, and the sheet's path is absolute.
func googleFile(t *testing.T) []byte {
	return zipped(t,
		"xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetPr><outlinePr summaryBelow="0"/></sheetPr><sheetData>
			<row r="1"><c r="A1" s="1" t="s"><v>9</v></c></row>
			<row r="3"><c r="A3" s="1" t="s"><v>0</v></c><c r="B3" s="1" t="s"><v>1</v></c><c r="C3" s="1" t="s"><v>2</v></c><c r="D3" s="1" t="s"><v>3</v></c><c r="E3" s="1" t="s"><v>4</v></c><c r="F3" s="1" t="s"><v>5</v></c></row>
			<row r="4"><c r="A4" s="2" t="s"><v>6</v></c><c r="B4" s="2" t="s"><v>7</v></c><c r="C4" s="3"><v>46477.0</v></c><c r="D4" s="4"><v>0.4166666666666667</v></c><c r="E4" s="4"><v>0.0625</v></c><c r="F4" s="1" t="b"><v>1</v></c></row>
			<row r="5"><c r="A5" s="5"><v>12346.0</v></c><c r="B5" s="1" t="s"><v>8</v></c><c r="C5" s="3"><f t="shared" ref="C5" si="1">C4+1</f><v>46478.0</v></c><c r="D5" s="4"><v>0.59375</v></c><c r="E5" s="1"><v>45.0</v></c><c r="F5" s="1" t="b"><v>0</v></c></row>
			<row r="6" hidden="1"><c r="A6" s="6"><v>12347.0</v></c><c r="B6" s="1" t="str"><f>A4&amp;" again"</f><v>0012345 again</v></c><c r="C6" s="7"><v>46479.395833333336</v></c></row>
			<row r="7"><c r="A7" s="1" t="s"><v>10</v></c><c r="B7" s="1"/><c r="C7" s="3"><v>46480.0</v></c><c r="D7" s="4"><v>0.0</v></c><c r="E7" s="4"><v>0.013888888888888888</v></c></row>
			<row r="8"><c r="A8" s="1"/></row></sheetData></worksheet>`,
		"xl/sharedStrings.xml", `<sst uniqueCount="11"><si><t>Ticket</t></si><si><t>Subject</t></si><si><t>Date</t></si><si><t>Start</t></si><si><t>Duration</t></si><si><t>Record</t></si><si><t>0012345</t></si><si><t xml:space="preserve">Exam, “oral”; part "1" &amp;  2</t></si><si><t>Reunião, prova oral — João</t></si><si><t>Oral exams, spring 2027</t></si><si><t>INC0012348</t></si></sst>`,
		"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="h:mm"/><numFmt numFmtId="166" formatCode="0000000"/><numFmt numFmtId="167" formatCode="&quot;INC&quot;0000000"/><numFmt numFmtId="168" formatCode="d/m/yyyy h:mm:ss"/></numFmts>
			<cellXfs><xf numFmtId="0"/><xf numFmtId="0"/><xf numFmtId="49"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="168"/></cellXfs></styleSheet>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId3" Type="sheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns:r="r"><workbookPr/><sheets><sheet state="visible" name="Exams" sheetId="1" r:id="rId3"/></sheets></workbook>`)
}

// zipped returns a ZIP archive. The parts alternate between file names and contents.
func zipped(t *testing.T, parts ...string) []byte {
	t.Helper()
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(w, parts[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}
