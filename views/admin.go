package views

import (
	"strings"

	"meetdesk/paths"
)

type adminTab struct{ path, word string }

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

// current returns the value of aria-current for a link to path: "page" on that page,
// "true" on the pages below it, and "" elsewhere.
func (p Page) current(path string) string {
	switch {
	case p.Path == path:
		return "page"
	case strings.HasPrefix(p.Path, path+"/"):
		return "true"
	}
	return ""
}

// tabCurrent is like current, except that the first tab is current only on its own page,
// because its path is a prefix of all the other tabs' paths.
func (p Page) tabCurrent(path string) string {
	if path == paths.Admin && p.Path != path {
		return ""
	}
	return p.current(path)
}
