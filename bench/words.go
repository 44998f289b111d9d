package main

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// The meetings' subjects consist of common and rare words. Each of the most common words
// appears in about a tenth of all subjects, and each rare word in only a few.

type pair [2]string

var (
	// apart contains pairs of words that never appear in the same subject, although each
	// word appears in at least a twentieth of all subjects.
	apart = []pair{{"printer", "invoice"}, {"drukarka", "laptop"}, {"reunião", "konto"}}
	// together contains pairs of words that often appear in the same subject.
	together = []pair{{"password", "reset"}, {"instalação", "atualização"}, {"dostęp", "nowy"}}
)

// single contains the common words that are not in a pair, the most common first.
var single = strings.Fields(`
	email network acesso sieć phone sistema problem vpn rede hasło monitor ecrã ekran access usuário użytkownik software licença licencja
	slow lento wolny update serviço usługa account conta umowa screen relatório raport keyboard teclado klawiatura meeting erro błąd
	server servidor serwer backup cópia kopia folder pasta katalog shared partilhada wspólny drive disco dysk department departamento
	dział finance finanças finanse payroll salário płace training formação szkolenie onboarding integração wdrożenie contract contrato
	zamówienie order encomenda faktura recibo rachunek customer cliente klient supplier fornecedor dostawca delivery entrega dostawa
	office escritório biuro floor andar piętro room sala pokój building edifício budynek desk mesa biurko chair cadeira krzesło
	light luz światło heating aquecimento ogrzewanie window janela okno door porta drzwi badge crachá identyfikator parking
	estacionamento parkowanie visitor visitante gość security segurança ochrona camera câmara kamera alarm alarme czujnik fire incêndio
	pożar first primeira pierwszy second segunda drugi third terceira trzeci morning manhã rano evening noite wieczór urgent urgente pilne
	broken avariada zepsuty missing falta brakuje lost perdido zgubiony replaced trocado wymiana cable cabo kabel adapter adaptador
	zasilacz battery bateria akumulator charger carregador ładowarka headset auscultadores słuchawki microphone microfone mikrofon sound
	som dźwięk picture imagem obraz video vídeo nagranie calendar calendário kalendarz invitation convite zaproszenie reminder lembrete
	przypomnienie message mensagem wiadomość attachment anexo załącznik signature assinatura podpis certificate certificado certyfikat
	browser navegador przeglądarka bookmark favorito zakładka database base baza query consulta zapytanie table tabela wykres chart
	gráfico export exportação eksport import importação przywóz migration migração migracja test teste próba release versão wydanie
	rollback reversão wycofanie review revisão przegląd approval aprovação zgoda budget orçamento budżet forecast previsão prognoza
	quarterly trimestral kwartalny yearly anual roczny audit auditoria audyt policy política polityka privacy privacidade prywatność
	health saúde zdrowie holiday férias urlop sick doente choroba travel viagem podróż hotel alojamento nocleg taxi boleia przejazd
	student aluno uczeń exam exame egzamin course curso kurs library biblioteca czytelnia patient paciente pacjent ward enfermaria
	oddział clinic clínica przychodnia appointment consultório wizyta therapy terapia leczenie`)

// vocabulary contains all common words, the most common first.
var vocabulary = func() (words []string) {
	for _, p := range slices.Concat(apart, together) {
		words = append(words, p[:]...)
	}
	return append(words, single...)
}()

// wordRanks contains the cumulative weights of the words in vocabulary. The most common
// word makes up about 2% of all words.
var wordRanks = newRanks(len(vocabulary), 15)

// partner returns the other word of the pair that contains w. It returns false if no pair
// contains w.
func partner(pairs []pair, w string) (other string, ok bool) {
	for _, p := range pairs {
		if i := slices.Index(p[:], w); i >= 0 {
			return p[1-i], true
		}
	}
	return "", false
}

func subjectOf(r *rand.Rand, i int) (words []string) {
	for length := 3 + r.IntN(7); len(words) < length; {
		if r.IntN(100) < 8 {
			// The number of rare words grows with the number of meetings, so that no rare
			// word becomes common.
			words = append(words, tailWord(r.IntN(1000+i/4)))
			continue
		}
		word := vocabulary[wordRanks.pick(r)]
		if _, ok := partner(apart, word); ok {
			word = ofSide(word, i%2)
		}
		words = append(words, word)
		if other, ok := partner(together, word); ok && len(words) < length && r.IntN(2) == 0 {
			words = append(words, other)
		}
	}
	return words
}

// ofSide finds the pair in apart that contains w. It returns the pair's first word if side
// is 0, and its second word if side is 1.
func ofSide(w string, side int) string {
	i := slices.IndexFunc(apart, func(p pair) bool { return slices.Contains(p[:], w) })
	return apart[i][side]
}

var syllables = strings.Fields(`ba ce di fó gu há je ki lo mu ná pe ri só tu va xe zi bó cu dá fe gi ho ju ká le mi no pú rá se ti vo xu zá bę ći do fu`)

// tailWord returns the rare word with number n. It has four syllables and is unique for n
// below 40^4.
func tailWord(n int) string {
	var word strings.Builder
	// The factor makes the words of consecutive numbers dissimilar. It is coprime to 40, so
	// the words stay unique.
	n *= 7919
	for range 4 {
		word.WriteString(syllables[n%len(syllables)])
		n /= len(syllables)
	}
	return word.String()
}
