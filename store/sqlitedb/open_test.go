package sqlitedb

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// TestPathWithSpecialCharacters checks that every connection opens the same file, even if
// its path contains characters that are special to SQLite.
func TestPathWithSpecialCharacters(t *testing.T) {
	for _, name := range []string{"a#b", "a?b", "a?mode=memory", "100%", "%41", "a b", "a&b+c;d", "São Tomé", "東京", "file:a", "a\\b", `a"b'c`} {
		t.Run(name, func(t *testing.T) {
			ctx, dir := t.Context(), filepath.Join(t.TempDir(), name)
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, name+".db")
			if err := Create(path); err != nil {
				t.Fatal(err)
			}
			if err := Migrate(ctx, path); err != nil {
				t.Fatal(err)
			}
			writer, err := OpenWriter(path)
			if err != nil {
				t.Fatal(err)
			}
			defer writer.Close()
			if _, err := writer.ExecContext(ctx, `CREATE TABLE n (i INTEGER PRIMARY KEY)`); err != nil {
				t.Fatal(err)
			}
			reader, err := OpenReader(path)
			if err != nil {
				t.Fatal(err)
			}
			defer reader.Close()
			var rows int
			if err := reader.QueryRowContext(ctx, `SELECT count(*) FROM n`).Scan(&rows); err != nil {
				t.Error(err)
			}
			if got, want := namesIn(t, dir), []string{name + ".db", name + ".db-shm", name + ".db-wal"}; !slices.Equal(got, want) {
				t.Errorf("the directory has %q, want %q", got, want)
			}
			if got, want := namesIn(t, filepath.Dir(dir)), []string{name}; !slices.Equal(got, want) {
				t.Errorf("the directory above has %q, want %q", got, want)
			}
		})
	}
}

func namesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// A check that reaches its time limit stops and reports that it is incomplete.
func TestCheckIsLimited(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	writer, err := OpenWriter(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writer.ExecContext(t.Context(), `CREATE TABLE n (i INTEGER PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[time.Duration]bool{time.Minute: true, 0: false} {
		if complete, err := Check(t.Context(), path, limit); err != nil || complete != want {
			t.Errorf("within %v: complete %v, %v; want %v", limit, complete, err, want)
		}
	}
}
