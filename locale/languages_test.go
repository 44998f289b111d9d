package locale

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"meetdesk/meeting"
)

// sentences returns the messages in a file as a map from keys to plural forms. A message
// without plural forms has only "other".
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

// TestMissingSentencesAreListed logs the messages that are not translated yet. Run it with
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

func TestTranslationsMatchEnglish(t *testing.T) {
	english := sentences(t, "en.json")
	for _, file := range translations(t) {
		known := formsOf(t, language.Make(strings.TrimSuffix(file, ".json")))
		for key, forms := range sentences(t, file) {
			for _, mistake := range mistakes(forms, english[key], known) {
				t.Errorf("%s: %s %s", file, key, mistake)
			}
		}
	}
}

// mistakes describes the differences between a message's plural forms and those of the
// English message. known lists the plural forms of the language.
func mistakes(forms, english map[string]string, known []string) (list []string) {
	if english == nil {
		return []string{"is not a key of en.json; remove it or correct the key"}
	}
	plural := len(english) > 1
	if plural && len(known) > 1 && len(forms) == 1 {
		list = append(list, `lacks plural forms; write { "one": …, "other": … }`)
	}
	if !plural && len(forms) > 1 {
		list = append(list, "has plural forms, but English does not; write one sentence")
	}
	for _, form := range slices.Sorted(maps.Keys(forms)) {
		if plural && !slices.Contains(known, form) {
			list = append(list, fmt.Sprintf("has the plural form %q, which the language does not have; write %s", form, strings.Join(known, ", ")))
		}
		got, want := placeholders(forms[form]), placeholders(english["other"])
		// English may spell out the number in the plural form "one". A translation may
		// still contain the placeholder for the number, because some languages also use
		// this form for 21.
		if slices.Equal(got, want) || form == "one" && slices.Equal(got, placeholders(english["one"])) {
			continue
		}
		write := strings.Join(want, " ")
		if len(want) == 0 {
			write = "the sentence without them"
		}
		list = append(list, fmt.Sprintf("(%s) has the placeholders %q; write %s, as English does", form, got, write))
	}
	return list
}

// formsOf returns the plural forms of a language. It finds them by trying many numbers,
// because go-i18n does not export its rules.
func formsOf(t *testing.T, tag language.Tag) (known []string) {
	t.Helper()
	bundle := i18n.NewBundle(tag)
	if err := bundle.AddMessages(tag, &i18n.Message{ID: "form", Zero: "zero", One: "one", Two: "two", Few: "few", Many: "many", Other: "other"}); err != nil {
		t.Fatal(err)
	}
	localizer, found := i18n.NewLocalizer(bundle, tag.String()), map[string]bool{"other": true}
	for n := range 200 {
		found[localizer.MustLocalize(&i18n.LocalizeConfig{MessageID: "form", PluralCount: n})] = true
	}
	for _, n := range []string{"1000000", "1.5"} { // needed because some languages use "many" only for millions or only for fractions
		found[localizer.MustLocalize(&i18n.LocalizeConfig{MessageID: "form", PluralCount: n})] = true
	}
	return slices.DeleteFunc(slices.Clone(pluralForms), func(form string) bool { return !found[form] })
}

func TestMistakesOfTranslations(t *testing.T) {
	one := map[string]string{"other": "Hello {{.Name}}"}
	plural := map[string]string{"one": "A row of {{.Name}}", "other": "{{.N}} rows of {{.Name}}"}
	for _, tt := range []struct {
		name, tag      string
		forms, english map[string]string
		want           string
	}{
		{"same", "es", map[string]string{"other": "Hola {{.Name}}"}, one, ""},
		{"unknown key", "es", map[string]string{"other": "Hola"}, nil, "is not a key of en.json"},
		{"translated placeholder", "es", map[string]string{"other": "Hola {{.Nombre}}"}, one, "write {{.Name}}, as English does"},
		{"placeholder too many", "es", one, map[string]string{"other": "Hello"}, "write the sentence without them"},
		{"no forms", "es", map[string]string{"other": "{{.N}} filas de {{.Name}}"}, plural, `write { "one": …, "other": … }`},
		{"one form is enough in Japanese", "ja", map[string]string{"other": "{{.N}} {{.Name}}"}, plural, ""},
		{"forms where English has none", "es", map[string]string{"one": "Hola {{.Name}}", "other": "Hola {{.Name}}"}, one, "write one sentence"},
		{"form of another language", "es", map[string]string{"one": "{{.Name}}", "few": "{{.N}} {{.Name}}", "other": "{{.N}} {{.Name}}"}, plural, `the plural form "few", which the language does not have; write one, many, other`},
		{"forms of Polish", "pl", map[string]string{"one": "{{.Name}}", "few": "{{.N}} {{.Name}}", "many": "{{.N}} {{.Name}}", "other": "{{.N}} {{.Name}}"}, plural, ""},
		{"number in the form one", "ru", map[string]string{"one": "{{.N}} {{.Name}}", "other": "{{.N}} {{.Name}}"}, plural, ""},
		{"number missing", "es", map[string]string{"one": "{{.Name}}", "other": "{{.Name}}"}, plural, "(other) has the placeholders"},
	} {
		got := strings.Join(mistakes(tt.forms, tt.english, formsOf(t, language.Make(tt.tag))), "\n")
		if !strings.Contains(got, tt.want) || (tt.want == "") != (got == "") {
			t.Errorf("%s: the mistakes are %q, want %q", tt.name, got, tt.want)
		}
	}
}

func placeholders(sentence string) []string {
	found := placeholder.FindAllString(sentence, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestSentencesAreWellWritten(t *testing.T) {
	for _, file := range append(translations(t), "en.json") {
		for key, forms := range sentences(t, file) {
			for form, s := range forms {
				switch {
				case key == "number.group" && strings.TrimSpace(s) == "":
					if !strings.Contains("\u00a0\u202f", s) || s == "" {
						t.Errorf("%s: number.group is %q; write a no-break space, \\u00a0 or \\u202f", file, s)
					}
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

// TestTranslatedSentencesDiffer checks that no message is a copy of the English one. Date
// formats and messages of one or two words may be the same in both languages.
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
