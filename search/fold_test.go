package search_test

import (
	"strings"
	"testing"

	"meetdesk/search"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"Printer INC-7":        "Printer INC-7",
		"Zażółć":               "Zażólć",
		"ŁÓDŹ, Øresund, Đurđa": "lÓDŹ, oresund, durda",
		"Straße STRAẞE":        "Strasse STRAssE",
		"Æsop Œuvre Þór ðann":  "aesop oeuvre thór dann",
		"ﬁle ＡＢＣ１２":            "file ABC12",
		"cafe\u0301":           "café",
		"é ё й":                "é е и",
		"ǿ ǽ":                  "o ae",
		"हिन्दी":               "हिन्दी",
		"שָׁלוֹם":              "שלום",
		"Teams会議":              "Teams|会||議|",
		"カード":                  "|カ||ー||ド|",
		"회의 встреча Συνάντηση 7": "|회||의| встреча Συναντηση 7",
		"ประชุม ที่":             "|ป||ร||ะ||ช|ุ|ม| |ท|ี่",
		"မြန်မာ":                 "|မ|ြ|န|်|မ|ာ",
		"INC٠٠١२३":               "INC00123",
		"So\u00adfie Oʼahu":      "Sofie O'ahu",
		"Fire🙂Alarm 5₿ 5€":       "Fire|Alarm 5| 5€",
		"🖨\ufe0fPrinter 👍🏽ok":    "|\ufe0fPrinter ||ok",
	} {
		got := search.Fold(text)
		if want = strings.ReplaceAll(want, "|", "\u200b"); got != want {
			t.Errorf("%q is folded to %q; want %q", text, got, want)
		}
	}
}
