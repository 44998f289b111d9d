package web

import (
	"net/http"

	"meetdesk/paths"
	"meetdesk/people"
	"meetdesk/search"
	"meetdesk/store"
	"meetdesk/store/listing"
	"meetdesk/views"
)

const (
	historyRows = 50   // rows per page
	maxQuery    = 4000 // in characters; a query may be a whole invitation
)

// history lists and searches meetings. If the query names exactly one meeting, history
// redirects to that meeting. Lists that may contain other people's meetings are audited.
func (s *Server) history(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), visitOf(r)
	req, problems, err := s.readHistory(r)
	if err != nil {
		return err
	}
	data := views.HistoryData{Ask: req.Ask, List: listOf(r), Zone: zoneOf(v.session.User.TimeZone), Now: s.Now(), Problems: problems}
	if data.List.Has("whose") {
		data.List.Set("whose", req.Whose) // the person's ID, even if the URL contains their UPN
	}
	if problems.Any() {
		return s.showHistory(w, r, http.StatusUnprocessableEntity, data)
	}
	input := search.Recognize(req.Query, people.OnlyAddress)
	data.Kind, data.Ticket = input.Kind, s.ticketOf(input)
	data.Fault = faultOf(input, data.Ticket)
	var hits []listing.Hit
	if req.Query != "" {
		if hits, err = s.find(r, req, input); err != nil {
			return err
		}
	}
	if id, ok := s.ownAddress(input.Text); ok {
		return s.seeOther(w, r, paths.Meeting(id)) // without the list parameters, because the link back to the list would only redirect here again
	}
	first := req.atStart()
	hit, isOnly := onlyHit(hits)
	if isOnly = isOnly && first && !req.List; !isOnly {
		hit = 0
	}
	if err := s.auditList(r, req, hit); err != nil {
		return err
	}
	if isOnly {
		return s.seeOther(w, r, paths.With(paths.Meeting(hit), data.List))
	}
	if data.Day, err = s.readText(r, &req, input, hits); err != nil {
		return err
	}
	if data.Grouped = req.isGrouped(); data.Day != nil {
		data.Kind, data.Ticket = search.KindText, ""
	}
	data.Guessed = len(hits) > 0 && hits[0].By == listing.ByGuess
	if req.Text != "" || req.Query == "" || data.Day != nil {
		if err := s.addPage(ctx, &data, req, hits); err != nil {
			return err
		}
	} else if first {
		data.Rows, data.Count, data.CountAll = hitRows(hits), len(hits), len(hits) < historyRows
	}
	if len(data.Rows) == 0 {
		if err := s.addColleagues(r, &data); err != nil && !isUnrecorded(r, err) {
			return err
		}
	}
	return s.showHistory(w, r, http.StatusOK, data)
}

// addColleagues adds colleagues' meetings for the ticket to a staff member's empty search
// result. If there are no such meetings, it adds similar tickets. The meetings together use
// up one of the person's look-ups, and so does each similar ticket.
func (s *Server) addColleagues(r *http.Request, d *views.HistoryData) error {
	person := visitOf(r).session.User
	if d.Ticket == "" || d.Ask.MayAll {
		return nil
	}
	colleagues, err := s.colleagues(r, person, d.Ticket)
	if err != nil {
		return err
	}
	if len(colleagues) > 0 {
		d.Colleague = views.NamedTicket(d.Ticket, colleagues)
		return nil
	}
	d.Guesses, err = s.guess(r.Context(), person, d.Ticket)
	return err
}

const maxGuesses = 5

// auditList writes an audit entry if the list may contain other people's meetings. hit is
// the ID of the meeting to which history redirects, or 0.
func (s *Server) auditList(r *http.Request, req historyRequest, hit int64) error {
	person := visitOf(r).session.User
	if !req.Criteria.Everyone && req.UserID == person.ID {
		return nil
	}
	return s.Store.AuditSoon(r.Context(), person.ID, store.AuditHistoryRead, hit, req.detail())
}

func (s *Server) showHistory(w http.ResponseWriter, r *http.Request, status int, data views.HistoryData) error {
	return s.render(w, r, status, views.History(s.page(r, views.HistoryTitle(visitOf(r).text, data.Ask.Query)), data))
}
