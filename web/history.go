package web

import (
	"net/http"
	"strings"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/people"
	"meetdesk/search"
	"meetdesk/store"
	"meetdesk/store/listing"
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
	data := views.HistoryData{Ask: ask.Ask, List: listOf(r), Zone: zoneOf(v.session.User.TimeZone), Now: s.Now(), Problems: problems}
	if problems.Any() {
		return s.showHistory(w, r, http.StatusUnprocessableEntity, data)
	}
	scrap := search.Recognize(ask.Query, people.OnlyAddress)
	data.Kind, data.Ticket = scrap.Kind, s.ticketOf(scrap)
	data.Fault = faultOf(scrap, data.Ticket)
	var hits []listing.Hit
	if ask.Query != "" {
		if hits, err = s.find(r, ask, scrap); err != nil {
			return err
		}
	}
	if id, ok := s.ownAddress(scrap.Text); ok {
		return s.seeOther(w, r, paths.Meeting(id)) // its list would lead here again
	}
	first := ask.atStart()
	if id, ok := one(hits); ok && first && !ask.List {
		return s.seeOther(w, r, paths.With(paths.Meeting(id), data.List))
	}
	if err := s.auditList(r, ask); err != nil {
		return err
	}
	if ask.Text = words(scrap); len(hits) == 0 {
		ask.Text = scrap.Text // it may stand in a subject for all that
	}
	if ask.Text != "" || ask.Query == "" {
		if err := s.addPage(ctx, &data, ask, hits); err != nil {
			return err
		}
	} else if first {
		data.Rows, data.Count, data.CountAll = hitRows(hits), len(hits), len(hits) < historyRows
	}
	return s.showHistory(w, r, http.StatusOK, data)
}

// faultOf returns why nothing can be found by the scrap, "" where something could be.
func faultOf(scrap search.Input, ticket string) views.HistoryFault {
	switch {
	case scrap.Fault == search.LinkOther && ticket != "":
		return ""
	case scrap.Fault != "":
		return views.HistoryFault(scrap.Fault)
	case scrap.IsRounded():
		return views.FaultRounded
	case scrap.Kind == search.KindText && search.Parse(scrap.Text).IsEmpty():
		return views.FaultNoWords
	}
	return ""
}

// ownAddress returns the meeting whose page here the text is the address of. Whether
// there is one, and may be seen, is for that page to say.
func (s *Server) ownAddress(text string) (id int64, ok bool) {
	path, ok := strings.CutPrefix(text, strings.TrimSuffix(s.URL.String(), "/"))
	if !ok {
		return 0, false
	}
	if end := strings.IndexAny(path, "?#"); end >= 0 {
		path = path[:end]
	}
	return paths.MeetingID(path)
}

// words is what of the scrap is searched for as words: nothing where it names
// things that stand in no text.
func words(scrap search.Input) string {
	switch scrap.Kind {
	case search.KindLink, search.KindThread, search.KindGraphID, search.KindRequestID:
		return ""
	}
	return scrap.Text
}

// find looks up what the text names exactly: as a ticket in the spelling given,
// without what stands around it, and in the one that tickets are written in here,
// every ticket that stands among other words, and everything else that it looks like.
func (s *Server) find(r *http.Request, ask historyAsk, scrap search.Input) ([]listing.Hit, error) {
	tickets := []string{scrap.Text}
	if ask.Query != scrap.Text {
		tickets = append(tickets, ask.Query) // brackets may be a part of it
	}
	if normal, _ := s.Ticket.Normal(scrap.Text); normal != scrap.Text && meeting.TicketKey(normal) == meeting.TicketKey(scrap.Text) {
		tickets = append(tickets, normal)
	}
	hits, err := s.Store.Find(r.Context(), ask.Criteria, scrap, append(tickets, scrap.Tickets(s.Ticket)...)...)
	if phone := scrap.Phone(); phone != "" && len(hits) == 0 && err == nil {
		return s.Store.FindByPhone(r.Context(), ask.Criteria, phone)
	}
	return hits, err
}

// ticketOf returns the ticket that a new meeting could be for; "" where none, or
// more than one, is named.
func (s *Server) ticketOf(scrap search.Input) string {
	if scrap.Kind != search.KindTicket && scrap.Kind != search.KindText {
		return ""
	}
	if normal, ok := s.Ticket.Normal(scrap.Text); ok && scrap.Kind == search.KindTicket && s.Ticket.Pattern != nil {
		return normal
	}
	named := scrap.Tickets(s.Ticket)
	for _, other := range named[min(1, len(named)):] {
		if !strings.HasSuffix(other, named[0]) { // "Ticket#67001" is 67001
			return ""
		}
	}
	switch {
	case len(named) > 0 && (scrap.Kind == search.KindText || strings.ContainsAny(strings.TrimLeft(scrap.Text, "#"), "# ,.")):
		return named[0]
	case scrap.Kind == search.KindTicket:
		return scrap.Text
	}
	return ""
}

// one returns the only meeting that was meant: the only hit, or the only one with
// just that external ID that still counts, where all others are of the same ticket
// and nothing but the ticket was named of them.
func one(hits []listing.Hit) (id int64, ok bool) {
	if len(hits) == 1 {
		return hits[0].ID, hits[0].By != listing.ByTicket && hits[0].By != listing.ByPhone || hits[0].Also != ""
	}
	var exact *listing.Hit
	for i, h := range hits {
		if h.By == listing.ByExternalID && h.State != meeting.Removed && h.State != meeting.Replaced {
			if exact != nil {
				return 0, false
			}
			exact = &hits[i]
		}
	}
	if exact == nil {
		return 0, false
	}
	for _, h := range hits {
		ofTicket := h.By == listing.ByExternalID || h.By == listing.BySpelling || h.By == listing.ByTicket
		if h.ID != exact.ID && (!ofTicket || h.Also != "" || meeting.TicketKey(h.ExternalID) != meeting.TicketKey(exact.ExternalID)) {
			return 0, false
		}
	}
	return exact.ID, true
}

// auditList records that somebody looks through others' meetings.
func (s *Server) auditList(r *http.Request, ask historyAsk) error {
	person := visitOf(r).session.User
	if !ask.Criteria.Everyone && ask.UserID == person.ID {
		return nil
	}
	return s.Store.AuditSoon(r.Context(), person.ID, store.AuditHistoryRead, ask.detail())
}

func (s *Server) showHistory(w http.ResponseWriter, r *http.Request, status int, data views.HistoryData) error {
	return s.render(w, r, status, views.History(s.page(r, views.HistoryTitle(visitOf(r).text, data.Ask.Query)), data))
}
