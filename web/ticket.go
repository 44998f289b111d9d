package web

import (
	"net/http"
	"net/url"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/views"
)

// ticket handles the permanent URL of a ticket. It redirects to the user's own meeting or,
// if there is none, shows colleagues' meetings. If there are no meetings and the number is
// invalid, it suggests tickets that the number might stand for. Otherwise, it redirects to
// the form for a new meeting, filled in from the query. Without a ticket rule, every number
// is valid.
func (s *Server) ticket(w http.ResponseWriter, r *http.Request) error {
	ctx, person := r.Context(), visitOf(r).session.User
	query := validText(r.URL.Query())
	externalID := withoutDirection(printableText(truncate(r.PathValue(meeting.FieldExternalID), meeting.MaxExternalID)))
	own, err := s.Store.MineForTicket(ctx, person.ID, externalID)
	normal, ok := s.Ticket.Normal(externalID)
	if err == nil && own == 0 && normal != externalID {
		externalID = normal
		own, err = s.Store.MineForTicket(ctx, person.ID, externalID)
	}
	if err != nil {
		return err
	}
	if own != 0 {
		return s.seeOther(w, r, paths.Meeting(own))
	}
	if err := s.lookUp(person.ID); err != nil {
		return err
	}
	colleagues, err := s.Desk.Colleagues(ctx, person, person, externalID)
	if err != nil {
		return err
	}
	query.Set(meeting.FieldExternalID, externalID)
	data := views.TicketData{ExternalID: externalID, Colleagues: colleagues, Now: s.Now(), New: query}
	if len(colleagues) == 0 && !ok {
		data.Guesses, err = s.guess(ctx, person, externalID)
		if err != nil {
			return err
		}
	}
	if len(colleagues)+len(data.Guesses) == 0 {
		return s.seeOther(w, r, paths.With(paths.NewMeeting, query)) // query contains the parameters of the deep link
	}
	if person.Role.Has(meeting.HelpDesk) {
		data.HistoryPath = paths.With(paths.History, url.Values{"q": {externalID}})
	}
	return s.render(w, r, http.StatusOK, views.Ticket(s.page(r, externalID), data))
}
