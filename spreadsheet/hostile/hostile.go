// Package hostile creates files that are expensive to read, for tests and benchmarks.
package hostile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"meetdesk/spreadsheet"
)

// File is a file that is expensive to read.
type File struct {
	Name string
	Make func() []byte
	Want spreadsheet.Error // the error from reading the file; "" for none
}

type part struct{ name, text string }

func archive(parts ...part) []byte {
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err == nil {
			_, err = io.WriteString(w, p.text)
		}
		if err != nil {
			panic(err) // writing to a buffer never fails
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return file.Bytes()
}

const workbook = `<workbook><sheets><sheet name="A"/></sheets></workbook>`

// book returns a workbook whose only sheet has the given content. The archive also
// contains the given parts.
func book(sheet string, parts ...part) []byte {
	return archive(append([]part{{"xl/workbook.xml", workbook}, {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + sheet + "</sheetData></worksheet>"}}, parts...)...)
}

func ods(rows string) []byte {
	return archive(part{"content.xml", `<office:document-content><table:table>` + rows + `</table:table></office:document-content>`})
}

func row(n int, cells string) string { return fmt.Sprintf(`<row r="%d">%s</row>`, n, cells) }

// Files returns all hostile files.
func Files() []File {
	const text = `<c t="str"><v>x</v></c>`
	return append([]File{
		{"a bomb in the sheet", func() []byte { return book(strings.Repeat(" ", 30<<20)) }, spreadsheet.ErrCell},
		{"a bomb of empty rows", func() []byte { return book(strings.Repeat("<row></row>", 1<<20)) }, spreadsheet.ErrEmpty},
		{"a bomb of empty cells", func() []byte { return book("<row>" + strings.Repeat(`<c><v></v></c>`, 1<<20)) }, spreadsheet.ErrLarge},
		{"a bomb of cells", func() []byte { return book("<row>" + strings.Repeat(text, 1<<20)) }, spreadsheet.ErrColumns},
		{"a bomb of attributes", func() []byte { return book("<row " + strings.Repeat(`a="" `, 1<<20) + ">") }, spreadsheet.ErrCell},
		{"a bomb of attributes with brackets", func() []byte { return book("<row " + strings.Repeat(`a=">" `, 1<<20) + ">") }, spreadsheet.ErrCell},
		{"deep nesting", func() []byte { return book(strings.Repeat("<a>", 2<<20)) }, spreadsheet.ErrLarge},
		{"deep nesting in a document", func() []byte { return ods(strings.Repeat("<text:span>", 1<<20)) }, spreadsheet.ErrLarge},
		{"1,048,576 rows", func() []byte {
			var rows strings.Builder
			for n := range 1 << 20 {
				rows.WriteString(row(n+1, text))
			}
			return book(rows.String())
		}, spreadsheet.ErrRows},
		{"1,048,576 repeated rows", func() []byte {
			return ods(`<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="150"><text:p>x</text:p></table:table-cell></table:table-row>`)
		}, spreadsheet.ErrRows},
		{"empty rows that are repeated again and again", func() []byte {
			return ods(strings.Repeat(`<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`, 50_000))
		}, spreadsheet.ErrEmpty},
		{"10,000 columns", func() []byte { return book(row(1, strings.Repeat(text, 10_000))) }, spreadsheet.ErrColumns},
		{"10,000 repeated columns", func() []byte {
			return ods(`<table:table-row><table:table-cell table:number-columns-repeated="10000"><text:p>x</text:p></table:table-cell></table:table-row>`)
		}, spreadsheet.ErrColumns},
		{"10,000 columns of text", func() []byte { return []byte(strings.Repeat("x,", 10_000)) }, spreadsheet.ErrColumns},
		{"2,000,000 rows of text", func() []byte { return []byte(strings.Repeat("x\n", 2_000_000)) }, spreadsheet.ErrRows},
		{"a quote that is never closed", func() []byte { return []byte("a,\"" + strings.Repeat("x,\n", 1_000_000)) }, spreadsheet.ErrQuote},
		{"an external entity", func() []byte {
			return archive(part{"content.xml", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><table:table><table:table-row><table:table-cell><text:p>&e;</text:p></table:table-cell></table:table-row></table:table>`})
		}, spreadsheet.ErrDamaged},
		{"entities that multiply", func() []byte {
			return archive(part{"xl/workbook.xml", `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>`})
		}, spreadsheet.ErrDamaged},
		{"formulas that refer to each other", func() []byte {
			return book(strings.Repeat(`<row><c><f>B1</f></c><c><f>A1</f></c></row>`, 2000))
		}, spreadsheet.ErrResults},
	}, archives()...)
}

// archives returns hostile files that exploit the ZIP format, shared strings or repeated
// cells.
func archives() []File {
	shared := func(texts string) part { return part{"xl/sharedStrings.xml", "<sst>" + texts + "</sst>"} }
	return []File{
		{"a million shared texts", func() []byte {
			return book(row(1, `<c t="s"><v>9</v></c>`), shared(strings.Repeat("<si><t>xxxxxxxxxxxxxx</t></si>", 1<<20)))
		}, spreadsheet.ErrLarge},
		{"a huge shared text", func() []byte {
			return book(row(1, `<c t="s"><v>0</v></c>`), shared("<si><t>"+strings.Repeat("x", 30<<20)+"</t></si>"))
		}, spreadsheet.ErrCell},
		{"a long shared text in many cells", func() []byte {
			return book(strings.Repeat(row(1, strings.Repeat(`<c t="s"><v>0</v></c>`, 100)), 1500), shared("<si><t>_x0041_"+strings.Repeat("x", 60<<10)+"</t></si>"))
		}, spreadsheet.ErrLarge},
		{"a long text in many cells", func() []byte {
			return ods(`<table:table-row table:number-rows-repeated="2000"><table:table-cell table:number-columns-repeated="200"><text:p>` + strings.Repeat("x", 60<<10) + `</text:p></table:table-cell></table:table-row>`)
		}, spreadsheet.ErrLarge},
		{"an archive of archives", func() []byte {
			inner := archive(part{"a", strings.Repeat(" ", 64<<20)})
			return archive(part{"a.zip", string(inner)}, part{"xl/a.xlsx", string(inner)})
		}, spreadsheet.ErrForeign},
		{"40,000 parts", func() []byte {
			parts := make([]part, 40_000)
			for i := range parts {
				parts[i] = part{"xl/workbook.xml", ""}
			}
			return archive(parts...)
		}, spreadsheet.ErrEmpty},
		{"a size that is too small", func() []byte { return withSize(book(strings.Repeat(" ", 30<<20)), 10) }, spreadsheet.ErrDamaged},
		{"a size that is too large", func() []byte { return withSize(book(row(1, `<c><v>1</v></c>`)), 1<<31) }, spreadsheet.ErrDamaged},
		{"half an archive", func() []byte { return book(row(1, `<c><v>1</v></c>`))[:200] }, spreadsheet.ErrDamaged},
	}
}

// withSize changes an archive's central directory so that it states the given unpacked
// size for every part.
func withSize(file []byte, size uint32) []byte {
	for at := 0; ; {
		next := bytes.Index(file[at:], []byte("PK\x01\x02"))
		if next < 0 {
			return file
		}
		at += next
		binary.LittleEndian.PutUint32(file[at+24:], size)
		at += 46
	}
}
