package web

import (
	"net/http"
	"strings"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/search"
	"meetdesk/store/listing"
	"meetdesk/views"
)

// faultOf returns the reason why a search for the input cannot find anything, or "".
func faultOf(input search.Input, ticket string) views.HistoryFault {
	switch {
	case input.Fault == search.LinkOther && ticket != "":
		return ""
	case input.Fault != "":
		return views.HistoryFault(input.Fault)
	case input.IsRounded():
		return views.FaultRounded
	case input.Kind == search.KindText && search.Parse(input.Text).IsEmpty():
		return views.FaultNoWords
	}
	return ""
}

// ownAddress returns the meeting's ID if the text is the URL of a meeting's page on this
// site. It does not check whether the meeting exists or whether the person may see it.
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

// wordsOf returns the text for the full-text search, or "" for input such as a link, which
// is not part of any meeting's text.
func wordsOf(input search.Input) string {
	switch input.Kind {
	case search.KindLink, search.KindThread, search.KindGraphID, search.KindRequestID:
		return ""
	}
	return input.Text
}

// find returns the meetings that the input identifies, by a ticket in any spelling or by
// another identifier. If there are none, it guesses the ticket. If that also fails, it tries
// the input as a dial-in number.
func (s *Server) find(r *http.Request, req historyRequest, input search.Input) ([]listing.Hit, error) {
	tickets := []string{input.Text}
	if req.Query != input.Text {
		tickets = append(tickets, req.Query) // brackets around the query may be part of the ticket
	}
	if normal, _ := s.Ticket.Normal(input.Text); normal != input.Text && meeting.TicketKey(normal) == meeting.TicketKey(input.Text) {
		tickets = append(tickets, normal)
	}
	tickets = append(tickets, input.Tickets(s.Ticket)...)
	hits, err := s.Store.Find(r.Context(), req.Criteria, input, tickets...)
	if len(hits) == 0 && err == nil && wordsOf(input) != "" {
		hits, err = s.Store.Guess(r.Context(), req.Criteria, search.Guesses(tickets))
	}
	if phone := input.Phone(); phone != "" && len(hits) == 0 && err == nil {
		return s.Store.FindByPhone(r.Context(), req.Criteria, phone)
	}
	return hits, err
}

// ticketOf returns the ticket to propose for a new meeting, or "" if the input does not
// name exactly one.
func (s *Server) ticketOf(input search.Input) string {
	if input.Kind != search.KindTicket && input.Kind != search.KindText {
		return ""
	}
	if normal, ok := s.Ticket.Normal(input.Text); ok && input.Kind == search.KindTicket && s.Ticket.Pattern != nil {
		return normal
	}
	named := input.Tickets(s.Ticket)
	for _, other := range named[min(1, len(named)):] {
		if !strings.HasSuffix(other, named[0]) { // "Ticket#67001" and "67001" are the same ticket
			return ""
		}
	}
	switch {
	case len(named) > 0 && (input.Kind == search.KindText || strings.ContainsAny(strings.TrimLeft(input.Text, "#"), "# ,.")):
		return named[0]
	case input.Kind == search.KindTicket:
		return input.Text
	}
	return ""
}

// onlyHit returns the meeting to open without showing the list. A single hit is opened
// unless it is only a guess, or matches only by its dial-in number or as another meeting for
// the ticket. If there are several hits, the one with the exact external ID is opened,
// provided that it is the only such hit and that the others match only because they are for
// the same ticket. Removed and replaced meetings do not count as exact.
func onlyHit(hits []listing.Hit) (id int64, ok bool) {
	if len(hits) == 1 {
		return hits[0].ID, hits[0].By != listing.ByTicket && hits[0].By != listing.ByPhone && hits[0].By != listing.ByGuess || hits[0].Also != ""
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
