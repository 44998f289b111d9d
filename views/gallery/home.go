package gallery

import (
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

func homeSamples(l Look) []Sample {
	p := l.page(Priya, "Home", paths.Home)
	practice := p
	practice.Emulator = true
	slow := l.page(alex, "Home", paths.Home)
	slow.Skew = 6 * time.Minute
	ticketed := p
	ticketed.Ticket.URL = "https://tickets.example.org/{ticket}"
	start := time.Date(2027, 3, 3, 10, 0, 0, 0, time.UTC)
	upcoming := []meeting.Meeting{
		Live(1, "INC0012345", "Laptop does not start after the update", start, Priya),
		Live(2, "CASE-77-2027", "Enrolment interview: Mrs Almeida and her son", start.Add(4*time.Hour), Priya),
		Live(3, "INC0012345~2", "", start.Add(26*time.Hour), Priya),
		Live(9, "INC0012401", "Handed over by a colleague", start.Add(28*time.Hour), Tomas),
	}
	return []Sample{
		{"home", views.Home(practice, views.HomeData{
			Upcoming: upcoming, Zone: Lisbon, Now: Now,
			Unfinished: []meeting.Meeting{Unconfirmed(Live(4, "INC0012399", "Second screen", start, Priya), meeting.Unfinished)},
			Failed: []meeting.Meeting{
				Unconfirmed(Live(5, "REQ-5", "VPN from home", start, Priya), meeting.Failed),
				Unconfirmed(Live(6, "REQ-6", "Printer on the third floor", start, Priya), meeting.Failed),
			},
		})},
		{"home-ticket", views.Home(ticketed, views.HomeData{Zone: Lisbon, Now: Now, Upcoming: upcoming})},
		{"home-empty", views.Home(p, views.HomeData{Zone: Lisbon, Now: Now})},
		{"home-clock", views.Home(slow, views.HomeData{Zone: Lisbon, Now: Now})},
		{"home-calm", views.Home(p, views.HomeData{Zone: Lisbon, Now: Now, Upcoming: upcoming})},
	}
}
