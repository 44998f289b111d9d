package views_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"meetdesk/paths"
	"meetdesk/views"
)

func TestKeptFieldsHaveLabels(t *testing.T) {
	d := views.HeldData{Action: paths.Meetings}
	for _, name := range views.HeldInputs() {
		d.Fields = append(d.Fields, views.HeldField{Name: name, Value: "typed"})
	}
	labels := parse(t, views.KeptForm(page(t, priya, "", ""), d, views.Kept{Error: &views.ErrorData{}, Said: "kept.not_sent"})).Find(".facts dt").
		Map(func(_ int, s *goquery.Selection) string { return s.Text() })
	if len(labels) != len(d.Fields) || slices.ContainsFunc(labels, func(l string) bool { return strings.ContainsAny(l, "⟦|") }) {
		t.Errorf("%d fields have these labels: %q", len(d.Fields), labels)
	}
}
