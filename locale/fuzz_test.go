package locale

import (
	"slices"
	"testing"
)

// FuzzLanguage asserts that any Accept-Language header selects a language in the catalogue.
// A known tag before the header takes precedence, and a malformed tag is ignored.
func FuzzLanguage(f *testing.F) {
	for _, text := range []string{"pt-BR,en;q=0.5", "pt", "de, *;q=0.1", "en-GB-oxendict", "x-klingon", "a-DE", ";q=1", "pt;q=0", "und", "i-default", "zh-Hant-u-nu-hanidec", "\x00", "en_US.UTF-8"} {
		f.Add(text)
	}
	c, err := Load()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, header string) {
		lang := c.Printer(header).Lang()
		if !slices.ContainsFunc(c.languages, func(l Language) bool { return l.Tag == lang }) {
			t.Errorf("%q gives %q", header, lang)
		}
		if again := c.Printer("\x00", "", header).Lang(); again != lang {
			t.Errorf("%q gives %q, and after unreadable text %q", header, lang, again)
		}
		for _, l := range c.languages {
			if got := c.Printer(l.Tag, header).Lang(); got != l.Tag {
				t.Errorf("%q before %q gives %q", l.Tag, header, got)
			}
		}
	})
}
