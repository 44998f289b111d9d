package web

import (
	"net/http"
	"net/url"

	"meetdesk/meeting"
	"meetdesk/store"
	"meetdesk/views"
)

const (
	historyRows = 50   // the length of one page of the history
	maxQuery    = 4000 // characters of what is searched for: a whole invitation
)

// history is the list of meetings, a person's own or everybody's, and what the
// one box finds: a search that names one meeting exactly leads to it. Whose
// meetings a help desk has listed is in the audit.
func (s *Server) history(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), visitOf(r)
	ask, problems, err := s.readHistory(r)
	if err != nil {
		return err
	}
	data := views.HistoryData{Ask: ask.Ask, Zone: zoneOf(v.session.User.TimeZone), Now: s.Now(), Problems: problems}
	if problems.Any() {
		return s.showHistory(w, r, http.StatusUnprocessableEntity, data)
	}
	scrap := meeting.Recognize(ask.Query)
	if data.Kind = scrap.Kind; ask.Query != "" && ask.At == (store.Cursor{}) {
		hits, err := s.find(r, ask, scrap)
		if err != nil {
			return err
		}
		if m, ok := one(hits); ok && !ask.List {
			return seeOther(w, r, meetingPath(m)+"?"+url.Values{"q": {ask.Query}}.Encode())
		}
		data.Rows = hitRows(hits)
	}
	if err := s.auditHistory(r, ask, store.AuditHistoryRead); err != nil {
		return err
	}
	if ask.Text = words(scrap); ask.Text != "" || ask.Query == "" {
		if err := s.addPage(ctx, &data, ask); err != nil {
			return err
		}
	}
	return s.showHistory(w, r, http.StatusOK, data)
}

// words is what of the scrap is searched for as words: nothing where it names
// things that stand in no text.
func words(scrap meeting.Scrap) string {
	switch scrap.Kind {
	case meeting.ScrapLink, meeting.ScrapThread, meeting.ScrapGraphID, meeting.ScrapRequestID:
		return ""
	}
	return scrap.Text
}

// find looks up what the text names exactly: as a ticket in the spelling given
// and in the one that tickets are written in here, and as everything else that
// it looks like.
func (s *Server) find(r *http.Request, ask historyAsk, scrap meeting.Scrap) ([]store.Hit, error) {
	tickets := []string{scrap.Text}
	if normal, _ := s.Ticket.Normal(scrap.Text); normal != scrap.Text {
		tickets = append(tickets, normal)
	}
	return s.Store.Find(r.Context(), ask.HistoryQuery, scrap, tickets...)
}

// one returns the only meeting that was meant: the only hit, or the only one with
// just that external ID that still counts.
func one(hits []store.Hit) (id int64, ok bool) {
	exact := 0
	for _, h := range hits {
		if h.By == store.ByExternalID && h.State != meeting.Removed && h.State != meeting.Replaced {
			id, exact = h.ID, exact+1
		}
	}
	if exact == 0 && len(hits) == 1 && hits[0].By != store.ByTicket {
		return hits[0].ID, true
	}
	return id, exact == 1
}

// auditHistory records that somebody looks through others' meetings.
func (s *Server) auditHistory(r *http.Request, ask historyAsk, action string) error {
	person := visitOf(r).session.User
	if !ask.HistoryQuery.Everyone && ask.UserID == person.ID && action == store.AuditHistoryRead {
		return nil
	}
	if action == store.AuditHistoryRead {
		return s.Store.AuditSoon(r.Context(), person.ID, action, ask.detail())
	}
	return s.Store.Audit(r.Context(), person.ID, action, 0, ask.detail())
}

func (s *Server) showHistory(w http.ResponseWriter, r *http.Request, status int, data views.HistoryData) error {
	return s.render(w, r, status, views.History(s.page(r, visitOf(r).text.T("history.title")), data))
}
