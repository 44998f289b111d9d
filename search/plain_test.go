package search_test

import (
	"testing"

	"meetdesk/search"
)

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"Tomás Oliveira": "tomas oliveira", "TOMA\u0301S": "tomas", "Łukasz": "lukasz", "Ｐriya": "priya", "Zo\u200bë": "zoe", "Сергей": "сергеи", "": "",
	} {
		if got := search.Plain(text); got != want {
			t.Errorf("Plain(%q) = %q, want %q", text, got, want)
		}
	}
}
