package web

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/store"
	"meetdesk/views"
)

// retentionPerson finds a person and shows what is recorded about them. If several people
// match, it lists them. If an email address matches no user, it shows the records that
// contain the address. The request is a POST to keep names out of URLs.
func (s *Server) retentionPerson(w http.ResponseWriter, r *http.Request) error {
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	data := views.RetentionData{Who: strings.TrimSpace(validText(values).Get("who"))}
	if data.Who != "" {
		if data.People, err = s.matchPeople(r, data.Who); err != nil {
			return err
		}
	}
	switch {
	case len(data.People) == 1:
		return s.showPerson(w, r, http.StatusOK, store.EraseRequest{UserID: data.People[0].ID}, views.RecordsData{})
	case len(data.People) > 1:
		return s.showRetention(w, r, http.StatusOK, data)
	case strings.Contains(data.Who, "@"): // someone who was invited but never signed in
		return s.showPerson(w, r, http.StatusOK, store.EraseRequest{Address: data.Who}, views.RecordsData{})
	}
	data.PersonProblems = meeting.Problems{{Field: "who", Key: meeting.ReasonPersonUnknown, Args: meeting.Args{"Value": meeting.Shorten(data.Who, 40)}}}
	return s.showRetention(w, r, http.StatusUnprocessableEntity, data)
}

func (s *Server) adminPersonRecords(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	return s.showPerson(w, r, http.StatusOK, store.EraseRequest{UserID: id}, views.RecordsData{})
}

// maxEraseTexts is the maximum number of additional strings that an erasure replaces.
const maxEraseTexts = 50

// eraseRequest returns the person to erase and additional strings to replace. It ignores
// strings of fewer than three characters, which would match too much.
func eraseRequest(values url.Values) (e store.EraseRequest) {
	e.UserID, _ = strconv.ParseInt(values.Get("person"), 10, 64)
	if e.UserID == 0 {
		e.Address = truncate(strings.TrimSpace(values.Get("address")), 300)
	}
	for line := range strings.Lines(values.Get("texts")) {
		if line = truncate(strings.TrimSpace(line), 300); len([]rune(line)) >= 3 && len(e.Texts) < maxEraseTexts {
			e.Texts = append(e.Texts, line)
		}
	}
	return e
}

func (s *Server) showPerson(w http.ResponseWriter, r *http.Request, status int, whom store.EraseRequest, data views.RecordsData) error {
	plan, err := s.Store.PlanErase(r.Context(), whom)
	if err != nil {
		return err
	}
	if err := s.Store.Audit(r.Context(), visitOf(r).session.User.ID, store.AuditPersonRead, 0, plan.Person.UPN); err != nil {
		return err
	}
	data.Plan = plan
	return s.render(w, r, status, views.Records(s.page(r, visitOf(r).text.T("person.title")), data))
}

// retentionErase starts the erasure of a person if the confirmation matches their address,
// or their name if they have no address.
func (s *Server) retentionErase(w http.ResponseWriter, r *http.Request) error {
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	values = validText(values)
	whom := eraseRequest(values)
	wanted := whom.Address
	if whom.UserID != 0 {
		u, err := s.Store.User(r.Context(), whom.UserID)
		if err != nil {
			return err
		}
		wanted = views.ConfirmErase(u)
	}
	if wanted == "" || !strings.EqualFold(strings.TrimSpace(values.Get("confirm")), wanted) {
		data := views.RecordsData{Texts: values.Get("texts"), Confirm: values.Get("confirm")}
		data.Problems = meeting.Problems{{Field: "confirm", Key: meeting.ReasonEraseConfirm}}
		return s.showPerson(w, r, http.StatusUnprocessableEntity, whom, data)
	}
	text := visitOf(r).text
	err = s.Store.StartErase(r.Context(), visitOf(r).session.User.ID, whom, func(n int64) string {
		return text.T("erase.name", meeting.Args{"N": n})
	})
	if err != nil {
		return err
	}
	return s.seeOther(w, r, paths.Retention)
}

// retentionExport sends everything that is recorded about a person, as a JSON document.
func (s *Server) retentionExport(w http.ResponseWriter, r *http.Request) error {
	values, err := readBody(w, r)
	if err != nil {
		return err
	}
	whom := eraseRequest(validText(values))
	plan := meeting.User{UPN: whom.Address}
	if whom.UserID != 0 {
		if plan, err = s.Store.User(r.Context(), whom.UserID); err != nil {
			return err
		}
	} else if whom.Address == "" {
		return s.seeOther(w, r, paths.Retention)
	}
	d := download{
		contentType: "application/json; charset=utf-8", name: "person-" + s.Now().UTC().Format(time.DateOnly) + ".json",
		began: store.AuditPersonExport, ended: store.AuditPersonEnd, cut: store.AuditPersonCut, detail: plan.UPN,
	}
	file := &jsonArray{out: bufio.NewWriterSize(s.exportWriter(w), exportBuffer)}
	return s.sendDownload(w, r, d, file, func(ctx context.Context, send sendPart) error {
		if err := s.Store.FlushAudit(ctx); err != nil {
			return err
		}
		return s.Store.ExportPerson(ctx, whom, func(part []store.PersonalRecord) error {
			return send(len(part), func(i int) error { return file.add(part[i]) })
		})
	})
}

// jsonArray writes a JSON array with one element per line.
type jsonArray struct {
	out  *bufio.Writer
	rows int
}

func (a *jsonArray) begin() error { return a.out.WriteByte('[') }

func (a *jsonArray) add(element any) error {
	text, err := json.Marshal(element)
	if err != nil {
		return err
	}
	if a.rows++; a.rows > 1 {
		a.out.WriteByte(',') // if this fails, Flush returns the error
	}
	a.out.WriteByte('\n')
	_, err = a.out.Write(text)
	return err
}

func (a *jsonArray) flush() error { return a.out.Flush() }

func (a *jsonArray) end() error {
	a.out.WriteString("\n]\n")
	return a.out.Flush()
}
