package main

import (
	"path/filepath"
	"testing"
)

func TestFloor(t *testing.T) {
	f, err := newFloor(t.Context(), filepath.Join(t.TempDir(), "floor.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if n, err := f.pages(t.Context(), 10); err != nil || n < 10 {
		t.Errorf("ten commits wrote %d pages, %v", n, err)
	}
	var synchronous, cache int
	err = f.QueryRowContext(t.Context(), `SELECT (SELECT synchronous FROM pragma_synchronous), (SELECT cache_size FROM pragma_cache_size)`).Scan(&synchronous, &cache)
	if err != nil || synchronous != 2 || cache != -4000 {
		t.Errorf("synchronous %d, cache %d, %v; want FULL and the cache of the desk's writer", synchronous, cache, err)
	}
}
