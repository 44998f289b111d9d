package locale

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
)

// sentences returns the plural forms of every sentence of a catalogue by its
// key; a sentence without any has the form "other".
func sentences(t *testing.T, file string) map[string]map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	all := make(map[string]map[string]string, len(raw))
	for key, value := range raw {
		var one string
		if json.Unmarshal(value, &one) == nil {
			all[key] = map[string]string{"other": one}
			continue
		}
		var forms map[string]string
		if err := json.Unmarshal(value, &forms); err != nil {
			t.Fatalf("%s: %s: %v", file, key, err)
		}
		all[key] = forms
	}
	return all
}

// others are the catalogues beside English.
func others(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.json")
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(file string) bool { return file == "en.json" })
	if len(files) == 0 {
		t.Fatal("there is no other language than English")
	}
	return files
}

var place = regexp.MustCompile(`\{\{[^}]*\}\}|\{n\}`)

// TestLanguagesSayTheSame holds every catalogue to English's keys, plural forms
// and places: nobody reads a sentence of another language, or one with a gap.
func TestLanguagesSayTheSame(t *testing.T) {
	english := sentences(t, "en.json")
	for _, file := range others(t) {
		theirs := sentences(t, file)
		for key, want := range english {
			got, ok := theirs[key]
			if !ok {
				t.Errorf("%s lacks %q: %q", file, key, want["other"])
				continue
			}
			if a, b := slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)); !slices.Equal(a, b) {
				t.Errorf("%s: %s has the forms %q, English %q", file, key, a, b)
			}
			for form, sentence := range want {
				a, b := place.FindAllString(got[form], -1), place.FindAllString(sentence, -1)
				slices.Sort(a)
				slices.Sort(b)
				if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
					t.Errorf("%s: %s (%s) has the places %q, English %q", file, key, form, a, b)
				}
			}
		}
		for key := range theirs {
			if english[key] == nil {
				t.Errorf("%s has %q, which English does not", file, key)
			}
		}
	}
}

// TestSentencesAreWellWritten looks for what gives a machine or haste away.
func TestSentencesAreWellWritten(t *testing.T) {
	for _, file := range append(others(t), "en.json") {
		for key, forms := range sentences(t, file) {
			for form, s := range forms {
				switch {
				case s == "" || s != strings.TrimSpace(s) || strings.Contains(s, "  "):
					t.Errorf("%s: %s (%s) is empty or has blanks too many: %q", file, key, form, s)
				case strings.ContainsAny(s, `"`):
					t.Errorf("%s: %s (%s) has straight quotes: %q", file, key, form, s)
				case strings.Contains(s, "..."):
					t.Errorf("%s: %s (%s) has three dots for an ellipsis: %q", file, key, form, s)
				}
			}
		}
	}
}

// TestTranslatedSentencesDiffer finds sentences that were copied and left in
// English: more than two words that read the same in both languages.
func TestTranslatedSentencesDiffer(t *testing.T) {
	english := sentences(t, "en.json")
	for _, file := range others(t) {
		for key, forms := range sentences(t, file) {
			for form, s := range forms {
				if s == english[key][form] && len(strings.Fields(s)) > 2 && !strings.HasPrefix(key, "date.") {
					t.Errorf("%s: %s is still English: %q", file, key, s)
				}
			}
		}
	}
}

func TestPortuguese(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	p := c.Printer("pt-BR")
	lisbon, _ := meeting.LoadZone("Europe/Lisbon")
	start := time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC)
	late := time.Date(2027, 5, 1, 22, 30, 0, 0, time.UTC)
	for _, tt := range []struct{ name, got, want string }{
		{"language", p.Lang(), "pt-BR"},
		{"date", p.Date(start, lisbon), "qua., 3 de mar. de 2027"},
		{"date and time", p.DateTime(late, lisbon), "sáb., 1 de mai. de 2027, 23:30"},
		{"range", p.Range(start, start.Add(30*time.Minute), lisbon), "qua., 3 de mar. de 2027, 10:00–10:30"},
		{"range past midnight", p.Range(late, late.Add(time.Hour), lisbon), "sáb., 1 de mai. de 2027, 23:30 – dom., 2 de mai. de 2027, 00:30"},
		{"one", p.N("journal.count", 1), "1 tentativa"},
		{"none is singular, as in 0 and 1", p.N("journal.count", 0), "0 tentativa"},
		{"many", p.N("journal.count", 2), "2 tentativas"},
		{"a colleague", p.N("guard.card", 1, meeting.Args{"ExternalID": "INC1"}), "Um colega tem uma reunião para INC1"},
		{"an error", p.ErrorTitle(&meeting.Error{Key: "meeting.unknown"}), "Reunião não encontrada"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}
