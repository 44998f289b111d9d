package views

import (
	"time"

	"meetdesk/meeting"
)

// SessionsData holds the data for the page with the person's own sessions.
type SessionsData struct {
	Sessions []Session
	Imports  int // running imports that do not use the current session
}

// Session is one sign-in in one browser.
type Session struct {
	ID      int64
	Address string // the client's address at the last use; "" if unknown
	Browser string // "" if unknown
	Created time.Time
	Used    time.Time
	Expires time.Time // the latest time at which the session can end
	Current bool      // the browser that requested the page uses this session
}

func (d SessionsData) others() (n int) {
	for _, s := range d.Sessions {
		if !s.Current {
			n++
		}
	}
	return n
}

// PeopleData holds one page of the list of people who have used the desk.
type PeopleData struct {
	Query  string
	People []SeenPerson
	Older  string // path of the next page, or ""
	First  string // path of the first page; "" on that page
}

// SeenPerson is a person who has used the desk.
type SeenPerson struct {
	User     meeting.User
	SeenAt   time.Time
	Sessions int // the number of the person's open sessions
}

// PersonData holds the data for the page about one person.
type PersonData struct {
	Person   meeting.User
	SeenAt   time.Time // zero if the person never signed in
	Sessions []Session
	Imports  int // running imports
}

// importing returns a message that says how many imports are still running from sessions
// that have ended. It returns "" if there are none.
func importing(p Page, imports int) string {
	if imports == 0 {
		return ""
	}
	return p.T.N("sessions.importing", imports)
}

func (p Page) orUnknown(text string) string {
	if text == "" {
		return p.T.T("session.unknown")
	}
	return text
}
