package gallery

import (
	"strings"

	"meetdesk/meeting"
	"meetdesk/views"
)

func historySamples(l Look) []Sample {
	p := l.page(Dana, "History", "/history")
	rows := HistoryRows(12)
	rows[1] = Unconfirmed(rows[1], meeting.Failed)
	rows[2] = Unconfirmed(rows[2], meeting.Unfinished)
	rows[3].State = meeting.Replaced
	rows[4].ExternalID, rows[4].Subject = strings.Repeat("A1-", 85), strings.Repeat("W", 255)
	rows[5].ExternalID, rows[5].Subject = "", ""
	rows[6].State = meeting.Removed
	return []Sample{
		{"history", views.History(p, views.HistoryData{Rows: rows, Everyone: true, Zone: Lisbon, Next: "/history?before=9"})},
		{"history-query", views.History(p, views.HistoryData{Query: "laptop", Rows: rows[:2], Zone: Lisbon, First: "/history?q=laptop"})},
		{"history-empty", views.History(p, views.HistoryData{Zone: Lisbon})},
		{"history-no-match", views.History(p, views.HistoryData{Query: `<script>alert("INC1")</script>`, Zone: Lisbon})},
		{"history-no-match-everyone", views.History(p, views.HistoryData{Query: "INC9", Zone: Lisbon, Everyone: true})},
	}
}
