package spreadsheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"meetdesk/spreadsheet"
	"meetdesk/spreadsheet/hostile"
	"meetdesk/testenv"
	"meetdesk/xlsx"
)

// lines returns the table as text. Each line contains the number and the cells of one row.
func lines(t spreadsheet.Table) string {
	var b strings.Builder
	for _, row := range t.Rows {
		fmt.Fprintf(&b, "%d:%s\n", row.Number, strings.Join(row.Cells, "|"))
	}
	return b.String()
}

func archive(tb testing.TB, parts map[string]string) []byte {
	tb.Helper()
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

const (
	workbook = `<workbook xmlns:r="r"><workbookPr/><sheets><sheet name="Hidden" state="hidden" r:id="rId1"/><sheet name="A" r:id="rId2"/></sheets></workbook>`
	rels     = `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/other.xml"/></Relationships>`
)

// book returns a workbook with the given rows in its first visible sheet.
func book(tb testing.TB, rows string) []byte {
	return archive(tb, map[string]string{
		"xl/workbook.xml": workbook, "xl/_rels/workbook.xml.rels": rels,
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row><c t="str"><v>hidden</v></c></row></sheetData></worksheet>`,
		"xl/worksheets/other.xml":  `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`,
		"xl/sharedStrings.xml":     `<sst><si><t>Ticket</t></si><si><r><t>IN</t></r><r><t>C1</t></r><rPh><t>kana</t></rPh></si><si><t>unused</t></si><si><t>line_x000D_</t></si></sst>`,
		"xl/styles.xml":            `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0000000"/></numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
	})
}

func ods(tb testing.TB, rows string) []byte {
	return archive(tb, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": `<office:document-content><office:body><office:spreadsheet>
		<table:table table:name="A">` + rows + `</table:table><table:table><table:table-row><table:table-cell><text:p>second</text:p></table:table-cell></table:table-row></table:table>
		</office:spreadsheet></office:body></office:document-content>`})
}

func encoded(t *testing.T, text string, to interface{ Bytes([]byte) ([]byte, error) }) []byte {
	t.Helper()
	file, err := to.Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestRead(t *testing.T) {
	written := func(write func(*xlsx.Writer)) []byte {
		var file bytes.Buffer
		w := xlsx.NewWriter(&file, "Meetings", []xlsx.Column{{Name: "Ticket"}, {Name: "When"}})
		write(w)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return file.Bytes()
	}
	utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()
	for _, tt := range []struct {
		name string
		file []byte
		want string
	}{
		{"UTF-8", []byte("Ticket,Assunto\nINC1,Reunião\n"), "1:Ticket|Assunto\n2:INC1|Reunião\n"},
		{"UTF-8 with a byte order mark", []byte("\ufeffTicket;Assunto\r\nINC1;Reunião\r\n"), "1:Ticket|Assunto\n2:INC1|Reunião\n"},
		{"UTF-16", encoded(t, "Ticket\tAssunto\r\nINC1\tReunião\r\n", utf16), "1:Ticket|Assunto\n2:INC1|Reunião\n"},
		{"UTF-16 without a mark", encoded(t, "Ticket,A\nINC1,B\n", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder()), "1:Ticket|A\n2:INC1|B\n"},
		{"UTF-16, big-endian, without a mark", encoded(t, "Ticket,A\nINC1,B\n", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder()), "1:Ticket|A\n2:INC1|B\n"},
		{"Windows-1252", encoded(t, "Ticket;Assunto\r\nINC1;“Reunião” – 5 €\r\n", charmap.Windows1252.NewEncoder()), "1:Ticket|Assunto\n2:INC1|“Reunião” – 5 €\n"},
		{"old line ends", []byte("Ticket,A\rINC1,B\r"), "1:Ticket|A\n2:INC1|B\n"},
		{"quotes, line breaks and empty lines", []byte("Ticket,A\n\n\"INC,1\",\"two\n\"\"lines\"\"\"\n,\nINC2,5\" disk\n"), "1:Ticket|A\n3:INC,1|two\n\"lines\"\n5:INC2|5\" disk\n"},
		{"a separator within quotes", []byte("\"a,b,c,d\";Ticket\n1;2\n"), "1:a,b,c,d|Ticket\n2:1|2\n"},
		{"the separator in a line of its own", []byte("sep=|\nTicket|A;;;\nINC1|B\n"), "2:Ticket|A;;;\n3:INC1|B\n"},
		{"one column", []byte("Ticket\nINC1\n"), "1:Ticket\n2:INC1\n"},
		{"workbook", book(t, `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><t>A &amp; B</t></is></c></row><row r="9"><c r="A9" t="s"><v>1</v></c>
			<c r="B9" s="1"><v>123</v></c><c r="C9"><f>A1</f><v>46477.416666666664</v></c><c r="D9" t="b"><v>1</v></c><c r="E9" t="str"><v>a</v></c><c r="F9" t="s"><v>3</v></c><c r="G9"><v>1.5E+3</v></c></row>
			<row r="10"><c r="A10"/></row>`),
			"2:Ticket||A & B\n9:INC1|0000123|46477.416666666664|TRUE|a|line\r|1500\n"},
		{"a workbook of ours", written(func(w *xlsx.Writer) {
			_ = w.Row("0012", time.Date(2027, 3, 31, 10, 0, 0, 0, time.UTC))
			_ = w.Row(" <&> ", "10:00")
		}), "1:Ticket|When\n2:0012|46477.416666666664\n3: <&> |10:00\n"},
		{"a workbook with formats that write tickets", archive(t, map[string]string{"XL\\Workbook.xml": `<workbook><sheets><sheet/></sheets></workbook>`,
			"xl/styles.xml":            `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="&quot;INC&quot;0000000;@"/><numFmt numFmtId="165" formatCode="\R\-00"/><numFmt numFmtId="166" formatCode="0.00"/></numFmts><cellXfs><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>`,
			"xl/worksheets/sheet1.xml": `<sheetData><row><c s="0"><v>12345</v></c><c s="1"><v>7</v></c><c s="2"><v>7</v></c><c t="d"><v>2027-03-31T09:59:59.9999Z</v></c></row></sheetData>`}),
			"1:INC0012345|R-07|7|2027-03-31T10:00:00\n"},
		{"a workbook with lengths and times", archive(t, map[string]string{"xl/workbook.xml": `<workbook><sheets><sheet/></sheets></workbook>`,
			"xl/styles.xml":            `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[h]:mm;@"/><numFmt numFmtId="165" formatCode="0 &quot;h&quot;"/></numFmts><numFmts count="3"><numFmt numFmtId="166" formatCode="[$-409]h:mm\ AM/PM;@"/><numFmt numFmtId="167" formatCode="hh&quot;h&quot;mm"/><numFmt numFmtId="168" formatCode="[White]0.00"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="46"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="168"/></cellXfs></styleSheet>`,
			"xl/worksheets/sheet1.xml": `<sheetData><row><c s="0"><v>1</v></c><c s="1"><v>1</v></c><c s="2"><v>1.0625</v></c><c s="3"><v>1</v></c><c s="1"><v>0.0625</v></c><c s="1"><v>46477.4375</v></c><c s="4"><v>0.4375</v></c><c s="5"><v>0</v></c><c s="6"><v>0.5</v></c><c><v>0.5</v></c></row></sheetData>`}),
			"1:1|24:00|25:30|1|01:30|46477.4375|10:30|00:00|0.5|0.5\n"},
		{"OpenDocument with a hidden sheet first", archive(t, map[string]string{"content.xml": `<x><style:style style:name="ta1"><style:table-properties table:display="false"/></style:style>
			<table:table table:style-name="ta1"><table:table-row><table:table-cell><text:p>hidden</text:p></table:table-cell></table:table-row></table:table>
			<table:table table:style-name="ta2"><table:table-row><table:table-cell office:value-type="float" office:value="12347"><text:p>INC0012347</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="12347"><text:p>12,347 EUR</text:p></table:table-cell>
			<table:table-cell office:value-type="time" office:time-value="PT45M"/><table:table-cell office:value-type="time" office:time-value="PT09H59M59.9999S"/><table:table-cell office:value-type="date" office:date-value="2027-03-31T09:59:59.999999999"/></table:table-row></table:table></x>`}),
			"1:INC0012347|12347|00:45|10:00|2027-03-31T10:00:00\n"},
		{"OpenDocument", ods(t, `<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
			<table:table-row><table:table-cell><text:p>Ticket</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"><office:annotation><text:p>a note</text:p></office:annotation><text:p>A<text:s text:c="2"/><text:span>B</text:span></text:p><text:p>C</text:p></table:table-cell></table:table-row>
			<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="12"><text:p>0012</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2027-03-31"><text:p>31/03/27</text:p></table:table-cell><table:table-cell office:value-type="time" office:time-value="PT10H30M00S"><text:p>10:30 AM</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="12345.5"><text:p>12,345.50</text:p></table:table-cell></table:table-row>
			<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>`),
			"4:Ticket|A  B\nC|A  B\nC\n5:0012|2027-03-31|10:30|12345.5\n6:0012|2027-03-31|10:30|12345.5\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table, err := spreadsheet.ReadBytes(tt.file)
			if got := lines(table); err != nil || got != tt.want {
				t.Errorf("read as (error %v)\n%s\nwant\n%s", err, got, tt.want)
			}
		})
	}
}

// TestHostileFiles checks that reading a hostile file ends after a limited amount of work.
// "make bench" measures the time and the memory.
func TestHostileFiles(t *testing.T) {
	testenv.SkipUnlessLong(t)
	t.Parallel()
	for _, file := range hostile.Files() {
		t.Run(file.Name, func(t *testing.T) {
			table, unpacked, tokens, err := spreadsheet.Work(file.Make())
			if got, _ := errors.AsType[spreadsheet.Error](err); got != file.Want {
				t.Errorf("error %v, want %q", err, file.Want)
			}
			if len(table.Rows) > spreadsheet.MaxRows+1 {
				t.Errorf("%d rows", len(table.Rows))
			}
			if unpacked > spreadsheet.MaxUnzipped+64<<10 || tokens > spreadsheet.MaxTokens+1 {
				t.Errorf("%d bytes and %d tokens were read, want at most %d and %d", unpacked, tokens, spreadsheet.MaxUnzipped, spreadsheet.MaxTokens)
			}
		})
	}
}

func TestOtherFiles(t *testing.T) {
	for _, tt := range []struct {
		name string
		file []byte
		want error
	}{
		{"too large", bytes.Repeat([]byte("x"), spreadsheet.MaxSize+1), spreadsheet.ErrLarge},
		{"an old workbook", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"), spreadsheet.ErrOld},
		{"a PDF", []byte("%PDF-1.7\nand so on"), spreadsheet.ErrForeign},
		{"a page", []byte("<html><table><tr><td>x</td></tr></table></html>"), spreadsheet.ErrForeign},
		{"a picture", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x01"), spreadsheet.ErrForeign},
		{"another archive", archive(t, map[string]string{"word/document.xml": "<x/>"}), spreadsheet.ErrForeign},
		{"200 columns", book(t, `<row><c r="GR1" t="str"><v>x</v></c></row>`), nil},
		{"201 columns", book(t, `<row><c r="GS1" t="str"><v>x</v></c></row>`), spreadsheet.ErrColumns},
		{"200 columns of text", []byte(strings.Repeat("x,", 199) + "x\n"), nil},
		{"201 columns of text", []byte(strings.Repeat("x,", 200) + "x\n"), spreadsheet.ErrColumns},
		{"the last column", book(t, `<row><c r="XFD1" t="str"><v>x</v></c></row>`), spreadsheet.ErrColumns},
		{"a column beyond the last", book(t, `<row><c r="ZZZZZZZZZZZZZZZZZZZZZZZZZZ1" t="str"><v>x</v></c></row>`), spreadsheet.ErrColumns},
		{"a formula without a result", book(t, `<row><c r="A1" t="str"><v>x</v></c><c r="B1"><f>A2+1</f><v></v></c></row>`), spreadsheet.ErrResults},
		{"an OpenDocument formula without a result", ods(t, `<table:table-row><table:table-cell table:formula="of:=[.A2]+1"/></table:table-row>`), spreadsheet.ErrResults},
		{"a formula with an empty result", book(t, `<row><c r="A1" t="str"><f>""</f><v></v></c><c r="B1" t="str"><v>x</v></c></row>`), nil},
		{"an OpenDocument formula with an empty result", ods(t, `<table:table-row><table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""/><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>`), nil},
		{"a huge cell", book(t, `<row><c r="A1" t="str"><v>`+strings.Repeat("x", 70_000)+`</v></c></row>`), spreadsheet.ErrCell},
		{"a huge cell in parts", book(t, `<row><c r="A1" t="inlineStr"><is>`+strings.Repeat("<r><t>"+strings.Repeat("x", 1000)+"</t></r>", 70)+`</is></c></row>`), spreadsheet.ErrCell},
		{"a gigantic cell", book(t, `<row><c r="A1" t="str"><v>`+strings.Repeat("x", 300_000)+`</v></c></row>`), spreadsheet.ErrCell},
		{"a huge shared text", archive(t, map[string]string{"xl/workbook.xml": workbook, "xl/worksheets/sheet1.xml": `<sheetData><row><c t="s"><v>0</v></c></row></sheetData>`, "xl/sharedStrings.xml": "<sst><si><t>" + strings.Repeat("x", 70_000) + "</t></si></sst>"}), spreadsheet.ErrCell},
		{"a huge OpenDocument cell", ods(t, `<table:table-row><table:table-cell><text:p>`+strings.Repeat("x", 70_000)+`</text:p></table:table-cell></table:table-row>`), spreadsheet.ErrCell},
		{"nothing", nil, spreadsheet.ErrEmpty},
		{"no content", []byte(" , ,\n\n"), spreadsheet.ErrEmpty},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := spreadsheet.ReadBytes(tt.file); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}
