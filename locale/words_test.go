package locale

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestOneNameForEachThing checks that the catalogues do not use outdated names instead of
// those in docs/words.md.
func TestOneNameForEachThing(t *testing.T) {
	for file, names := range map[string]string{
		"en.json": `\b(the|this|whole) desk\b|put aside|unfinished|without an answer|looked (this meeting )?up(:|"| this)|look again|` +
			`(bring|brings|brought) (it )?in\b|all the same|gets in without|practice desk|` +
			`meetings? (was|has been|were) made|\bcoorganizer|\banswer(s|ed)?\b|make (a|another|the) meeting|hand(ed)? (it )?out`,
		"pt-BR.json": `\b(o|ao|do|no|pelo|este|deste) (próprio )?sistema\b|\bde novo\b|ignorada|\bignorar"|` +
			`sem resposta"|não concluída|coincide|sala de espera|passado adiante|passe adiante|consertar|\bpap[eé](l|is)\b|\bprocurad[oa]s?\b|\bprocurar\b`,
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		other := regexp.MustCompile(`(?i)` + names)
		for i, line := range strings.Split(string(text), "\n") {
			if strings.Contains(line, `"theme.system"`) || strings.Contains(line, "sistema de chamados") {
				continue
			}
			if _, sentence, found := strings.Cut(line, `": `); found && other.MatchString(sentence) {
				t.Errorf("%s:%d says %q: see docs/words.md", file, i+1, other.FindString(sentence))
			}
		}
	}
}

func TestImportsNameTheTicketAsListsDo(t *testing.T) {
	catalogue, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range catalogue.Printer().Languages() {
		p := catalogue.Printer(language.Tag)
		name, _, _ := strings.Cut(p.T("column.external_id"), " | ")
		if want := p.T("fact.external_id"); name != want {
			t.Errorf("%s: imports call the ticket %q, and lists %q", language.Tag, name, want)
		}
	}
}
