package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/views"
)

const (
	historyRows = 50  // the length of one page of the history
	maxQuery    = 300 // characters of what is searched for
)

// history lists meetings, newest first: a person's own, everybody's for the
// help desk, whose looks are in the audit. q searches; before is the ID of the
// last meeting of the page before.
func (s *Server) history(w http.ResponseWriter, r *http.Request) error {
	ctx, v, query := r.Context(), visitOf(r), validText(r.URL.Query())
	person := v.session.User
	before, _ := strconv.ParseInt(query.Get("before"), 10, 64) // unreadable: the first page
	ask := store.HistoryQuery{
		UserID: person.ID, Everyone: person.Role.Has(meeting.HelpDesk),
		Text: strings.TrimSpace(truncate(query.Get("q"), maxQuery)), Before: before, Limit: historyRows,
	}
	if ask.Everyone {
		if err := s.Store.Audit(ctx, person.ID, store.AuditHistoryRead, 0, ask.Text); err != nil {
			return err
		}
	}
	rows, more, err := s.Store.History(ctx, ask)
	if err != nil {
		return err
	}
	data := views.HistoryData{Query: ask.Text, Rows: rows, Everyone: ask.Everyone, Zone: zoneOf(person.TimeZone)}
	if before > 0 {
		data.First = historyPath(ask.Text, 0)
	}
	if more {
		data.Next = historyPath(ask.Text, rows[len(rows)-1].ID)
	}
	return s.render(w, r, http.StatusOK, views.History(s.page(r, v.text.T("history.title")), data))
}

func historyPath(text string, before int64) string {
	query := make(url.Values)
	if text != "" {
		query.Set("q", text)
	}
	if before > 0 {
		query.Set("before", strconv.FormatInt(before, 10))
	}
	if len(query) == 0 {
		return "/history"
	}
	return "/history?" + query.Encode()
}

func truncate(text string, characters int) string {
	if runes := []rune(text); len(runes) > characters {
		return string(runes[:characters])
	}
	return text
}
