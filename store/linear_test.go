package store

import (
	"testing"

	"meetdesk/linear"
)

func TestSearchesAreReadInLinearTime(t *testing.T) {
	linear.Texts(t, 8<<10, "", "", func(text string) {
		if w, ok := wordsOf(text); ok {
			w.match("")
		}
	})
	linear.Texts(t, 8<<10, "printer ", "1", func(text string) { wordsOf(text) })
}
