package gallery

import (
	"fmt"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func adminSamples(l Look) []Sample {
	p := l.page(alex, "Overview", paths.Admin)
	people := l.page(alex, "People", paths.AdminPeople)
	person := l.page(alex, Dana.Name, paths.AdminPerson(Dana.ID))
	own := l.page(Priya, "Your sessions", paths.Sessions)
	noRole := l.page(sam, "Your sessions", paths.Sessions)
	long := meeting.User{ID: 9, Name: strings.Repeat("W", 256), UPN: strings.Repeat("w", 240) + "@contoso.example", ObjectID: strings.Repeat("0", 256), Role: meeting.HelpDesk}
	list := signIns()
	return []Sample{
		{"admin", views.Admin(p, busyDesk(l))},
		{"admin-postgres", views.Admin(p, views.AdminData{Days: make([]views.DayCount, 14), Bytes: 1 << 20, FreeBytes: -1, Backup: views.BackupElsewhere})},
		{"admin-quiet", views.Admin(p, views.AdminData{Days: make([]views.DayCount, 14), Bytes: 1 << 20, FreeBytes: 1 << 40, SkewKnown: true, Backup: views.BackupRecent, LastBackup: Now})},
		{"admin-unread", views.Admin(p, views.AdminData{Days: make([]views.DayCount, 14), Bytes: 1 << 20, FreeBytes: 1 << 40, Backup: views.BackupUnreadable})},
		{"people", views.People(people, views.PeopleData{People: seen(), Older: "?after=1.5"})},
		{"people-query", views.People(people, views.PeopleData{Query: "<b>tomas", People: seen()[:1], First: paths.AdminPeople})},
		{"people-none", views.People(people, views.PeopleData{Query: "zz"})},
		{"person", views.Person(person, views.PersonData{Person: Dana, SeenAt: Now, Sessions: list})},
		{"person-long", views.Person(person, views.PersonData{Person: long, SeenAt: Now, Sessions: list[2:]})},
		{"person-importing", views.Person(person, views.PersonData{Person: Dana, SeenAt: Now, Imports: 1})},
		{"person-never", views.Person(person, views.PersonData{Person: Tomas})},
		{"sessions", views.Sessions(own, views.SessionsData{Sessions: list})},
		{"sessions-importing", views.Sessions(own, views.SessionsData{Sessions: list[:1], Imports: 2})},
		{"sessions-one", views.Sessions(noRole, views.SessionsData{Sessions: list[:1]})},
	}
}

// signIns returns sample sessions. The first one is the current session.
func signIns() []views.Session {
	return []views.Session{
		{ID: 1, Address: "192.0.2.7", Browser: "Firefox, Windows", Created: Now.Add(-3 * time.Hour), Used: Now, Expires: Now.Add(9 * time.Hour), Current: true},
		{ID: 2, Address: "2001:db8:85a3:8d3:1319:8a2e:370:7348", Browser: "Samsung Internet, Android", Created: Now.Add(-7 * time.Hour), Used: Now.Add(-time.Hour), Expires: Now.Add(5 * time.Hour)},
		{ID: 3, Created: Now.Add(-8 * time.Hour), Used: Now.Add(-2 * time.Hour), Expires: Now.Add(4 * time.Hour)},
	}
}

func seen() (list []views.SeenPerson) {
	for i, u := range []meeting.User{alex, Priya, Tomas, Dana, sam} {
		list = append(list, views.SeenPerson{User: u, SeenAt: Now.Add(-time.Duration(i) * 7 * time.Hour), Sessions: (4 - i) * (4 - i)})
	}
	return append(list, views.SeenPerson{User: meeting.User{ID: 9, UPN: fmt.Sprintf("%s@contoso.example", strings.Repeat("w", 240)), Role: meeting.Staff}, SeenAt: Now.AddDate(-1, 0, 0)})
}

func busyDesk(l Look) views.AdminData {
	d := views.AdminData{
		Check: checkResults(l),
		Open:  3, People: 1204, Sessions: 1300, Bytes: 2_400_000_000, FreeBytes: 900_000_000, Skew: 95 * time.Second, SkewKnown: true, Backup: views.BackupOld, LastBackup: Now.AddDate(0, 0, -3),
		Failures: []views.ReasonCount{{Reason: meeting.ReasonUnreachable, Count: 1310}, {Reason: meeting.ReasonServerError, Count: 7}},
		Waits:    []views.ServiceWait{{Service: "graph", Until: Now.Add(time.Minute)}, {Service: "sign-in", Name: Priya.Name, Until: Now.Add(time.Minute)}},
	}
	for i := range 14 {
		d.Days = append(d.Days, views.DayCount{Day: Now.AddDate(0, 0, i-13), Meetings: i * i * 7})
	}
	return d
}
