package spreadsheet_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"meetdesk/spreadsheet"
)

// TestQuotes checks that quotes in text files are read the way spreadsheet programs write
// them, and that no quote swallows the rows below it.
func TestQuotes(t *testing.T) {
	const head = "Ticket;Subject;Start\n"
	for _, tt := range []struct{ name, text, want string }{
		{"around a cell", head + `INC1;"Exam; ""oral""";10:00`, "2:INC1|Exam; \"oral\"|10:00\n"},
		{"around nothing", head + `INC1;"";10:00`, "2:INC1||10:00\n"},
		{"before spaces", head + `INC1;"Exam" ;10:00`, "2:INC1|Exam|10:00\n"},
		{"within a cell", head + `INC1;Screen 24";10:00` + "\n" + `INC2;Screen 27";10:00`, "2:INC1|Screen 24\"|10:00\n3:INC2|Screen 27\"|10:00\n"},
		{"around a line break", head + "INC1;\"Exam\n\n\"\"oral\"\"\";10:00\nINC2;B;11:00", "2:INC1|Exam\n\n\"oral\"|10:00\n3:INC2|B|11:00\n"},
		{"around lines with separators", head + "INC1;\"a@b.example;\nc@b.example\";10:00\nINC2;B;11:00", "2:INC1|a@b.example;\nc@b.example|10:00\n3:INC2|B|11:00\n"},
		{"around a line break in the middle of the row", "Ticket;Subject;People;Start;End\nINC1;A;\"a@b.example\nc@b.example\";10:00;11:00\n", "2:INC1|A|a@b.example\nc@b.example|10:00|11:00\n"},
		{"never closed", head + "INC1;A;10:00\nINC2;\"B;10:00\nINC3;C;10:00\n", `quote in line 3: "\"B"`},
		{"never closed after a cell with a line break", head + "INC1;\"A\nB\";10:00\nINC2;\"B;10:00\nINC3;C;10:00\n", `quote in line 4: "\"B"`},
		{"never closed in the last cell", head + `INC1;A;"10:00`, `quote in line 2: "\"10:00"`},
		{"never closed in the column names", "Ticket;\"Subject;Start\nINC1;A;10:00\n", `quote in line 1: "\"Subject"`},
		{"never closed with a separator of its own", "sep=|\nTicket|Subject\nINC1|\"A|B\n", `quote in line 3: "\"A"`},
		{"closed before the end", head + `INC1;"Big" exam;10:00`, `quote in line 2: "\"Big\" exam"`},
		{"closed before the end of another row's cell", head + "INC1;\"A;10:00\nINC2;\"B\";10:00\n", `quote in line 2: "\"A"`},
		{"closed two rows later", head + "INC1;\"Screen;10:00\nINC2;B;10:00\nINC3;Screen 24\";10:00\nINC4;D;10:00", `quote in line 2: "\"Screen"`},
		{"closed after much text", head + "INC1;\"A;10:00\n" + strings.Repeat("INC2;B;10:00\n", 10_000) + "INC3;C\";10:00\n", `quote in line 2: "\"A"`},
		{"copied cells", "Ticket\tSubject\tStart\nINC1\t\"Exam\t10:00\nINC2\t\"Big\" exam\t10:00\nINC3\t\"two\nlines of \"\"text\"\"\"\t10:00\nINC4\tScreen 24\"\t10:00\n",
			"2:INC1|\"Exam|10:00\n3:INC2|\"Big\" exam|10:00\n4:INC3|two\nlines of \"text\"|10:00\n5:INC4|Screen 24\"|10:00\n"},
		{"copied cells, closed two rows later", "Ticket\tSubject\tStart\nINC1\t\"Screen\t10:00\nINC2\tB\t10:00\nINC3\tScreen 24\"\t10:00\n", `quote in line 2: "\"Screen"`},
		{"a NUL", head + "INC1;A\x00B;10:00\n", `nul in line 2: "A\x00B"`},
		{"some NULs", head + "INC1;A\x00B;10:00\nINC2;A\x00B;10:00\nINC3;A\x00B;10:00\n", `nul in line 2: "A\x00B"`},
		{"padding", head + "INC1;AB\x00\x00;10:00\n", "2:INC1|AB|10:00\n"},
		{"a huge cell", head + "INC1;" + strings.Repeat("x", 70_000) + ";10:00\n", `cell in line 2: "` + strings.Repeat("x", 400) + `"`},
		{"a huge cell in quotes", head + "INC1;\"" + strings.Repeat("x", 70_000) + "\";10:00\n", `cell in line 2: "\"` + strings.Repeat("x", 399) + `"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table, err := spreadsheet.ReadBytes([]byte(tt.text))
			got := lines(spreadsheet.Table{Rows: table.Rows[min(1, len(table.Rows)):]})
			if known, ok := errors.AsType[*spreadsheet.CellError](err); ok {
				got = fmt.Sprintf("%s in line %d: %q", string(known.Reason), known.Line, known.Text)
			} else if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("%q is read as\n%s\nwant\n%s", tt.text[:min(len(tt.text), 200)], got, tt.want)
			}
		})
	}
}
