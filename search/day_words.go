package search

import (
	"maps"
	"slices"
	"strings"
)

// Words that name days, in English, Portuguese, Spanish, German and French. They are in
// lower case and without accents.

const beforeDay = `on|at|the|for|em|no|na|dia|para|el|am|vom|le|du`

// daysAway maps words such as "tomorrow" to a number of days from today.
var daysAway = map[string]int{
	"today": 0, "tomorrow": 1, "yesterday": -1,
	"hoje": 0, "amanha": 1, "ontem": -1, "anteontem": -2, "depois de amanha": 2,
	"hoy": 0, "manana": 1, "ayer": -1, "anteayer": -2, "pasado manana": 2,
	"heute": 0, "morgen": 1, "gestern": -1, "ubermorgen": 2, "vorgestern": -2,
	"aujourd'hui": 0, "aujourd’hui": 0, "demain": 1, "hier": -1, "apres-demain": 2, "avant-hier": -2,
	"day after tomorrow": 2, "day before yesterday": -2,
}

// Words before or after a number of days that place it in the past or the future.
const (
	agoBefore   = `ha|faz|hace|vor|il y a`
	agoAfter    = `ago|atras`
	aheadBefore = `in|em|daqui a|dentro de|en|dans`
	aheadAfter  = `from now|from today`
)

var countOfDays = `(?P<count>\d{1,3}|` + namesOf(counts) + `) (?P<unit>` + namesOf(daysIn) + `)`

var counts = map[string]int{
	"a": 1, "one": 1, "two": 2, "three": 3,
	"um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3,
	"un": 1, "una": 1, "dos": 2,
	"einem": 1, "einer": 1, "zwei": 2, "drei": 3,
	"une": 1, "deux": 2, "trois": 3,
}

var daysIn = map[string]int{
	"day": 1, "days": 1, "week": 7, "weeks": 7,
	"dia": 1, "dias": 1, "semana": 7, "semanas": 7,
	"tag": 1, "tage": 1, "tagen": 1, "woche": 7, "wochen": 7,
	"jour": 1, "jours": 1, "semaine": 7, "semaines": 7,
}

// whichWeek maps a word next to a weekday to a number: -1 for the most recent such day
// before today, 1 for the first one after today, and 0 for today or the next one.
var whichWeek = map[string]int{
	"last": -1, "this": 0, "next": 1, "coming": 0,
	"passada": -1, "passado": -1, "ultima": -1, "ultimo": -1, "esta": 0, "essa": 0, "este": 0, "esse": 0, "proxima": 1, "proximo": 1, "que vem": 1,
	"pasado": -1, "letzten": -1, "diesen": 0, "nachsten": 1, "dernier": -1, "prochain": 1,
}

var weekdays = map[string]int{
	"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
	"domingo": 0, "segunda": 1, "terca": 2, "quarta": 3, "quinta": 4, "sexta": 5, "sabado": 6,
	"lunes": 1, "martes": 2, "miercoles": 3, "jueves": 4, "viernes": 5,
	"sonntag": 0, "montag": 1, "dienstag": 2, "mittwoch": 3, "donnerstag": 4, "freitag": 5, "samstag": 6, "sonnabend": 6,
	"dimanche": 0, "lundi": 1, "mardi": 2, "mercredi": 3, "jeudi": 4, "vendredi": 5, "samedi": 6,
}

// shortWeekdays maps abbreviations of weekdays to numbers. Many of them are also ordinary
// words, such as "sun" and "sat". An abbreviation is therefore recognized only before a
// date or as the whole text, in which a word such as "next" may precede it.
var shortWeekdays = map[string]int{
	"sun": 0, "mon": 1, "tue": 2, "tues": 2, "wed": 3, "thu": 4, "thur": 4, "thurs": 4, "fri": 5, "sat": 6,
	"dom": 0, "seg": 1, "ter": 2, "qua": 3, "qui": 4, "sex": 5, "sab": 6,
}

var months = [12][]string{
	{"january", "janeiro", "enero", "januar", "janvier"},
	{"february", "fevereiro", "febrero", "februar", "fevrier"},
	{"march", "marco", "marzo", "marz", "mars"},
	{"april", "abril", "avril"},
	{"may", "maio", "mayo", "mai"},
	{"june", "junho", "junio", "juni", "juin"},
	{"july", "julho", "julio", "juli", "juillet"},
	{"august", "agosto", "aout"},
	{"september", "setembro", "septiembre", "septembre"},
	{"october", "outubro", "octubre", "oktober", "octobre"},
	{"november", "novembro", "noviembre", "novembre"},
	{"december", "dezembro", "diciembre", "dezember", "decembre"},
}

// monthNumbers maps the names of months, and their prefixes of at least three letters, to
// the numbers 1 to 12.
var monthNumbers = func() map[string]int {
	numbers := make(map[string]int)
	for i, names := range months {
		for _, name := range names {
			for end := 3; end <= len(name); end++ {
				numbers[name[:end]] = i + 1
			}
		}
	}
	return numbers
}()

// namesOf returns a pattern that matches any key of the table. Longer keys come first.
func namesOf(table map[string]int) string {
	names := slices.SortedFunc(maps.Keys(table), func(a, b string) int { return len(b) - len(a) })
	return strings.Join(names, "|")
}
