package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestImportInPortuguese(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "provas.csv")
	day := strings.Split(nextWeek(), "-")
	date := day[2] + "/" + day[1] + "/" + day[0]
	table := "Chamado;Assunto;Data;Hora;Minutos;Sala\r\nPROVA1;Prova oral — João;" + date + ";10h30;30;12\r\nPROVA2;Prova oral;" + date + ";dez;30;12\r\nPROVA1;Segunda parte;" + date + ";14:00;30;12\r\n"
	if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, scripts := range map[string]bool{"with scripts": true, "without scripts": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBrowser(t, startDesk(t))
			if !scripts {
				b.withoutScripts()
			}
			b.open("/", 200)
			b.follow("Tomás Oliveira")
			b.follow("Criar várias reuniões de uma vez")
			do(b, "choose the file", chromedp.SetUploadFiles(`input[type="file"]`, []string{file}))
			b.choose("Fuso horário", "America/Sao_Paulo")
			b.follow("Verificar as linhas")
			b.sees("provas.csv", "1 reunião será criada, 1 linha deixada de fora, 1 linha tem problemas.", "Estas colunas não são usadas: Sala.", "Linha 3, Início", "A linha 2 desta tabela tem o mesmo chamado.")
			do(b, "correct the time", chromedp.SetValue(`[id="r2.start"]`, "11:00"))
			do(b, "choose another meeting", chromedp.SetValue(`[name="r3.choice"]`, "another"))
			b.follow("Verificar novamente")
			b.sees("3 reuniões serão criadas.", "Criar PROVA1~2")
			b.follow("Iniciar: criar 3 reuniões")
			b.waitFor("3 de 3 processadas")
			b.waitFor("Terminada")
			b.waitFor("Baixar o resultado (CSV)")
			b.sees("PROVA1~2", "Criada")
			b.follow("Imprimir todos os convites")
			b.sees("3 convites", "Prova oral — João")
			if !scripts {
				return
			}
			result := b.evaluateLong(`fetch("/imports/1/result.csv").then((r) => r.text())`)
			if n := strings.Count(result, "https://teams.microsoft.com/"); n != 3 || !strings.Contains(result, "Criada") || !strings.Contains(result, "Sala") {
				t.Errorf("the result has %d join links, want 3:\n%s", n, result)
			}
		})
	}
}
