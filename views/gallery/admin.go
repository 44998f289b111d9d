package gallery

import (
	"meetdesk/paths"
	"meetdesk/views"
)

func adminSamples(l Look) []Sample {
	p := l.page(alex, "Overview", paths.Admin)
	return []Sample{
		{"admin", views.Admin(p, views.AdminData{})},
	}
}
