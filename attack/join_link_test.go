package attack_test

import (
	"strings"
)

func joinLinkAttacks() (rows []attack) {
	for name, link := range map[string]any{
		"javascript":  "javascript:alert(1)//https://teams.microsoft.com/",
		"data":        "data:text/html,<script>alert(1)</script>",
		"relative":    "//evil.example/",
		"path":        "/auth/logout",
		"file":        "file:///etc/passwd",
		"tel":         "tel:+351210000000",
		"vbscript":    "vbscript:msgbox(1)",
		"no-host":     "https:///evil.example",
		"tab":         "java\tscript:alert(1)",
		"space":       " javascript:alert(1)",
		"huge":        "https://teams.microsoft.com/" + strings.Repeat("x", 100_000),
		"number":      7,
		"userinfo":    "https://teams.microsoft.com@evil.example/",
		"password":    "https://teams.microsoft.com:443@evil.example/",
		"control":     "https://teams.microsoft.com/\u202egpj.exe",
		"newline":     "https://teams.microsoft.com/\nbcc:evil@evil.example",
		"host-direct": "https://teams.microsoft.com\u2066.evil.example/",
	} {
		row := inMeeting("", "returns links that are not the address of a page ("+name+")", "Created", "", func(m object) {
			m["joinWebUrl"], m["meetingOptionsWebUrl"], m["audioConferencing"] = link, link, object{"dialinUrl": link, "conferenceId": "1"}
		})
		row.name, row.run = "link/"+name, withoutLink(row.run, link)
		rows = append(rows, row)
	}
	return rows
}

// withoutLink wraps run. The returned function also checks that no page links to the given
// URL and that the calendar file does not contain it.
func withoutLink(run func(*site) *page, link any) func(*site) *page {
	return func(s *site) *page {
		p := run(s)
		text, _ := link.(string)
		if text == "" || text == "/auth/logout" { // the desk's own pages contain these URLs
			return p
		}
		for _, seen := range s.pages {
			if seen.doc.Find("a").FilterFunction(hrefIs(text)).Length() != 0 {
				s.t.Errorf("%s links to %q", seen.url, text)
			}
			if seen.url.Path == "/meetings/1/invitation.ics" && strings.Contains(seen.body, text) {
				s.t.Errorf("the calendar file contains %q", text)
			}
		}
		return p
	}
}
