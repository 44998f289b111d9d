package views

import (
	"strings"

	"meetdesk/paths"
)

// adminTab is a tab of the administrator's pages.
type adminTab struct{ path, word string }

// adminTabs returns the tabs in their order.
func adminTabs() []adminTab {
	return []adminTab{
		{paths.Admin, "admin.overview"},
		{paths.AdminPeople, "people.title"},
		{paths.AdminImports, "imports.title"},
		{paths.Audit, "audit.title"},
		{paths.Check, "admin.check"},
		{paths.Retention, "retention.title"},
		{paths.Presets, "presets.title"},
	}
}

// adminCurrent returns the value of aria-current for the link to the administrator's
// pages: "page" on the overview, "true" on the pages below it, "" elsewhere.
func (p Page) adminCurrent() string {
	switch {
	case p.Path == paths.Admin:
		return "page"
	case strings.HasPrefix(p.Path, paths.Admin+"/"):
		return "true"
	}
	return ""
}
