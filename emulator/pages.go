package emulator

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
)

//go:embed pages
var pageFiles embed.FS

// pages are the few things of the emulator that people look at.
type pages struct {
	templates *template.Template
	style     []byte
}

func newPages() (*pages, error) {
	t, err := template.ParseFS(pageFiles, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	style, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	return &pages{templates: t, style: style}, nil
}

// write sends the named page. FormAction is the end of the policy: where its forms
// may lead, and directives beyond that.
func (p *pages) write(w http.ResponseWriter, status int, name string, data any, formAction string) {
	var body bytes.Buffer
	if err := p.templates.ExecuteTemplate(&body, name, data); err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "+formAction)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	body.WriteTo(w)
}

// refusalPage tells a person what cannot be told to the application.
func (e *Emulator) refusalPage(w http.ResponseWriter, no refusal) {
	e.pages.write(w, no.status(), "refusal.html", no.sentence(), "'none'")
}

func (e *Emulator) style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "max-age=3600")
	w.Write(e.pages.style)
}
