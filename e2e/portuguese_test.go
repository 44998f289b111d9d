package e2e_test

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// portuguese creates and changes a meeting as Tomás, whose account is set to Portuguese.
// It calls look on most pages.
func (b *browser) portuguese(ticket, subject string, look func(page string)) {
	b.t.Helper()
	b.open("/", 200)
	b.follow("Tomás Oliveira")
	b.sees("Reuniões", "Buscar uma reunião", "Próximas", "nada aqui chega à Microsoft")
	look("home")

	b.follow("Nova reunião")
	b.sees("Cria um link do Teams.")
	look("form")
	b.choose("Data", nextWeek())
	b.choose("Início", "10:00")
	b.choose("Término", "09:00")
	b.clear("Data de término")
	b.followTo("Criar reunião", 422)
	b.sees("Há 2 problemas no formulário", "Informe o número do chamado")
	look("form-wrong")

	b.write("Número do chamado (ID externo)", ticket)
	b.choose("Data", addDays(nextWeek(), -8))
	b.choose("Término", "10:30")
	b.followTo("Criar reunião", 422)
	b.sees("já passou", "Criar mesmo assim")
	look("form-past")

	b.follow("Nova reunião")
	b.write("Número do chamado (ID externo)", ticket)
	b.write("Assunto (opcional)", subject)
	b.choose("Início", "10:00")
	b.clear("Data de término")
	b.invite("Dana Whitfield <dana@contoso.example> apresentadora")
	b.choose("Data", nextWeek())
	b.choose("Término", "10:30")
	b.choose("Fuso horário", "America/Sao_Paulo")
	b.follow("Criar reunião")
	b.sees("Criada", ticket, subject, "10:00–10:30", "Tomás Oliveira criou esta reunião.", "Convite",
		"ID da reunião", "Senha", "ID da conferência", "Apresentador", " de 20") // " de 20" is part of a date such as "3 de mar. de 2027"
	look("meeting-created")

	b.follow("Alterar")
	look("change")
	b.choose("Início", "11:00")
	b.choose("Término", "11:30")
	b.follow("Salvar alterações")
	b.sees("Alterada", "11:00–11:30", "Tomás Oliveira alterou esta reunião.")
	b.lacks("10:00–10:30")
	look("meeting-changed")
	b.follow("Remover…")
	look("remove")
	b.follow("Cancelar")

	b.follow("Nova reunião")
	b.write("Número do chamado (ID externo)", ticket)
	b.write("Assunto (opcional)", "Outro assunto")
	b.choose("Data", nextWeek())
	b.choose("Início", "15:00")
	b.choose("Término", "15:30")
	b.clear("Data de término")
	b.followTo("Criar reunião", 409)
	look("guard-own")
	b.follow("Comparar com o que informei")
	b.sees("Encontrada: esta reunião já existia", "O que foi solicitado e o que existe", "Outro assunto", "Manter como está")
	look("meeting-found")
	b.open("/t/INC0012301", 200)
	b.sees("Já existe uma reunião para este chamado", "Priya Nair", "Usar esta")
	look("ticket")
	b.follow("Nova reunião")
	b.write("Número do chamado (ID externo)", "INC0012301")
	b.followTo("Criar reunião", 409)
	b.sees("Nada foi criado ainda", "Criar mesmo assim")
	look("guard")
	b.follow("Usar esta")
	b.sees("Priya Nair")
	look("meeting-handed-over")
	b.follow("Desistir do acesso")
	look("end-access")
	b.follow("Cancelar")

	b.follow("Histórico")
	look("history")
	b.write("Buscar uma reunião", ticket)
	b.follow("Buscar")
	b.sees(subject, "Pronta") // a single match opens directly
	b.follow("Voltar ao que foi encontrado para “" + ticket + "”")
	b.sees("Encontradas para “"+ticket+"”.", "Parece um número de chamado.", subject, "Encontrado por: chamado")
	look("history-found")
	b.follow("Histórico")
	b.write("Buscar uma reunião", "nenhum assim")
	b.follow("Buscar")
	b.sees("Nenhuma reunião foi encontrada para “nenhum assim”.")
	look("history-empty")
	b.follow("Adicionar uma reunião existente do Teams")
	b.followTo("Adicionar reunião", 422)
	look("adopt-wrong")
	b.open("/meetings/999999", 404)
	b.sees("Reunião não encontrada", "ID da solicitação:")
	look("error")
}

// TestInPortuguese visits most kinds of page in Portuguese and runs checkPage on each. It
// also changes the language.
func TestInPortuguese(t *testing.T) {
	t.Parallel()
	axe := readAxe(t)
	b := openBrowser(t, startDesk(t))
	look := func(page string) {
		if lang := b.root("lang"); lang != "pt-BR" {
			t.Errorf("%s: the language is %q", page, lang)
		}
		b.checkPage(page, axe)
	}
	b.portuguese("INC0012777", "Teclado sem a tecla Tab", look)
	b.portugueseOthers(look)

	b.signOut("Sair")
	call(b, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{}}) // the browser now prefers English
	b.follow("Entrar")
	b.follow("Tomás Oliveira")
	b.open("/meetings/999999", 404)
	b.followTo("English", 404)
	b.sees("Meeting not found")
	b.signOut("Sign out")
	b.sees("You are signed out")
	b.follow("Sign in")
	b.follow("Tomás Oliveira")
	b.sees("Meetings") // the user's choice takes precedence over the provider's language
	b.follow("Português (Brasil)")
	b.sees("Reuniões")
}

func TestTheme(t *testing.T) {
	t.Parallel()
	b := openBrowser(t, startDesk(t))
	b.signIn("Priya Nair")
	b.follow("History")
	grounds := map[string]string{}
	for _, tt := range []struct{ choice, system, want string }{
		{"System", "light", "light"}, {"System", "dark", "dark"},
		{"Dark", "light", "dark"}, {"Dark", "dark", "dark"},
		{"Light", "light", "light"}, {"Light", "dark", "light"},
	} {
		b.screen(1280, 900, tt.system)
		b.follow(tt.choice)
		b.sees("Yours. Times in")
		ground := do(b, "read the colour", chromedp.Evaluate[string](`getComputedStyle(document.body).backgroundColor`))
		if grounds[tt.want] == "" {
			grounds[tt.want] = ground
		}
		if ground != grounds[tt.want] {
			t.Errorf("%s where the system is %s: the background is %s, want that of %s, %s", tt.choice, tt.system, ground, tt.want, grounds[tt.want])
		}
	}
	if grounds["light"] == grounds["dark"] {
		t.Errorf("both themes have the background %s", grounds["light"])
	}
}

func (b *browser) root(attribute string) string {
	b.t.Helper()
	return do(b, "read "+attribute, chromedp.Evaluate[string](`document.documentElement.getAttribute("`+attribute+`") ?? ""`))
}
