package main

import (
	"io"
	"maps"
	"path/filepath"
	"testing"
)

// TestScatteredIndexesComeBack checks that a new desk has the indexes that readyForMany
// drops, and that restoreIndexes creates them again.
func TestScatteredIndexesComeBack(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	all, err := indexesOfNew(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range scattered {
		if all[name] == "" {
			t.Errorf("a desk has no index %s", name)
		}
	}
	if err := readyForMany(ctx, filepath.Join(dir, databaseFile)); err != nil {
		t.Fatal(err)
	}
	if left, err := leftFilling(ctx, filepath.Join(dir, databaseFile)); !left || err != nil {
		t.Errorf("the full-text index is set as usual while a database is filled, %v", err)
	}
	if left, err := indexesOfNew(ctx, dir); err != nil || len(left) != len(all)-len(scattered) {
		t.Fatalf("%d of %d indexes are left, %v", len(left), len(all), err)
	}
	b := &bench{dir: t.TempDir(), progress: io.Discard}
	if err := b.restoreIndexes(ctx, filepath.Join(dir, databaseFile)); err != nil {
		t.Fatal(err)
	}
	db, err := openDatabase(filepath.Join(dir, databaseFile), "mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for name, want := range usualIndex {
		var value int
		if err := db.QueryRowContext(ctx, `SELECT v FROM meetings_fts_config WHERE k = $1`, name).Scan(&value); err != nil || value != want {
			t.Errorf("%s is %d, %v; want %d", name, value, err, want)
		}
	}
	if again, err := indexesOfNew(ctx, dir); err != nil || !maps.Equal(again, all) {
		t.Errorf("the indexes are %v, %v; want %v", again, err, all)
	}
}
