package search

import (
	"strings"
	"testing"
)

func TestOtherSpellings(t *testing.T) {
	for text, want := range map[string]string{
		"O’Sullivan": "OSullivan", "Wi-Fi e-mail": "WiFi email", "co‑operation": "cooperation", "d'Avila": "dAvila", "Priya's": "Priyas", "Jean-Luc O'Brien-Smith": "JeanLuc OBrienSmith",
		"AT&T R&D": "ATT RD", "TCP/IP": "TCPIP", "U.S.A. e.g.": "USA eg", "COVID-19": "COVID19", "col·lega": "collega", "מנכ״ל": "מנכל", "Müller": "Mueller", "Lüdenscheidt-Öst": "LüdenscheidtÖst Luedenscheidt oest Luedenscheidtoest",
		"Åse Øst": "aase oest", "O'Brien o'brien O'Brien": "OBrien obrien",
		"printer": "", "1-23 12-3": "", "192.168.1.1": "", "ana.maria@fabrikam.example": "", "printer/scanner": "", "Smith & Sons": "", "- ' -": "", "a--b": "", "C++": "", "": "", "é": "",
	} {
		if got := strings.Join(otherSpellings(text), " "); got != want {
			t.Errorf("%q is also %q; want %q", text, got, want)
		}
	}
}
