package entra

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
)

//go:embed pages
var pageFiles embed.FS

type pages struct {
	templates *template.Template
	style     []byte
}

func newPages() (*pages, error) {
	t, err := template.ParseFS(pageFiles, "pages/*.html")
	if err != nil {
		return nil, err
	}
	style, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		return nil, err
	}
	return &pages{templates: t, style: style}, nil
}

// write sends the named page. formAction is the value of the form-action directive in the
// Content-Security-Policy header. Callers may append further directives to the value.
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

// refusalPage shows a refusal that cannot be sent to the application.
func (s *Server) refusalPage(w http.ResponseWriter, reason refusal) {
	s.pages.write(w, reason.status(), "refusal.html", reason.sentence(), "'none'")
}

func (s *Server) style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "max-age=3600")
	w.Write(s.pages.style)
}
