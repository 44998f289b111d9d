package views

import (
	"strings"

	"meetdesk/form"
	"meetdesk/meeting"
)

// ImportColumn describes a column that a table may have.
type ImportColumn struct {
	Name    string // the name in the template
	Also    string // the other accepted names in the person's language
	Accepts string // what its cells may contain
}

// ImportColumns returns the columns in the order of the template.
func ImportColumns(p Page) (list []ImportColumn) {
	for _, field := range form.TableInputs() {
		names := strings.Split(p.T.T("column."+field), " | ")
		c := ImportColumn{Name: columnName(p, field), Also: strings.Join(names[1:], ", ")}
		switch o := meeting.Option(field); o {
		case meeting.OptionLobby, meeting.OptionPresenters:
			var words []string
			for _, value := range o.Values() {
				words = append(words, optionWord(p, o, value))
			}
			c.Accepts = strings.Join(words, " / ")
		case meeting.OptionAnnounce, meeting.OptionRecord:
			c.Accepts = p.T.T("column.on_off.accepts")
		default:
			c.Accepts = p.T.T("column." + field + ".accepts")
		}
		list = append(list, c)
	}
	return list
}
