package migrations_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"meetdesk/migrations"
)

// TestAppliedMigrationsNeverChange compares the migrations of both engines with a list of
// their checksums. If an old migration changed, existing databases would differ from new
// ones, so a correction needs a new migration. After adding a migration, update the list with
// this command:
//
//	sha256sum migrations/*.sql migrations/postgres/*.sql > migrations/testdata/applied.sha256
func TestAppliedMigrationsNeverChange(t *testing.T) {
	file, err := os.Open("testdata/applied.sha256")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	want := make(map[string]string)
	for lines := bufio.NewScanner(file); lines.Scan(); {
		sum, path, _ := strings.Cut(lines.Text(), "  ")
		want[strings.TrimPrefix(path, "migrations/")] = sum
	}
	for folder, files := range map[string]fs.FS{"": migrations.FS, "postgres/": migrations.Postgres()} {
		names, err := fs.Glob(files, "*.sql")
		if err != nil || len(names) == 0 {
			t.Fatalf("%d files, %v", len(names), err)
		}
		for _, name := range names {
			content, err := fs.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(content)
			if got := hex.EncodeToString(sum[:]); want[folder+name] != got {
				t.Errorf("%s%s has the checksum %s, want %q", folder, name, got, want[folder+name])
			}
			delete(want, folder+name)
		}
	}
	for name := range want {
		t.Errorf("%s is gone", name)
	}
}

// TestBothEnginesHaveTheMigrations checks that both engines have the same migrations from
// number 0032 on.
func TestBothEnginesHaveTheMigrations(t *testing.T) {
	names := func(files fs.FS) (list []string) {
		all, err := fs.Glob(files, "*.sql")
		if err != nil || len(all) == 0 {
			t.Fatalf("%d files, %v", len(all), err)
		}
		for _, name := range all {
			if name > "0032" {
				list = append(list, name)
			}
		}
		return list
	}
	if sqlite, postgres := names(migrations.FS), names(migrations.Postgres()); !slices.Equal(sqlite, postgres) {
		t.Errorf("migrations/ has %v, and migrations/postgres/ has %v", sqlite, postgres)
	}
}
