package listing

import (
	"testing"

	"meetdesk/linear"
	"meetdesk/search"
)

func TestSearchExpressionTakesLinearTime(t *testing.T) {
	for _, ends := range [][2]string{{"", ""}, {"printer ", "1"}} {
		linear.Texts(t, 8<<10, ends[0], ends[1], func(text string) { _ = list{Criteria: Criteria{Everyone: true}, words: search.Parse(text)}.match() })
	}
}
