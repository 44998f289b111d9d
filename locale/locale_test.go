package locale

import (
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
	"meetdesk/testenv"
)

func english(t testing.TB) Printer {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c.Printer("en")
}

func twoLanguages(t *testing.T) *Catalogue {
	t.Helper()
	c, err := load(map[string][]byte{
		"en.json": []byte(`{"hello":"Hello","bye":"Bye {{.Name}}","named":"Hello you","only":"Only English","only.with":"Only {{.Name}}",
			"n":{"one":"{{.N}} row","other":"{{.N}} rows in {{.Where}}"},
			"date.weekdays":"Sun Mon Tue Wed Thu Fri Sat","date.months":"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec","date.pattern":"[weekday] [day] [month] [year]","time.layout":"15:04"}`),
		"pt-BR.json": []byte(`{"hello":"Olá","named":"Olá, {{.Name}}","bye":"Até logo, {{.Name}}","n":{"one":"{{.N}} linha","other":"{{.N}} linhas em {{.Where}}"},
			"date.weekdays":"dom. seg. ter. qua. qui. sex. sáb.","date.months":"jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.","date.pattern":"[weekday], [day] de [month] de [year]"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPrinterChoosesTheBestLanguage(t *testing.T) {
	c := twoLanguages(t)
	for _, tt := range []struct {
		preferred []string
		want      string
	}{
		{nil, "en"},
		{[]string{""}, "en"},
		{[]string{"pt-BR"}, "pt-BR"},
		{[]string{"pt"}, "pt-BR"},
		{[]string{"", "pt-BR,pt;q=0.9,en;q=0.8"}, "pt-BR"},
		{[]string{"en", "pt-BR,pt;q=0.9"}, "en"}, // the user's choice takes precedence over the browser's
		{[]string{"de-DE,de;q=0.9"}, "en"},
		{[]string{"de", "pt-BR"}, "pt-BR"},
		{[]string{"\x00;;q=q,,", "pt-BR"}, "pt-BR"},
		{[]string{strings.Repeat("pt,", 10000)}, "en"},
	} {
		if got := c.Printer(tt.preferred...).Lang(); got != tt.want {
			t.Errorf("Printer(%.40q).Lang() = %q, want %q", tt.preferred, got, tt.want)
		}
	}
}

func TestSentences(t *testing.T) {
	c := twoLanguages(t)
	en, pt := c.Printer("en"), c.Printer("pt-BR")
	for _, tt := range []struct{ name, got, want string }{
		{"plain", en.T("hello"), "Hello"},
		{"plain in Portuguese", pt.T("hello"), "Olá"},
		{"with a placeholder", pt.T("bye", meeting.Args{"Name": "Priya"}), "Até logo, Priya"},
		{"English fills a gap", pt.T("only"), "Only English"},
		{"English fills a gap with a placeholder", pt.T("only.with", meeting.Args{"Name": "x"}), "Only x"},
		{"a placeholder in one language only", pt.T("named", meeting.Args{"Name": "Priya"}), "Olá, Priya"},
		{"missing", en.T("nothing"), "⟦nothing⟧"},
		{"missing plural", en.N("nothing", 2), "⟦nothing⟧"},
		{"zero printer", Printer{}.T("hello"), "⟦hello⟧"},
		{"one", en.N("n", 1, meeting.Args{"Where": "x"}), "1 row"},
		{"zero", en.N("n", 0, meeting.Args{"Where": "x"}), "0 rows in x"},
		{"zero is singular in Portuguese", pt.N("n", 0), "0 linha"},
		{"the same for every number", en.N("hello", 2), "Hello"},
		{"many in Portuguese", pt.N("n", 5, meeting.Args{"Where": "x"}), "5 linhas em x"},
		{"markup is not escaped", en.T("bye", meeting.Args{"Name": "<b>"}), "Bye <b>"},
		{"date in Portuguese", pt.Date(time.Date(2027, 3, 3, 0, 0, 0, 0, time.UTC), nil), "qua., 3 de mar. de 2027"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

// A message may lack the plural form "one" and still have others.
func TestPluralWithoutOne(t *testing.T) {
	english, err := files.ReadFile("en.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := load(map[string][]byte{"en.json": english, "pl.json": []byte(`{"n":{"few":"kilka wierszy","other":"wiele wierszy"}}`)})
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{3: "kilka wierszy", 1000: "wiele wierszy"} {
		if got := c.Printer("pl").N("n", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestIncompleteLanguage(t *testing.T) {
	english, err := files.ReadFile("en.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, spanish, menu, home, date string }{
		{"named", `{"language.name":"Español","nav.home":"Inicio"}`, "Español", "Inicio", "Wed 3 Mar 2027"},
		{"without its name", `{"nav.home":"Inicio"}`, "es", "Inicio", "Wed 3 Mar 2027"},
		{"dates only", `{"date.months":"ene feb mar abr may jun jul ago sept oct nov dic"}`, "es", "Home", "Wed 3 mar 2027"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := load(map[string][]byte{"en.json": english, "es.json": []byte(tt.spanish)})
			if err != nil {
				t.Fatal(err)
			}
			p := c.Printer("es-MX,es;q=0.9,en;q=0.8")
			if got := p.T("nav.home"); p.Lang() != "es" || got != tt.home {
				t.Errorf("%s: nav.home is %q, want es: %q", p.Lang(), got, tt.home)
			}
			if got := p.Languages()[1]; got != (Language{"es", tt.menu}) {
				t.Errorf("the menu has %+v, want %q", got, tt.menu)
			}
			if got := p.Date(time.Date(2027, 3, 3, 0, 0, 0, 0, time.UTC), nil); got != tt.date {
				t.Errorf("date is %q, want %q", got, tt.date)
			}
			if got := p.N("journal.count", 2); got != "2 attempts" {
				t.Errorf("plural is %q, want English", got)
			}
		})
	}
}

func TestErrorsFallBack(t *testing.T) {
	p := english(t)
	known := &meeting.Error{Key: meeting.ReasonMeetingUnknown}
	unknown := &meeting.Error{Key: "product"}
	for _, tt := range []struct{ name, got, want string }{
		{"title", p.ErrorTitle(known), "Meeting not found"},
		{"error without a title", p.ErrorTitle(unknown), p.T("error.title")},
		{"error without advice", p.ErrorAdvice(unknown), p.T("error.advice")},
		{"no error", p.Error(nil), p.T("internal")},
		{"no key", p.ErrorTitle(&meeting.Error{}), p.T("internal.title")},
		{"placeholders", p.Error(&meeting.Error{Key: meeting.ReasonAccessChange, Args: meeting.Args{"Name": "Priya Nair"}}), "Only the organizer, Priya Nair, can change this meeting."},
		{"problem", p.Problem(meeting.Problem{Key: meeting.ReasonStartMissing, Args: meeting.Args{"Date": meeting.Day(time.Date(2027, 3, 3, 0, 0, 0, 0, time.UTC))}}), "Enter the time at which the meeting on Wed 3 Mar 2027 starts, for example 10:00"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	testenv.SkipIfShort(t)
	english, err := files.ReadFile("en.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, file, text, want string }{
		{"broken JSON", "es.json", "{\n\"a\": \"b\",\n\"c\" \"d\"}", "es.json:3: invalid character '\"' after object key"},
		{"missing comma", "es.json", "{\n\"a\": \"b\"\n}\n}", "es.json:4: invalid character '}'"},
		{"cut off", "es.json", "{\n\"a\":", "es.json:2: unexpected end of JSON input"},
		{"empty", "es.json", "\n", "es.json: the file is empty"},
		{"list", "es.json", `["a"]`, "es.json: the file must be an object"},
		{"null", "es.json", `null`, "es.json: the file must be an object"},
		{"number", "es.json", "{\n\"a\": 1}", "es.json:2: a must be a sentence"},
		{"nested", "es.json", `{"nav": {"home": "x"}}`, `es.json:1: nav has the plural form "home"`},
		{"nested twice", "es.json", `{"a": {"other": {"other": "x"}}}`, "es.json:1: a must be a sentence"},
		{"duplicate key", "es.json", "{\"nav.home\": \"a\",\n\"nav.home\": \"b\"}", "es.json:2: nav.home appears twice"},
		{"duplicate form", "es.json", `{"a": {"other": "a", "other": "b"}}`, "es.json:1: a other appears twice"},
		{"no other form", "es.json", `{"a": {"one": "a"}}`, `es.json:1: a lacks the plural form "other"`},
		{"empty sentence", "es.json", `{"nav.home": ""}`, "es.json:1: nav.home is empty"},
		{"Latin-1", "es.json", "{\"nav.home\": \"P\xe1gina\"}", "es.json: save the file as UTF-8"},
		{"byte order mark", "es.json", "\ufeff{}", "es.json: save the file as UTF-8"},
		{"capitals", "ES.json", `{"a": "b"}`, "rename ES.json to es.json"},
		{"underscore", "pt_BR.json", `{"a": "b"}`, "rename pt_BR.json to pt-BR.json"},
		{"not a language tag", "words.json", `{"a": "b"}`, "words.json: a file is named after a language tag, such as es.json or pt-BR.json"},
		{"broken template", "es.json", `{"meeting.write": "A {{.Name"}`, `es.json:1: meeting.write, "A {{.Name": template: meeting.write:1: unclosed action`},
		{"broken template in a form", "es.json", `{"a": {"one": "{{if .X}}", "other": "x"}}`, `es.json:1: a, "{{if .X}}"`},
		{"unknown function", "es.json", `{"a": "{{Name}}"}`, `function "Name" not defined`},
		{"weekdays", "es.json", `{"date.weekdays": "a b c d e f"}`, "es.json: date.weekdays has 6 names; write 7"},
		{"months", "es.json", `{"date.months": "ene"}`, "es.json: date.months has 1 names; write 12"},
		{"translated pattern", "es.json", `{"date.pattern": "[día] [month] [year] [weekday]"}`, "must contain [day] once"},
		{"name twice", "es.json", `{"date.pattern": "[weekday] [day] [month] [year] [day]"}`, "must contain [day] once"},
		{"unknown name", "es.json", `{"date.pattern": "[weekday] [day] [month] [year] [era]"}`, "may contain only"},
		{"clock of another program", "es.json", `{"time.layout": "HH:mm"}`, "es.json: time.layout \"HH:mm\" does not show the time"},
		{"clock without AM or PM", "es.json", `{"time.layout": "3:04"}`, "es.json: time.layout"},
		{"clock without minutes", "es.json", `{"time.layout": "15"}`, "es.json: time.layout"},
	} {
		_, err := load(map[string][]byte{"en.json": english, tt.file: []byte(tt.text)})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: the error is %v, want %q", tt.name, err, tt.want)
		}
	}
	if _, err := load(map[string][]byte{"pt-BR.json": []byte(`{"hello":"Olá"}`)}); err == nil {
		t.Error("a catalogue without English is loaded")
	}
}

// TestSentenceThatCannotBeFilled checks that T returns the message key if a placeholder
// cannot be filled in. If T returned an empty string, a link could be left without a name.
func TestSentenceThatCannotBeFilled(t *testing.T) {
	english, err := files.ReadFile("en.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := load(map[string][]byte{"en.json": english, "es.json": []byte(`{"bye":"{{.Name.First}}","time.layout":"3:04 PM"}`)})
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range []meeting.Args{{"Name": "Priya"}, {}, nil} {
		if got := c.Printer("es").T("bye", args); got != "⟦bye⟧" {
			t.Errorf("with %v: got %q, want the key", args, got)
		}
	}
	if got := c.Printer("en").T("access.change"); got != "⟦access.change⟧" {
		t.Errorf("without an argument: got %q, want the key", got)
	}
}

func BenchmarkPage(b *testing.B) {
	p := english(b)
	args := meeting.Args{"Name": "Priya"}
	zone := time.FixedZone("Europe/Lisbon", 3600)
	at := time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC)
	for b.Loop() {
		for range 100 {
			p.T("nav.home")
		}
		for range 10 {
			p.T("meeting.write", args)
		}
		for range 50 {
			p.Range(at, at.Add(time.Hour), zone)
		}
	}
}
