package gallery

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/search"
	"meetdesk/views"
)

func historySamples(l Look) []Sample {
	p := l.page(Dana, "History", paths.History)
	rows := HistoryRows(12)
	rows[1] = Unconfirmed(rows[1], meeting.Failed)
	rows[2] = Unconfirmed(rows[2], meeting.Unfinished)
	rows[3].State = meeting.Replaced
	rows[4].ExternalID, rows[4].Subject = strings.Repeat("A1-", 85), strings.Repeat("W", 255)
	rows[5].ExternalID, rows[5].Subject = "", ""
	rows[6].State = meeting.Removed
	list := func(ms []meeting.Meeting, why ...views.Why) (list []views.HistoryRow) {
		for _, m := range ms {
			list = append(list, views.HistoryRow{Listed: m.Listed(), Why: why})
		}
		return list
	}
	all := views.Ask{Whose: views.WhoseAll, MayAll: true}
	query := func(a views.Ask, text string) views.Ask { a.Query = text; return a }
	mine := views.Ask{Whose: views.WhoseMine}
	narrow := views.Ask{Whose: Priya.UPN, Person: Priya, MayAll: true, State: "past", Origin: "found", Sort: "start", From: "2027-03-01", To: "2027-03-31"}
	wrong := views.Ask{Whose: views.WhoseMine, State: "gone", From: "1.3.2027"}
	upcoming := views.Ask{Whose: views.WhoseAll, MayAll: true, State: "upcoming"}
	friday := views.HistoryDay{Date: Now.Truncate(24*time.Hour).AddDate(0, 0, 3), Other: Now.Truncate(24*time.Hour).AddDate(0, 0, -4)}
	return []Sample{
		{"history", views.History(p, views.HistoryData{Ask: all, Rows: list(rows), Count: 10_000, Zone: Lisbon, Now: Now, Older: listPath("before", "9")})},
		{"history-own", views.History(p, views.HistoryData{Ask: mine, Rows: list(rows[:3]), Count: 103, CountAll: true, Zone: Lisbon, Now: Now, First: paths.History, Newer: listPath("after", "9")})},
		{"history-narrowed", views.History(p, views.HistoryData{Ask: narrow, List: narrow.Values(), Rows: list(rows[:2]), Zone: Lisbon, Now: Now, Looked: Now.AddDate(0, -3, 0), Deeper: listPath("everything", "1"), Older: listPath("before", "9")})},
		{"history-upcoming", views.History(p, views.HistoryData{Ask: upcoming, List: upcoming.Values(), Rows: list(Days(Now)), Count: 7, CountAll: true, Grouped: true, Zone: Lisbon, Now: Now})},
		{"history-day", views.History(p, views.HistoryData{Ask: query(mine, "friday"), Kind: search.KindText, Day: &friday, Rows: list(Days(friday.Date)[:1]), Grouped: true, Zone: Lisbon, Now: Now})},
		{"history-day-none", views.History(p, views.HistoryData{Ask: query(mine, "friday"), Kind: search.KindText, Day: &friday, Zone: Lisbon, Now: Now})},
		{"history-guess", views.History(p, views.HistoryData{Ask: query(mine, "12345"), Kind: search.KindTicket, Ticket: "12345", Guesses: []string{"INC0012345", "CHG12345"}, Zone: Lisbon, Now: Now})},
		{"history-colleague", views.History(p, views.HistoryData{Ask: query(mine, "INC0012345"), Kind: search.KindTicket, Ticket: "INC0012345", Colleague: "INC0012345", Zone: Lisbon, Now: Now})},
		{"history-fault", views.History(p, views.HistoryData{Ask: query(mine, "1.23457E+12"), Fault: views.FaultRounded, Zone: Lisbon, Now: Now})},
		{"history-wrong", views.History(p, views.HistoryData{Ask: wrong, Zone: Lisbon, Now: Now, Problems: meeting.Problems{
			{Field: "state", Key: meeting.ReasonFilterUnknown, Args: meeting.Args{"Value": "gone"}}, {Field: "from", Key: meeting.ReasonFilterDate}}})},
		{"history-query", views.History(p, views.HistoryData{Ask: query(mine, "laptop"), List: url.Values{"q": {"laptop"}}, Kind: search.KindText, Rows: list(rows[:2], views.Why{By: "subject"}, views.Why{By: "attendee", Name: "Ana Conceição"}),
			Count: 1, CountAll: true, Zone: Lisbon, Now: Now, First: listPath("q", "laptop")})},
		{"history-matches", views.History(p, views.HistoryData{Ask: query(views.Ask{Whose: views.WhoseAll, MayAll: true, State: "failed"}, "laptop"), Kind: search.KindText, Zone: Lisbon, Now: Now, Looked: Now.AddDate(0, -3, 0), Matches: true,
			Deeper: listPath("everything", "1"), Older: listPath("before", "9"), Without: []string{"laptop"}, Known: "VPN from home"})},
		{"history-hits", views.History(p, views.HistoryData{Ask: query(all, "123 456 789#"), List: url.Values{"q": {"123 456 789#"}}, Kind: search.KindConferenceID, Rows: list(rows[:2], views.Why{By: "conference_id"}), Count: 2, CountAll: true, Zone: Lisbon, Now: Now})},
		{"history-empty", views.History(p, views.HistoryData{Ask: mine, Zone: Lisbon, Now: Now})},
		{"history-none", views.History(p, views.HistoryData{Ask: views.Ask{Whose: views.WhoseMine, State: "removed"}, Zone: Lisbon, Now: Now})},
		{"history-no-match", views.History(p, views.HistoryData{Ask: query(mine, `<script>alert("INC1")</script>`), Kind: search.KindText, Zone: Lisbon, Now: Now})},
		{"history-no-match-everyone", views.History(p, views.HistoryData{Ask: query(all, "INC9"), Kind: search.KindTicket, Ticket: "INC9", Zone: Lisbon, Now: Now})},
		{"history-no-match-link", views.History(p, views.HistoryData{Ask: query(views.Ask{Whose: views.WhoseMine, MayAll: true}, "https://teams.microsoft.com/meet/2345678901234?p=abc"), Kind: search.KindLink, Zone: Lisbon, Now: Now})},
	}
}

// Days returns meetings on the given day, on the two days after it, and a week later.
func Days(from time.Time) (list []meeting.Meeting) {
	for i, hours := range []int{1, 3, 24, 26, 29, 48, 7 * 24} {
		list = append(list, Live(int64(20+i), fmt.Sprintf("INC00125%02d", i), "Laptop does not start after the update", from.Add(time.Duration(hours)*time.Hour), Priya))
	}
	return list
}

func listPath(name, value string) string {
	return paths.With(paths.History, url.Values{name: {value}})
}
