package locale

import (
	"strings"
	"testing"
	"time"

	"meetdesk/meeting"
)

func english(t testing.TB) Printer {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c.Printer("en")
}

// twoLanguages returns a catalogue whose second language is incomplete.
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
		{[]string{"en", "pt-BR,pt;q=0.9"}, "en"}, // the person's choice comes before the browser's
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
		{"many in Portuguese", pt.N("n", 5, meeting.Args{"Where": "x"}), "5 linhas em x"},
		{"markup is not escaped", en.T("bye", meeting.Args{"Name": "<b>"}), "Bye <b>"},
		{"date in Portuguese", pt.Date(time.Date(2027, 3, 3, 0, 0, 0, 0, time.UTC), nil), "qua., 3 de mar. de 2027"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

// TestIncompleteLanguage starts a language with a few sentences.
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
		{"problem", p.Problem(meeting.Problem{Key: meeting.ReasonStartMissing, Args: meeting.Args{"Date": "2027-03-03"}}), "Enter the time at which the meeting on 2027-03-03 starts, for example 10:00"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, sources := range map[string]map[string][]byte{
		"no English":         {"pt-BR.json": []byte(`{"hello":"Olá"}`)},
		"broken JSON":        {"en.json": []byte(`{"hello":`)},
		"not a language tag": {"en.json": []byte(`{"hello":"Hello"}`), "words.json": []byte(`{"hello":"x"}`)},
		"too few months":     {"en.json": []byte(`{"date.weekdays":"a b c d e f g","date.months":"Jan","date.pattern":"[day]","time.layout":"15:04"}`)},
		"no date pattern":    {"en.json": []byte(`{"date.weekdays":"a b c d e f g","date.months":"a b c d e f g h i j k l","time.layout":"15:04"}`)},
	} {
		if _, err := load(sources); err == nil {
			t.Errorf("%s: load succeeded, want an error", name)
		}
	}
}

func BenchmarkPage(b *testing.B) {
	p := english(b)
	args := meeting.Args{"Name": "Priya"}
	zone := time.FixedZone("Europe/Lisbon", 3600)
	at := time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC)
	for b.Loop() { // roughly what one page needs
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
