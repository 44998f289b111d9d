package search

import "testing"

func TestReplyPrefixesAreDropped(t *testing.T) {
	for _, tt := range [][2]string{
		{"RE: Printer", "Printer"}, {"FW: Printer", "Printer"}, {"Fwd:Printer", "Printer"}, {"AW: WG: Drucker", "Drucker"}, {"ENC: RES: Impressora", "Impressora"},
		{"Re[2]: Printer", "Printer"}, {"RE(3): Printer", "Printer"}, {"RE : Imprimante", "Imprimante"}, {"TR: Imprimante", "Imprimante"}, {"RV: Impresora", "Impresora"},
		{"R: Stampante", "Stampante"}, {"I: Stampante", "Stampante"}, {"SV: VB: Skrivare", "Skrivare"}, {"Antw: Printer", "Printer"}, {"ODP: Drukarka", "Drukarka"},
		{"回复：打印机", "打印机"}, {"转发: 打印机", "打印机"}, {"Отв: Принтер", "Принтер"}, {"Betreff: AW: INC0012345 Drucker", "INC0012345 Drucker"}, {"YNT: İLT: Yazıcı", "Yazıcı"},
		{"[EXT] RE: Printer", "Printer"}, {"RE: [EXTERNAL] Printer", "Printer"}, {"[External Sender] AW: [EXT] Drucker", "Drucker"}, {"[EXTERNO] ENC: RES: Impressora", "Impressora"},
		{"(EXT) FW: INC0012345", "INC0012345"}, {"EXTERNAL: Printer", "Printer"}, {"*EXTERNAL* Re: Printer", "Printer"}, {"Assunto: [EXT] RES: Impressora", "Impressora"},
		{"Accepted: Printer", "Printer"}, {"Declined: INC0012345 Printer", "INC0012345 Printer"}, {"Tentative: Printer", "Printer"}, {"Canceled: Printer", "Printer"}, {"Cancelled: Printer", "Printer"},
		{"Aceito: Impressora", "Impressora"}, {"Aceita: Impressora", "Impressora"}, {"Recusado: Impressora", "Impressora"}, {"Recusada: Impressora", "Impressora"}, {"Provisório: Impressora", "Impressora"},
		{"Encaminhada: Impressora", "Impressora"}, {"Resposta automática: Impressora", "Impressora"}, {"Zugesagt: Drucker", "Drucker"}, {"Mit Vorbehalt: Drucker", "Drucker"}, {"Aceptada: Impresora", "Impresora"},
		{"Accepté : Imprimante", "Imprimante"}, {"RE: Accepted: Printer", "Printer"}, {"Convite: Impressora", "Impressora"},
		{"Extension: 4711", "Extension: 4711"}, {"EXT 4711", "EXT 4711"}, {"Accepted", "Accepted"}, {"Accepted risks: list", "Accepted risks: list"}, {"[Extra] Printer", "[Extra] Printer"}, {"Readme: printer", "Readme: printer"},
		{"RE:", "RE:"}, {"RE: ", "RE: "}, {"Printer", "Printer"}, {"Recovery: disk", "Recovery: disk"}, {"RE INC0012345", "RE INC0012345"}, {"I:drive", "I:drive"}, {"INC0012345", "INC0012345"}, {"", ""},
	} {
		if got := withoutReplyPrefixes(tt[0]); got != tt[1] {
			t.Errorf("%q becomes %q, want %q", tt[0], got, tt[1])
		}
	}
}
