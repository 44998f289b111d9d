package locale

import (
	"testing"

	"meetdesk/linear"
)

func TestMatchingLanguagesTakesLinearTime(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	linear.Texts(t, 60, "pt-BR,", "", func(s string) { c.Printer(s) }) // all strings are shorter than the limit of 500 bytes
	linear.Texts(t, 8<<10, "", ",en;q=0.1", func(s string) { c.Printer(s, s) })
}
