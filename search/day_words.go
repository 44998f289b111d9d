package search

import (
	"maps"
	"slices"
	"strings"
)

// The words for days in English, Portuguese, Spanish, German and French, in lower case and
// without accents.

// beforeDay matches words that people put before a day.
const beforeDay = `on|at|the|for|em|no|na|dia|para|el|am|vom|le|du`

// daysAway holds words for a day, and how many days from today it is.
var daysAway = map[string]int{
	"today": 0, "tomorrow": 1, "yesterday": -1,
	"hoje": 0, "amanha": 1, "ontem": -1, "anteontem": -2, "depois de amanha": 2,
	"hoy": 0, "manana": 1, "ayer": -1, "anteayer": -2, "pasado manana": 2,
	"heute": 0, "morgen": 1, "gestern": -1, "ubermorgen": 2, "vorgestern": -2,
	"aujourd'hui": 0, "aujourd’hui": 0, "demain": 1, "hier": -1, "apres-demain": 2, "avant-hier": -2,
	"day after tomorrow": 2, "day before yesterday": -2,
}

// whichWeek holds words next to a weekday: -1 for the last one, 1 for one after today, 0
// for the next one or today.
var whichWeek = map[string]int{
	"last": -1, "this": 0, "next": 1, "coming": 0,
	"passada": -1, "passado": -1, "ultima": -1, "ultimo": -1, "esta": 0, "essa": 0, "este": 0, "esse": 0, "proxima": 1, "proximo": 1, "que vem": 1,
	"pasado": -1, "letzten": -1, "diesen": 0, "nachsten": 1, "dernier": -1, "prochain": 1,
}

// weekdays holds the names of weekdays, with Sunday as 0.
var weekdays = map[string]int{
	"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
	"domingo": 0, "segunda": 1, "terca": 2, "quarta": 3, "quinta": 4, "sexta": 5, "sabado": 6,
	"lunes": 1, "martes": 2, "miercoles": 3, "jueves": 4, "viernes": 5,
	"sonntag": 0, "montag": 1, "dienstag": 2, "mittwoch": 3, "donnerstag": 4, "freitag": 5, "samstag": 6, "sonnabend": 6,
	"dimanche": 0, "lundi": 1, "mardi": 2, "mercredi": 3, "jeudi": 4, "vendredi": 5, "samedi": 6,
}

// shortWeekdays count only where they are the whole text, because most of them are also
// words or the beginnings of words.
var shortWeekdays = map[string]int{
	"sun": 0, "mon": 1, "tue": 2, "tues": 2, "wed": 3, "thu": 4, "thur": 4, "thurs": 4, "fri": 5, "sat": 6,
	"dom": 0, "seg": 1, "ter": 2, "qua": 3, "qui": 4, "sex": 5, "sab": 6,
}

// months holds the names of each month.
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

// monthNumbers holds the names of months and their beginnings of at least three letters,
// with January as 1.
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

// namesOf returns a pattern for the keys of a table, the longest first.
func namesOf(table map[string]int) string {
	names := slices.SortedFunc(maps.Keys(table), func(a, b string) int { return len(b) - len(a) })
	return strings.Join(names, "|")
}
