package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/store/listing"
	"meetdesk/views"
)

const (
	auditRows       = 50 // the number of entries on one page
	maxPeopleFound  = 20 // the maximum number of people that a search returns
	maxAuditTickets = 50 // the maximum number of meetings whose entries are listed for one ticket
)

type auditRequest struct {
	views.AuditAsk
	listing.AuditFilter
	after listing.AuditCursor
}

func (s *Server) auditPage(w http.ResponseWriter, r *http.Request) error {
	req, problems, err := s.readAudit(r, validText(r.URL.Query()))
	if err != nil {
		return err
	}
	data := views.AuditData{Ask: req.AuditAsk, Problems: problems}
	if problems.Any() {
		return s.showAudit(w, r, http.StatusUnprocessableEntity, data)
	}
	if err := s.Store.AuditSoon(r.Context(), visitOf(r).session.User.ID, store.AuditAuditRead, 0, req.Values().Encode()); err != nil {
		return err
	}
	page, err := s.Store.Lists.Audit(r.Context(), req.AuditFilter, req.after, false, auditRows)
	if err != nil {
		return err
	}
	data.Entries, data.Examined = page.Entries, page.Examined
	if page.Next != (listing.AuditCursor{}) {
		v := req.Values()
		v.Set("before", formatCursor(listing.Cursor{Start: page.Next.At, ID: page.Next.ID}))
		data.Older = paths.With(paths.Audit, v)
	}
	if req.after != (listing.AuditCursor{}) {
		data.First = paths.With(paths.Audit, req.Values())
	}
	return s.showAudit(w, r, http.StatusOK, data)
}

func (s *Server) showAudit(w http.ResponseWriter, r *http.Request, status int, data views.AuditData) error {
	for _, action := range store.AuditActions() {
		data.Actions = append(data.Actions, string(action))
	}
	return s.render(w, r, status, views.Audit(s.page(r, visitOf(r).text.T("audit.title")), data))
}

// auditFind redirects to the list with the submitted filters. If several people match, it
// lists those people instead.
func (s *Server) auditFind(w http.ResponseWriter, r *http.Request) error {
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	values = validText(values)
	req, problems, err := s.readAudit(r, values)
	if err != nil {
		return err
	}
	data := views.AuditData{Ask: req.AuditAsk, Problems: problems, Who: strings.TrimSpace(values.Get("who"))}
	data.Ask.Person = meeting.User{}
	if data.Who != "" && !problems.Any() {
		if data.People, err = s.matchPeople(r, data.Who); err != nil {
			return err
		}
		switch len(data.People) {
		case 0:
			data.Problems = meeting.Problems{{Field: "who", Key: meeting.ReasonPersonUnknown, Args: meeting.Args{"Value": meeting.Shorten(data.Who, 40)}}}
		case 1:
			data.Ask.Person = data.People[0]
		default:
			return s.showAudit(w, r, http.StatusOK, data)
		}
	}
	if data.Problems.Any() {
		return s.showAudit(w, r, http.StatusUnprocessableEntity, data)
	}
	return s.seeOther(w, r, paths.With(paths.Audit, data.Ask.Values()))
}

// matchPeople returns up to maxPeopleFound people whose name, UPN or object ID contains the
// text. If the text is a whole UPN, only its owner is returned. The search is audited.
func (s *Server) matchPeople(r *http.Request, text string) ([]meeting.User, error) {
	text = truncate(text, 200)
	if err := s.Store.Audit(r.Context(), visitOf(r).session.User.ID, store.AuditPersonFind, 0, text); err != nil {
		return nil, err
	}
	found, err := s.Store.FindPeople(r.Context(), text, maxPeopleFound)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(found, func(u meeting.User) bool { return strings.EqualFold(u.UPN, text) }); i >= 0 {
		found = found[i : i+1]
	}
	return found, nil
}

// readAudit parses the filters: person (an ID), meeting (a number or a ticket), action,
// from, to, and before (a cursor). If it returns problems, nothing is listed.
func (s *Server) readAudit(r *http.Request, query url.Values) (req auditRequest, problems meeting.Problems, err error) {
	req.AuditAsk = views.AuditAsk{Meeting: strings.TrimSpace(truncate(query.Get("meeting"), 300)), Action: query.Get("action"), From: query.Get("from"), To: query.Get("to")}
	if id, err := strconv.ParseInt(query.Get("person"), 10, 64); err == nil {
		req.Person, err = s.Store.User(r.Context(), id)
		if err != nil && meeting.CodeOf(err) != meeting.NotFound {
			return req, nil, err
		}
		req.Person.ID, req.UserID = id, id // if there is no person with this ID, nothing is listed
	}
	if req.Meeting != "" {
		if req.Meetings, err = s.meetingsNamed(r, req.Meeting); err != nil {
			return req, nil, err
		}
		if len(req.Meetings) == 0 {
			problems = append(problems, meeting.Problem{Field: "meeting", Key: meeting.ReasonAuditMeeting, Args: meeting.Args{"Value": meeting.Shorten(req.Meeting, 40)}})
		}
	}
	if req.AuditFilter.Action = req.AuditAsk.Action; req.AuditAsk.Action != "" && !slices.Contains(store.AuditActions(), store.AuditAction(req.AuditAsk.Action)) {
		problems = append(problems, meeting.Problem{Field: "action", Key: meeting.ReasonFilterUnknown, Args: meeting.Args{"Value": meeting.Shorten(req.AuditAsk.Action, 40)}})
	}
	var dates meeting.Problems
	req.AuditFilter.From, req.AuditFilter.To, dates = readDays(req.AuditAsk.From, req.AuditAsk.To, zoneOf(visitOf(r).session.User.TimeZone))
	at := parseCursor(query.Get("before"))
	req.after = listing.AuditCursor{At: at.Start, ID: at.ID}
	return req, append(problems, dates...), nil
}

// meetingsNamed returns the IDs of the meetings for the given ticket. If the text is a
// number, it is also treated as a meeting ID, even if that meeting has been purged.
func (s *Server) meetingsNamed(r *http.Request, text string) ([]int64, error) {
	ids, err := s.Store.TicketMeetingIDs(r.Context(), text, maxAuditTickets)
	if err != nil {
		return nil, err
	}
	if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 && !slices.Contains(ids, id) {
		ids = append(ids, id)
	}
	return ids, nil
}
