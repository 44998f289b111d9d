package views_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// TestGallery writes every sample page to the directory that MEETDESK_GALLERY names, for
// viewing in a browser.
func TestGallery(t *testing.T) {
	dir := os.Getenv("MEETDESK_GALLERY")
	if dir == "" {
		t.Skip("MEETDESK_GALLERY names no folder")
	}
	for _, s := range samples(t) {
		f, err := os.Create(filepath.Join(dir, s.Name+".html"))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Page.Render(context.Background(), f); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}
