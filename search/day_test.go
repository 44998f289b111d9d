package search

import (
	"testing"
	"time"
)

func TestFindDay(t *testing.T) {
	saturday := time.Date(2026, 11, 28, 23, 30, 0, 0, time.UTC)
	for _, tt := range []struct {
		text       string
		monthFirst bool
		date       string // "" if the text names no day
		words      string
		other      string
	}{
		{text: "26 Nov", date: "2026-11-26"},
		{text: "Thu 3 Dec 2026", date: "2026-12-03"},
		{text: "Thursday, 3 December", date: "2026-12-03"},
		{text: "qui., 3 de dez. de 2026", date: "2026-12-03"},
		{text: "Montag, 30. November", date: "2026-11-30"},
		{text: "lundi 30 novembre", date: "2026-11-30"},
		{text: "Thu 3 Dec 2026, 15:00–15:30", date: "2026-12-03"},
		{text: "printer 3 Dec 15:00", date: "2026-12-03", words: "printer"},
		{text: "day after tomorrow", date: "2026-11-30"},
		{text: "hier", date: "2026-11-27"},
		{text: "26 November 2025", date: "2025-11-26"},
		{text: "Nov 26", date: "2026-11-26"},
		{text: "nov 26th, 2027", date: "2027-11-26"},
		{text: "26. November", date: "2026-11-26"},
		{text: "26nov", date: "2026-11-26"},
		{text: "26-Nov-2026", date: "2026-11-26"},
		{text: "the 26th of November", date: "2026-11-26"},
		{text: "26 de novembro", date: "2026-11-26"},
		{text: "26 de nov. de 2027", date: "2027-11-26"},
		{text: "no dia 1º de março", date: "2027-03-01"},
		{text: "15 MARÇO", date: "2027-03-15"},
		{text: "2026-11-26", date: "2026-11-26"},
		{text: "2026/11/26", date: "2026-11-26"},
		{text: "２０２６-１１-２６", date: "2026-11-26"},
		{text: "26/11", date: "2026-11-26"},
		{text: "26/11", monthFirst: true, date: "2026-11-26"},
		{text: "11/26", date: "2026-11-26"},
		{text: "26/11/2026", date: "2026-11-26"},
		{text: "26.11.2026", date: "2026-11-26"},
		{text: "26.11.", date: "2026-11-26"},
		{text: "26/11/26", date: "2026-11-26"},
		{text: "11/12", date: "2026-12-11", other: "2026-11-12"},
		{text: "11/12", monthFirst: true, date: "2026-11-12", other: "2026-12-11"},
		{text: "12/12/2026", monthFirst: true, date: "2026-12-12"},
		{text: "5 Jan", date: "2027-01-05"},
		{text: "29/02", date: "2028-02-29"},
		{text: "today", date: "2026-11-28"},
		{text: "Tomorrow", date: "2026-11-29"},
		{text: "yesterday", date: "2026-11-27"},
		{text: "hoje", date: "2026-11-28"},
		{text: "amanhã", date: "2026-11-29"},
		{text: "amanha", date: "2026-11-29"},
		{text: "ontem", date: "2026-11-27"},
		{text: "depois de amanhã", date: "2026-11-30"},
		{text: "monday", date: "2026-11-30", other: "2026-11-23"},
		{text: "on Tuesday", date: "2026-12-01", other: "2026-11-24"},
		{text: "saturday", date: "2026-11-28", other: "2026-11-21"},
		{text: "last Tuesday", date: "2026-11-24"},
		{text: "last saturday", date: "2026-11-21"},
		{text: "next saturday", date: "2026-12-05"},
		{text: "segunda", date: "2026-11-30", other: "2026-11-23"},
		{text: "na terça-feira", date: "2026-12-01", other: "2026-11-24"},
		{text: "segunda passada", date: "2026-11-23"},
		{text: "próxima sexta", date: "2026-12-04"},
		{text: "Mon", date: "2026-11-30", other: "2026-11-23"},
		{text: "printer on 26 Nov", date: "2026-11-26", words: "printer"},
		{text: "ontem impressora quebrada", date: "2026-11-27", words: "impressora quebrada"},
		{text: "Ana 26/11 printer", date: "2026-11-26", words: "Ana printer"},
		{text: "5 printers, 26 Nov", date: "2026-11-26", words: "5 printers,"},
		{text: "! 26 Nov !", date: "2026-11-26", words: "! !"},

		{text: "03-Dec-26", date: "2026-12-03"},
		{text: "3/dez/26", date: "2026-12-03"},
		{text: "3.12.", date: "2026-12-03", other: "2027-03-12"},
		{text: "20261203", date: "2026-12-03"},
		{text: "20261203T150000Z", date: "2026-12-03"},
		{text: "2026-12-03T15:00", date: "2026-12-03"},
		{text: "2026-12-03T15:00:00+01:00 printer", date: "2026-12-03", words: "printer"},
		{text: "2 days ago", date: "2026-11-26"},
		{text: "a week ago", date: "2026-11-21"},
		{text: "há 2 dias", date: "2026-11-26"},
		{text: "há dois dias", date: "2026-11-26"},
		{text: "faz uma semana impressora", date: "2026-11-21", words: "impressora"},
		{text: "2 dias atrás", date: "2026-11-26"},
		{text: "hace 3 días", date: "2026-11-25"},
		{text: "vor zwei Tagen", date: "2026-11-26"},
		{text: "il y a 2 jours", date: "2026-11-26"},
		{text: "in 3 days", date: "2026-12-01"},
		{text: "daqui a 2 semanas", date: "2026-12-12"},
		{text: "dans 3 jours", date: "2026-12-01"},
		{text: "two days from now", date: "2026-11-30"},

		{text: "20261303"},
		{text: "20261203 printer"},
		{text: "3-Dec-6"},
		{text: "2 days"},
		{text: "ha ha"},
		{text: ""},
		{text: "printer"},
		{text: "5 printers"},
		{text: "mon ami"},
		{text: "12-3"},
		{text: "1-23"},
		{text: "31/2/2026"},
		{text: "67001/2"},
		{text: "26/11/1999"},
		{text: "version 12.3"},
		{text: "INC2026-11-26"},
		{text: "0012345"},
		{text: "marches 5"},
		{text: "a b c d e f g h i 26 Nov"},
	} {
		d, ok := FindDay(tt.text, saturday, tt.monthFirst)
		if got := dateText(d.Date); ok != (tt.date != "") || got != tt.date || d.Words != tt.words || dateText(d.Other) != tt.other {
			t.Errorf("%q, month first %v: %v, %s, words %q, or %s; want %s, %q, %s", tt.text, tt.monthFirst, ok, got, d.Words, dateText(d.Other), tt.date, tt.words, tt.other)
		}
	}
}

func dateText(date time.Time) string {
	if date.IsZero() {
		return ""
	}
	return date.Format(time.DateOnly)
}
