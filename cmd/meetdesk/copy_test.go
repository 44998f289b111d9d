package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"meetdesk/command"
	"meetdesk/store"
	"meetdesk/store/postgrestest"
	"meetdesk/testenv"
)

// The exit status is 2 if the command line is wrong, and 1 if the copy fails.
func TestCopy(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	source, address := t.TempDir(), postgrestest.Empty(t)
	s, err := store.Open(t.Context(), store.Options{Dir: source, Keys: [][]byte{make([]byte, 32)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "address")
	if err := os.WriteFile(file, []byte(address), 0o600); err != nil {
		t.Fatal(err)
	}
	from := "sqlite:" + source
	for _, tt := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"no target", []string{"-from", from}, command.Usage, "needs -from and -to"},
		{"no such kind", []string{"-from", source, "-to", address}, command.Usage, "-from: use sqlite:DIRECTORY or postgres://ADDRESS"},
		{"same engine", []string{"-from", from, "-to", "sqlite:" + t.TempDir()}, command.Usage, "from SQLite to PostgreSQL or back"},
		{"wrong port", []string{"-from", from, "-to", "postgres://u:hunter2@127.0.0.1:port/x"}, command.Usage, "-to: "},
		{"no such directory", []string{"-from", from + "/none", "-to", address}, command.Failed, "there is no database in"},
		{"first", []string{"-from", from, "-to", "file:" + file}, command.OK, "next_ids"},
		{"second", []string{"-from", from, "-to", address, "-json"}, command.OK, `"name":"users","rows":0`}, // the source has no users
	} {
		status, stdout, stderr := meetdesk(t, nil, append([]string{"copy"}, tt.args...)...)
		if text := stdout + stderr; status != tt.status || !strings.Contains(text, tt.want) || strings.Contains(text, "hunter2") {
			t.Errorf("%s: status %d, want %d and %q:\n%s", tt.name, status, tt.status, tt.want, text)
		}
	}
}
