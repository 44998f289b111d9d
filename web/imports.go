package web

import (
	"errors"
	"net/http"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"meetdesk/form"
	"meetdesk/locale"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/spreadsheet"
	"meetdesk/views"
	"meetdesk/xlsx"
)

const maxImports = 50

// beforeImport returns the ID of the last import on the previous page, or 0 for the first
// page.
func beforeImport(r *http.Request) int64 {
	id, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	return max(id, 0)
}

// olderImports returns the ID of the last import on this page, for the link to the next
// page. It returns 0 if this page is not full.
func olderImports(list []meeting.Import) int64 {
	if len(list) < maxImports {
		return 0
	}
	return list[len(list)-1].ID
}

func (s *Server) importList(w http.ResponseWriter, r *http.Request) error {
	person := visitOf(r).session.User
	list, err := s.Store.Imports(r.Context(), person.ID, beforeImport(r), maxImports)
	if err != nil {
		return err
	}
	data := views.ImportsData{Imports: list, Older: olderImports(list), Zone: zoneOf(person.TimeZone)}
	return s.render(w, r, http.StatusOK, views.Imports(s.page(r, visitOf(r).text.T("imports.title")), data))
}

// importNew shows the upload page. A language switch preserves pasted rows but not a
// chosen file, because browsers do not let a page fill in a file field.
func (s *Server) importNew(w http.ResponseWriter, r *http.Request) error {
	data := views.NewImportData{TimeZone: visitOf(r).session.User.TimeZone}
	if t := typed(r); t != nil {
		values := validText(t.values)
		data.Text, data.TimeZone, data.Kept, data.File = values.Get(views.FieldRows), values.Get(meeting.FieldTimeZone), t.kept, visitOf(r).upload.name
	}
	return s.showNewImport(w, r, http.StatusOK, data)
}

func (s *Server) showNewImport(w http.ResponseWriter, r *http.Request, status int, data views.NewImportData) error {
	data.Zones = meeting.Zones()
	return s.render(w, r, status, views.NewImport(s.page(r, visitOf(r).text.T("import.new")), data))
}

// importAdd stores the uploaded or pasted table as a draft. If the table cannot be read, the
// page shows the reason.
func (s *Server) importAdd(w http.ResponseWriter, r *http.Request) error {
	sent, err := readBody(w, r)
	if err != nil {
		return err
	}
	v, values := visitOf(r), validText(sent)
	person := v.session.User
	data := views.NewImportData{Text: values.Get(views.FieldRows), TimeZone: values.Get(meeting.FieldTimeZone)}
	title := importName(v.upload)
	read, err := readTable(v.upload, data.Text)
	if err != nil {
		data.Problem = fileProblem(v.text, err)
		return s.showNewImport(w, r, http.StatusUnprocessableEntity, data)
	}
	columns := s.columns
	columns.Unnamed = func(i int) string {
		return v.text.T("import.column", meeting.Args{"Letter": xlsx.ColumnName(i)})
	}
	table := form.FromTable(read, columns, "")
	switch {
	case table.Missing:
		data.Problem = v.text.T("import.file.names", meeting.Args{"Column": firstName(v.text, meeting.FieldExternalID)})
	case len(table.Rows) == 0:
		data.Problem = v.text.T("import.file." + string(spreadsheet.ErrEmpty))
	}
	if data.Problem != "" {
		return s.showNewImport(w, r, http.StatusUnprocessableEntity, data)
	}
	order, _ := form.OrderOf(table.Rows, form.DateOrder(strings.TrimPrefix(v.text.T("date.order"), "ask")))
	rows := make([]meeting.ImportRow, len(table.Rows))
	for i, row := range table.Rows {
		row.Form.ReadDates(order)
		row.Form.ExternalID, _ = s.Ticket.Normal(row.Form.ExternalID)
		rows[i] = meeting.ImportRow{Number: row.Number, Form: encodeForm(row.Form), ExternalID: row.Form.ExternalID, Extra: row.Extra}
	}
	draft := meeting.Import{User: person, Title: title, TimeZone: data.TimeZone, Unknown: table.Unknown}
	id, err := s.Store.AddImport(r.Context(), draft, rows)
	if err != nil {
		return err
	}
	return s.seeOther(w, r, paths.Import(id))
}

func readTable(sent upload, pasted string) (spreadsheet.Table, error) {
	if !sent.isEmpty() {
		return spreadsheet.Read(sent.file)
	}
	if strings.TrimSpace(pasted) == "" {
		return spreadsheet.Table{}, spreadsheet.ErrEmpty
	}
	return spreadsheet.ReadText(pasted)
}

func fileProblem(text locale.Printer, err error) string {
	key := "import.file." + string(fileError(err))
	if at, ok := errors.AsType[*spreadsheet.CellError](err); ok {
		return text.T(key+".at", meeting.Args{"Line": at.Line, "Text": meeting.Shorten(at.Text, 40)})
	}
	return text.T(key)
}

func fileError(err error) spreadsheet.Error {
	if known, ok := errors.AsType[spreadsheet.Error](err); ok {
		return known
	}
	return spreadsheet.ErrDamaged
}

// importName returns the base name of the file, or "" for pasted rows. It replaces
// unprintable characters and truncates the name to 100 characters.
func importName(sent upload) string {
	if sent.isEmpty() {
		return ""
	}
	name := path.Base(strings.ReplaceAll(strings.ToValidUTF8(sent.name, "\ufffd"), `\`, "/"))
	return truncate(withoutDirection(printableText(name)), 100)
}

// tableColumns returns the accepted names of columns and option values, in all languages.
func tableColumns(catalogue *locale.Catalogue) form.Columns {
	c := form.Columns{Fields: make(map[string]string), Values: make(map[meeting.Option]map[string]string)}
	for _, o := range meeting.AllOptions() {
		c.Values[o] = make(map[string]string)
	}
	for _, language := range catalogue.Printer().Languages() {
		text := catalogue.Printer(language.Tag)
		for _, field := range form.TableInputs() {
			c.Fields[form.Fold(field)] = field
			for _, name := range strings.Split(text.T("column."+field), "|") {
				c.Fields[form.Fold(name)] = field
			}
		}
		for _, o := range meeting.AllOptions() {
			for _, value := range o.Values() {
				c.Values[o][form.Fold(value)] = value
				c.Values[o][form.Fold(text.T("option."+string(o)+"."+value))] = value
			}
		}
		for _, o := range []meeting.Option{meeting.OptionAnnounce, meeting.OptionRecord} {
			for _, value := range []string{meeting.On, meeting.Off} {
				for _, word := range strings.Split(text.T("column."+value), "|") {
					c.Values[o][form.Fold(word)] = value
				}
			}
		}
	}
	return c
}

// firstName returns the first of the names that are accepted for a column. Generated tables
// use this name.
func firstName(text locale.Printer, field string) string {
	name, _, _ := strings.Cut(text.T("column."+field), "|")
	return strings.TrimSpace(name)
}

// importTemplate sends a workbook with only a header row. Each column name is followed by a
// remark in parentheses, which is ignored when the table is read. The workbook has no
// example row, because users might import that row along with their own.
func (s *Server) importTemplate(w http.ResponseWriter, r *http.Request) error {
	var columns []xlsx.Column
	for _, c := range views.ImportColumns(s.page(r, "")) {
		name := c.Name + " (" + c.Accepts + ")"
		columns = append(columns, xlsx.Column{Name: name, Width: min(utf8.RuneCountInString(name)+2, 60)})
	}
	w.Header().Set("Content-Type", xlsxType)
	w.Header().Set("Content-Disposition", `attachment; filename="meetings.xlsx"`)
	if r.Method == http.MethodHead {
		return nil
	}
	return xlsx.NewWriter(w, visitOf(r).text.T("history.sheet"), columns).Close()
}
