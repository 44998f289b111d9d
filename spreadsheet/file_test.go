package spreadsheet_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"meetdesk/spreadsheet"
)

// TestLargeFiles checks that files of several blocks are read correctly, even if a line
// ending or a letter is split across two blocks.
func TestLargeFiles(t *testing.T) {
	const rows = 1500
	want := func(i int) []string { return []string{fmt.Sprint("INC", i), strings.Repeat("São\n", i%40)} }
	var lines strings.Builder
	for i := range rows {
		fmt.Fprintf(&lines, "%s;\"%s\"\n", want(i)[0], want(i)[1])
	}
	for shift := range 4 {
		text := strings.Repeat("x", shift) + ";Sala\n" + lines.String()
		files := map[string][]byte{
			"UTF-8":       []byte(text),
			"BOM":         []byte("\ufeff" + text),
			"CR LF":       []byte(strings.ReplaceAll(text, "\n", "\r\n")),
			"CR":          []byte(strings.ReplaceAll(text, "\n", "\r")),
			"UTF-16":      inEncoding(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes, text),
			"Windows":     inEncoding(t, charmap.Windows1252.NewEncoder().Bytes, text),
			"late accent": append([]byte(strings.ReplaceAll(text, "ã", "a")), "X;S\xe3o\n"...),
		}
		for name, file := range files {
			f := fileOf(t, file)
			table, err := spreadsheet.Read(f)
			if err != nil {
				t.Errorf("%s, shifted by %d: %v", name, shift, err)
				continue
			}
			if n := f.Blocks(); n != 0 {
				t.Errorf("%s: %d blocks of %d bytes stay in memory", name, n, len(file))
			}
			if name == "late accent" {
				if last := table.Rows[len(table.Rows)-1].Cells[1]; last != "São" {
					t.Errorf("%s: the last cell is %q", name, last)
				}
				continue
			}
			for i := range rows {
				if cells := slices.DeleteFunc(want(i), func(c string) bool { return c == "" }); !slices.Equal(table.Rows[i+1].Cells, cells) {
					t.Fatalf("%s, shifted by %d: row %d is %q, want %q", name, shift, i, table.Rows[i+1].Cells, cells)
				}
			}
		}
	}
}

// TestLargeArchive checks that an archive of several blocks is read correctly. A ZIP
// reader does not read an archive from beginning to end.
func TestLargeArchive(t *testing.T) {
	random, noise := rand.NewChaCha8([32]byte{}), make([]byte, 200)
	var rows strings.Builder
	for i := range 1000 {
		_, _ = random.Read(noise)
		fmt.Fprintf(&rows, `<row><c t="inlineStr"><is><t>INC%d</t></is></c><c t="inlineStr"><is><t>%x</t></is></c></row>`, i, noise)
	}
	file := book(t, rows.String())
	if len(file) < 3*64<<10 {
		t.Fatalf("the file has only %d bytes", len(file))
	}
	table, err := spreadsheet.Read(fileOf(t, file))
	if err != nil || len(table.Rows) != 1000 || table.Rows[999].Cells[0] != "INC999" {
		t.Errorf("%d rows, %v", len(table.Rows), err)
	}
}

func fileOf(t *testing.T, data []byte) *spreadsheet.File {
	t.Helper()
	f := new(spreadsheet.File)
	if n, err := f.ReadFrom(bytes.NewReader(data)); err != nil || int(n) != len(data) || f.Size() != len(data) {
		t.Fatalf("%d of %d bytes, %v", n, len(data), err)
	}
	return f
}

func inEncoding(t *testing.T, encode func([]byte) ([]byte, error), text string) []byte {
	t.Helper()
	data, err := encode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
