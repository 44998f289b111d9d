// Package static serves the stylesheet, the scripts and the icon. Their URLs contain a
// hash, so that browsers can cache them for a year. "make generate" builds the stylesheet
// and the scripts from src.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed app.css app.js import.js icon.svg
var content embed.FS

// Prefix is the URL path under which the files are served.
const Prefix = "/static/"

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml; charset=utf-8",
}

// Files serves the static files. It does not change after New.
type Files struct {
	urls  map[string]string // maps a file's name to its URL path
	files map[string]file   // maps a URL path to the file
}

type file struct {
	contentType string
	content     []byte
	gzipped     func() []byte // returns the compressed content or nil; see compressed
}

// New reads the embedded files and hashes their content.
func New() (*Files, error) {
	entries, err := content.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	f := &Files{urls: map[string]string{}, files: map[string]file{}}
	for _, entry := range entries {
		name := entry.Name()
		text, err := content.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read static file: %w", err)
		}
		ext := path.Ext(name)
		if contentTypes[ext] == "" {
			return nil, fmt.Errorf("static file %s: no content type for %q", name, ext)
		}
		sum := sha256.Sum256(text)
		url := Prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:4]) + ext
		f.urls[name] = url
		f.files[url] = file{contentTypes[ext], text, compressed(text)}
	}
	return f, nil
}

// URL returns the path of a file, such as "/static/app.1a2b3c4d.css" for "app.css". For an
// unknown name, it returns a path that ServeHTTP answers with status 404.
func (f *Files) URL(name string) string {
	if url, ok := f.urls[name]; ok {
		return url
	}
	return Prefix + name
}

// Has reports whether address is the URL path of one of the files.
func (f *Files) Has(address string) bool {
	_, ok := f.files[address]
	return ok
}

// ServeHTTP answers GET and HEAD requests for the paths that f.URL returns. Other paths
// get a 404, so an old page never loads a newer file.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := f.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", file.contentType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Vary", "Accept-Encoding")
	// Ranges refer to the uncompressed content, so responses to range requests are not
	// compressed.
	if gzipped := file.gzipped(); gzipped != nil && TakesGzip(r.Header) && r.Header.Get("Range") == "" {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(len(gzipped)))
		if r.Method != http.MethodHead {
			_, _ = w.Write(gzipped) // the client may have disconnected
		}
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file.content))
}
