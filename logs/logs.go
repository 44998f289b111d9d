// Package logs writes the program's log as text or JSON, with one line per event. It
// removes email addresses.
package logs

import (
	"context"
	"io"
	"log/slog"
	"regexp"
	"strings"
)

// The log formats.
const (
	Text = "text" // key=value
	JSON = "json" // one object per line
)

// New returns a logger that writes to w in the given format and discards lines below the
// given level.
func New(w io.Writer, format string, level slog.Leveler) *slog.Logger {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: withoutAddresses}
	if format == JSON {
		return slog.New(requestHandler{slog.NewJSONHandler(w, options)})
	}
	return slog.New(requestHandler{slog.NewTextHandler(w, options)})
}

var (
	address = regexp.MustCompile(`[^\s"'<>()\[\],;:=/\\]+@[^\s"'<>()\[\],;:/\\]+`)
	query   = regexp.MustCompile(`(https?://[^\s"?]*\?)[^\s"]+`)
)

// withoutAddresses applies Scrub to attributes of KindString and KindAny. Lists and structs
// are therefore logged as text, even in JSON.
func withoutAddresses(_ []string, a slog.Attr) slog.Attr {
	if kind := a.Value.Kind(); kind != slog.KindString && kind != slog.KindAny {
		return a
	}
	return slog.String(a.Key, Scrub(a.Value.String()))
}

// Scrub replaces email addresses in the text with "…@…" and the queries of URLs with "…".
func Scrub(text string) string {
	if strings.Contains(text, "?") {
		text = query.ReplaceAllString(text, "${1}…")
	}
	if strings.Contains(text, "@") {
		text = address.ReplaceAllString(text, "…@…")
	}
	return text
}

type requestKey struct{}

// WithRequest returns a context that carries the request's ID. Log lines written with this
// context contain the ID.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// requestHandler adds the request's ID from the context to each line.
type requestHandler struct{ slog.Handler }

// Handle writes the line. The request's ID comes before the line's own attributes.
func (h requestHandler) Handle(ctx context.Context, r slog.Record) error {
	id, ok := ctx.Value(requestKey{}).(string)
	if !ok {
		return h.Handler.Handle(ctx, r)
	}
	line := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	line.AddAttrs(slog.String("id", id))
	r.Attrs(func(a slog.Attr) bool {
		line.AddAttrs(a)
		return true
	})
	return h.Handler.Handle(ctx, line)
}

// WithAttrs returns a handler that adds the attributes to each line.
func (h requestHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup returns a handler that puts the attributes of each line into a group.
func (h requestHandler) WithGroup(name string) slog.Handler {
	return requestHandler{h.Handler.WithGroup(name)}
}
