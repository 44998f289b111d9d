package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// TestPeopleAreCopiedFromPageToForm checks that people copied from a meeting's page and
// pasted into the form keep their roles.
func TestPeopleAreCopiedFromPageToForm(t *testing.T) {
	t.Parallel()
	d := startDesk(t)
	for _, tt := range []struct {
		who, number, people, ticket, newMeeting, create string
		roles                                           []string
	}{
		{"Priya Nair", "INC005500", "People (optional)", "Ticket number (external ID)", "New meeting", "Create meeting", []string{"Presenter", "Co-organizer", "Outside"}},
		{"Tomás Oliveira", "INC005501", "Participantes (opcional)", "Número do chamado (ID externo)", "Nova reunião", "Criar reunião", []string{"Apresentador", "Coorganizador", "De fora"}},
	} {
		t.Run(tt.who, func(t *testing.T) {
			b := openBrowser(t, d)
			b.open("/", 200)
			b.follow(tt.who)
			b.useClipboard("clipboard-read")
			meet := func(ticket, people string) (list string) {
				b.follow(tt.newMeeting)
				b.write(tt.ticket, ticket)
				do(b, "go to the list", chromedp.Focus(field(tt.people)))
				if people == "" {
					b.edit("v", "paste")
				} else {
					b.invite(people)
				}
				b.follow(tt.create)
				return do(b, "read the people", chromedp.Text("ul.people"))
			}
			shown := meet(tt.number+"1", "Ana Silva <ana@fabrikam.example>\nAlex Admin <alex@contoso.example> presenter\nDana Whitfield <dana@contoso.example> coorganizer\nbob@fabrikam.example\nZoë Quick <zq17@contoso.example>")
			for _, role := range tt.roles {
				if !strings.Contains(shown, role) {
					t.Fatalf("the page shows %q, which lacks %q", shown, role)
				}
			}
			do(b, "select the list", chromedp.Evaluate[bool](`(getSelection().selectAllChildren(document.querySelector("ul.people")), true)`))
			b.edit("c", "copy")
			copied := b.clipboard()
			if again := meet(tt.number+"2", ""); again != shown {
				t.Errorf("copied\n%s\nwhich the form reads as\n%s\nwant\n%s", copied, again, shown)
			}
		})
	}
}

// edit presses Ctrl and the given key. It also sends the editing command, which a headless
// browser does not derive from the keys.
func (b *browser) edit(key, command string) {
	b.t.Helper()
	b.press(key, chromedp.KeyModifiers(chromedp.ModifierCtrl), func(p *input.DispatchKeyEventParams) { p.Commands = []string{command} })
}
