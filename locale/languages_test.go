package locale

import (
	"cmp"
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

// sentences returns the plural forms of every sentence in a catalogue, by key. A
// sentence without plural forms has only the form "other".
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

// translations returns the names of the catalogues other than English.
func translations(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.json")
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(file string) bool { return file == "en.json" })
	if len(files) == 0 {
		t.Fatal("there are no languages besides English")
	}
	return files
}

// TestMissingSentencesAreListed logs what a catalogue has yet to translate. These
// sentences appear in English, so a language may start with a handful. List them with
//
//	go test -v -run MissingSentences ./locale
func TestMissingSentencesAreListed(t *testing.T) {
	english := sentences(t, "en.json")
	for _, file := range translations(t) {
		translated := sentences(t, file)
		var missing []string
		for _, key := range slices.Sorted(maps.Keys(english)) {
			if translated[key] == nil {
				missing = append(missing, key)
			}
		}
		t.Logf("%s lacks %d of %d sentences", file, len(missing), len(english))
		for _, key := range missing {
			t.Logf("%s lacks %q: %q", file, key, english[key]["other"])
		}
	}
}

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}|\{n\}`)

// TestTranslationsMatchEnglish checks the sentences that a catalogue does have: each
// has a key of English and its placeholders. Plural forms are those of the language;
// "other" is used where one is missing.
func TestTranslationsMatchEnglish(t *testing.T) {
	english := sentences(t, "en.json")
	for _, file := range translations(t) {
		for key, forms := range sentences(t, file) {
			want := english[key]
			if want == nil {
				t.Errorf("%s has %q, which English does not have", file, key)
				continue
			}
			if (len(forms) > 1) != (len(want) > 1) || forms["other"] == "" {
				t.Errorf("%s: %s has the forms %q, English %q", file, key, slices.Sorted(maps.Keys(forms)), slices.Sorted(maps.Keys(want)))
			}
			for form, sentence := range forms {
				if !slices.Contains(pluralForms, form) {
					t.Errorf("%s: %s has the unknown plural form %q", file, key, form)
				}
				if a, b := placeholders(sentence), placeholders(cmp.Or(want[form], want["other"])); !slices.Equal(a, b) {
					t.Errorf("%s: %s (%s) has the placeholders %q, English %q", file, key, form, a, b)
				}
			}
		}
	}
}

func placeholders(sentence string) []string {
	found := placeholder.FindAllString(sentence, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// TestSentencesAreWellWritten looks for common typing mistakes.
func TestSentencesAreWellWritten(t *testing.T) {
	for _, file := range append(translations(t), "en.json") {
		for key, forms := range sentences(t, file) {
			for form, s := range forms {
				switch {
				case s == "" || s != strings.TrimSpace(s) || strings.Contains(s, "  "):
					t.Errorf("%s: %s (%s) is empty or has extra spaces: %q", file, key, form, s)
				case strings.ContainsAny(s, `"`):
					t.Errorf("%s: %s (%s) has straight quotes: %q", file, key, form, s)
				case strings.Contains(s, "..."):
					t.Errorf("%s: %s (%s) has three dots instead of an ellipsis: %q", file, key, form, s)
				}
			}
		}
	}
}

// TestTranslatedSentencesDiffer finds sentences that were copied from English but not
// translated. Sentences of one or two words may be the same in both languages.
func TestTranslatedSentencesDiffer(t *testing.T) {
	english := sentences(t, "en.json")
	for _, file := range translations(t) {
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
		{"singular", p.N("journal.count", 1), "1 tentativa"},
		{"zero is singular", p.N("journal.count", 0), "0 tentativa"},
		{"plural", p.N("journal.count", 2), "2 tentativas"},
		{"plural with another placeholder", p.N("guard.card", 1, meeting.Args{"ExternalID": "INC1"}), "Um colega tem uma reunião para INC1"},
		{"error", p.ErrorTitle(&meeting.Error{Key: meeting.ReasonMeetingUnknown}), "Reunião não encontrada"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}
