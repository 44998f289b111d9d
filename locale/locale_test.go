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

// twoTongues is a catalogue with a second language that lacks a sentence.
func twoTongues(t *testing.T) *Catalogue {
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
	c := twoTongues(t)
	for _, tt := range []struct {
		preferred []string
		want      string
	}{
		{nil, "en"},
		{[]string{""}, "en"},
		{[]string{"pt-BR"}, "pt-BR"},
		{[]string{"pt"}, "pt-BR"},
		{[]string{"", "pt-BR,pt;q=0.9,en;q=0.8"}, "pt-BR"},
		{[]string{"en", "pt-BR,pt;q=0.9"}, "en"}, // what the person chose goes before what the browser says
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
	c := twoTongues(t)
	en, pt := c.Printer("en"), c.Printer("pt-BR")
	for _, tt := range []struct{ name, got, want string }{
		{"plain", en.T("hello"), "Hello"},
		{"plain in Portuguese", pt.T("hello"), "Olá"},
		{"with a place", pt.T("bye", meeting.Args{"Name": "Priya"}), "Até logo, Priya"},
		{"English fills a gap", pt.T("only"), "Only English"},
		{"English fills a gap with a place", pt.T("only.with", meeting.Args{"Name": "x"}), "Only x"},
		{"a place in one language only", pt.T("named", meeting.Args{"Name": "Priya"}), "Olá, Priya"},
		{"missing", en.T("nothing"), "⟦nothing⟧"},
		{"missing plural", en.N("nothing", 2), "⟦nothing⟧"},
		{"zero printer", Printer{}.T("hello"), "⟦hello⟧"},
		{"one", en.N("n", 1, meeting.Args{"Where": "x"}), "1 row"},
		{"none", en.N("n", 0, meeting.Args{"Where": "x"}), "0 rows in x"},
		{"none in Portuguese is singular", pt.N("n", 0), "0 linha"},
		{"many in Portuguese", pt.N("n", 5, meeting.Args{"Where": "x"}), "5 linhas em x"},
		{"markup is left to the page", en.T("bye", meeting.Args{"Name": "<b>"}), "Bye <b>"},
		{"date in Portuguese", pt.Date(time.Date(2027, 3, 3, 0, 0, 0, 0, time.UTC), nil), "qua., 3 de mar. de 2027"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestErrorsFallBack(t *testing.T) {
	p := english(t)
	known := &meeting.Error{Key: "meeting.unknown"}
	unknown := &meeting.Error{Key: "product"}
	for _, tt := range []struct{ name, got, want string }{
		{"title", p.ErrorTitle(known), "Meeting not found"},
		{"title of one without", p.ErrorTitle(unknown), p.T("error.title")},
		{"advice of one without", p.ErrorAdvice(unknown), p.T("error.advice")},
		{"no error at all", p.Error(nil), p.T("internal")},
		{"no key", p.ErrorTitle(&meeting.Error{}), p.T("internal.title")},
		{"its places", p.Error(&meeting.Error{Key: "access.change", Args: meeting.Args{"Name": "Priya Nair"}}), "Only the organizer, Priya Nair, can change this meeting."},
		{"a problem", p.Problem(meeting.Problem{Key: "start.missing", Args: meeting.Args{"Date": "2027-03-03"}}), "Enter the time at which the meeting on 2027-03-03 starts, for example 10:00"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, sources := range map[string]map[string][]byte{
		"no English":  {"pt-BR.json": []byte(`{"hello":"Olá"}`)},
		"broken JSON": {"en.json": []byte(`{"hello":`)},
		"no tag":      {"en.json": []byte(`{"hello":"Hello"}`), "words.json": []byte(`{"hello":"x"}`)},
		"few months":  {"en.json": []byte(`{"date.weekdays":"a b c d e f g","date.months":"Jan","date.pattern":"[day]","time.layout":"15:04"}`)},
		"no pattern":  {"en.json": []byte(`{"date.weekdays":"a b c d e f g","date.months":"a b c d e f g h i j k l","time.layout":"15:04"}`)},
	} {
		if _, err := load(sources); err == nil {
			t.Errorf("%s: loaded", name)
		}
	}
}

func BenchmarkPage(b *testing.B) {
	p := english(b)
	args := meeting.Args{"Name": "Priya"}
	zone := time.FixedZone("Europe/Lisbon", 3600)
	at := time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC)
	for b.Loop() { // about what one page asks
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
