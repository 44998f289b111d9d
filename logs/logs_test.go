package logs_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"meetdesk/logs"
)

func TestFormats(t *testing.T) {
	ctx := logs.WithRequest(t.Context(), "R1")
	var text, object bytes.Buffer
	logs.New(&text, logs.Text, slog.LevelInfo).InfoContext(ctx, "create or get", "attempt", 7)
	if !strings.Contains(text.String(), `level=INFO msg="create or get" id=R1 attempt=7`) {
		t.Errorf("text: %s", text.String())
	}
	log := logs.New(&object, logs.JSON, slog.LevelWarn)
	log.InfoContext(ctx, "below the level")
	log.With("part", "store").WarnContext(ctx, "line\nbreak", "error", errors.New(`"quoted"`))
	var line struct{ Level, Msg, ID, Part, Error string }
	if err := json.Unmarshal(object.Bytes(), &line); err != nil || line != (struct{ Level, Msg, ID, Part, Error string }{"WARN", "line\nbreak", "R1", "store", `"quoted"`}) {
		t.Errorf("JSON: %v in %s", err, object.String())
	}
}

func TestNoAddressInAnyAttribute(t *testing.T) {
	type text string
	const address = "priya@contoso.example"
	held := struct{ Name, UPN string }{"Priya", address}
	for name, value := range map[string]any{
		"string": address, "other string": text(address), "error": errors.New(address), "bytes": json.RawMessage(`"` + address + `"`),
		"list": []string{address}, "struct": held, "pointer": &held, "map": map[string]any{address: []any{address}},
		"group": slog.GroupValue(slog.Any("list", []text{address})),
	} {
		for _, format := range []string{logs.Text, logs.JSON} {
			var out bytes.Buffer
			logs.New(&out, format, slog.LevelInfo).Info(address, "value", value)
			if line := out.String(); strings.Contains(line, "contoso") || !strings.Contains(line, "level") || !strings.Contains(line, "INFO") {
				t.Errorf("%s as %s: %s", name, format, line)
			}
		}
	}
}

func TestScrub(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "",
		"no address":                 "no address",
		"user priya@contoso.example": "user …@…",
		`"Priya <priya.n+x@contoso.example>", (tomás@contoso.example)`:             `"Priya <…@…>", (…@…)`,
		"/users/priya@contoso.example/onlineMeetings":                              "/users/…@…/onlineMeetings",
		`Get "https://graph.example/v1.0/users?$filter=x%20eq%20'Priya'": refused`: `Get "https://graph.example/v1.0/users?…": refused`,
		"https://graph.example/v1.0/me and why?":                                   "https://graph.example/v1.0/me and why?",
		"upn=priya@contoso.example;dana@contoso.example":                           "upn=…@…;…@…",
		"guest priya_contoso.example#EXT#@fabrikam.example is unknown":             "guest …@… is unknown",
	} {
		if got := logs.Scrub(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
