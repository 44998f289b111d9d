package main

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of settings into docs/operate.md")

// The lines before and after the table of settings.
const (
	tableBegins = "<!-- The table of settings. Change the comments in cmd/meetdesk/config_fields.go, then run\n     go test ./cmd/meetdesk -run SettingsTable -update -->\n"
	tableEnds   = "<!-- The end of the table of settings. -->\n"
)

// settingFields returns the fields of config that are settings.
func settingFields(t *testing.T) (fields []*ast.Field) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "config_fields.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if field, ok := n.(*ast.Field); ok && field.Tag != nil {
			fields = append(fields, field)
		}
		return true
	})
	return fields
}

func settingsTable(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| setting | default | what it is |\n| --- | --- | --- |\n")
	for _, field := range settingFields(t) {
		tag := reflect.StructTag(strings.Trim(field.Tag.Value, "`"))
		text := strings.Join(strings.Fields(field.Doc.Text()), " ")
		if text == "" || strings.Contains(text, "|") {
			t.Errorf("the field of %s needs a comment without |, as its row in the table of settings", tag.Get("env"))
		}
		standard := tag.Get("envDefault")
		if standard != "" {
			standard = "`" + standard + "`"
		}
		b.WriteString("| `" + envPrefix + tag.Get("env") + "` | " + standard + " | " + text + " |\n")
	}
	return b.String()
}

// TestSettingsTable compares the table of settings in docs/operate.md with the fields of
// config. With -update, it writes the table.
func TestSettingsTable(t *testing.T) {
	const name = "../../docs/operate.md"
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(content), tableBegins)
	table, after, ends := strings.Cut(rest, tableEnds)
	if !begins || !ends {
		t.Fatal("the marks around the table are missing")
	}
	want := settingsTable(t)
	if *update {
		if err := os.WriteFile(name, []byte(before+tableBegins+want+tableEnds+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if table != want {
		t.Error("the table of settings is out of date; run the command above it")
	}
}
