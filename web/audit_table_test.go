package web_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"meetdesk/emulator"
	"meetdesk/meeting"
	"meetdesk/store/enginetest"
	"meetdesk/testenv"
	"meetdesk/web"
)

// auditCase is one successful request to a route, with the audit entries that it adds.
// Priya creates a new meeting for every case.
type auditCase struct {
	who     string // the UPN of the person, who signs in again for each case
	prepare func(*auditSite)
	query   string
	form    url.Values // the form to send; nil for the valid form that forAudit makes
	want    []string   // the action and the detail of each entry
	nothing string     // the reason why there are no entries; "" if there are any
}

func (c auditCase) after(prepare func(*auditSite)) auditCase { c.prepare = prepare; return c }
func (c auditCase) asking(query string) auditCase            { c.query = query; return c }
func (c auditCase) sending(form url.Values) auditCase        { c.form = form; return c }

func writes(who string, want ...string) auditCase { return auditCase{who: who, want: want} }
func writesNothing(who, because string) auditCase { return auditCase{who: who, nothing: because} }

const (
	ownMeetings = "it shows the person's own meetings"
	ownForm     = "it shows the person's own form"
)

// auditTable lists successful requests to each route, with their audit entries. {ticket} is
// replaced with the meeting's ticket.
var auditTable = map[string][]auditCase{
	"GET /healthz":                    {writesNothing(priya, "it says only that the program runs")},
	"GET /readyz":                     {writesNothing(priya, "it says only what works")},
	"GET /favicon.ico":                {writesNothing(priya, "everybody gets the same file")},
	"GET /static/{file}":              {writesNothing(priya, "everybody gets the same file")},
	"GET /auth/login":                 {writesNothing(priya, "the sign-in is recorded when the person returns from the provider")},
	"GET /auth/callback":              {writes("", "sign_in staff").after(func(s *auditSite) { s.callback(priya) })},
	"GET /auth/signed-out":            {writesNothing("", "there is no session any more")},
	"GET /auth/session":               {writesNothing(priya, "it says only whether one's own session lasts")},
	"POST /auth/logout":               {writes(priya, "sign_out"), writesNothing("", "there is no session to end")},
	"POST /preferences":               {writesNothing(priya, "it changes only how the site looks to the person")},
	"GET /{$}":                        {writesNothing(priya, ownMeetings)},
	"GET /waiting/{key}":              {writesNothing(priya, "the request whose response it shows has recorded everything")},
	"GET /meetings/new":               {writesNothing(priya, ownForm)},
	"POST /meetings/new/summary":      {writesNothing(priya, ownForm)},
	"POST /meetings/new/preset":       {writesNothing(priya, "everybody may see presets")},
	"GET /meetings/adopt":             {writesNothing(priya, ownForm)},
	"GET /meetings/{id}/edit":         {writesNothing(priya, ownForm)},
	"GET /meetings/{id}/remove":       {writesNothing(priya, ownForm)},
	"GET /admin":                      {writesNothing(alex, "counts of the whole desk")},
	"GET /admin/check":                {writesNothing(alex, "the state of the desk")},
	"POST /admin/check":               {writes(alex, "admin.check")},
	"GET /sessions":                   {writesNothing(priya, "it shows the person's own sessions")},
	"GET /admin/people":               {writes(alex, "people.read nair").asking("q=nair")},
	"GET /admin/people/{id}/records":  {writes(alex, "person.read priya@contoso.example")},
	"GET /admin/people/{id}":          {writes(alex, "person.read priya@contoso.example")},
	"GET /admin/imports":              {writes(alex, "imports.read")},
	"POST /admin/imports/{id}/pause":  {writes(alex, "import.pause 1 import.administrator").after((*auditSite).startedImport)},
	"POST /admin/imports/{id}/cancel": {writes(alex, "import.cancel 1").after((*auditSite).startedImport)},
	"GET /admin/presets":              {writesNothing(alex, "everybody may see presets")},
	"GET /admin/presets/new":          {writesNothing(alex, ownForm)},
	"GET /admin/presets/{id}":         {writesNothing(alex, "everybody may see presets")},

	"GET /imports":                  {writesNothing(priya, ownForm)},
	"GET /imports/new":              {writesNothing(priya, ownForm)},
	"GET /imports/template.xlsx":    {writesNothing(priya, "everybody gets the same file")},
	"POST /imports":                 {writesNothing(priya, "nothing is started yet").sending(url.Values{"rows": {"Ticket\nINC1"}})},
	"POST /imports/{id}/remove":     {writesNothing(priya, "nothing was started").after((*auditSite).newImport)},
	"POST /imports/{id}/pause":      {writes(priya, "import.pause 1 import.person").after((*auditSite).startedImport)},
	"POST /imports/{id}/resume":     {writes(priya, "import.resume 1").after((*auditSite).pausedImport)},
	"POST /imports/{id}/cancel":     {writes(priya, "import.cancel 1").after((*auditSite).startedImport)},
	"POST /imports/{id}/retry":      {writes(priya, "import.retry 1").after((*auditSite).startedImport)},
	"GET /imports/{id}/events":      {writesNothing(priya, "it is the person's own import").after(func(s *auditSite) { s.startedImport(); s.signIn(priya).post("/imports/1/pause", nil) })},
	"GET /imports/{id}/invitations": {writesNothing(priya, "these are the person's own meetings").after((*auditSite).startedImport)},
	"GET /imports/{id}/result.csv":  {writesNothing(priya, "it is the person's own table").after((*auditSite).startedImport)},
	"GET /imports/{id}/result.xlsx": {writesNothing(priya, "it is the person's own table").after((*auditSite).startedImport)},
	"GET /imports/{id}": {
		writesNothing(priya, ownForm).after((*auditSite).newImport),
		writes(tomas, "ticket.read {ticket}").after(func(s *auditSite) { s.newImportOf(tomas) }), // the page says that a colleague has a meeting
		writes(alex, "imports.read 1").after((*auditSite).startedImport),
	},
	"POST /imports/{id}/check": {
		writesNothing(priya, "nothing is started yet").after((*auditSite).newImport),
		writes(priya, "import.start 1 rows 1").after(func(s *auditSite) { s.newImport(); s.form.Set("act", "start") }),
	},

	"GET /auth/frontchannel-logout": {
		writes("", "sign_out provider").after(func(s *auditSite) {
			s.signIn(priya)
			s.query = urlQuery("sid", readColumn(s.t, s.site, `SELECT sid FROM sessions ORDER BY created_at DESC LIMIT 1`))
		}),
		writesNothing("", "no session has this ID").asking("sid=unknown"),
	},
	"GET /history": {
		writesNothing(priya, ownMeetings), writesNothing(priya, ownMeetings).asking("q={ticket}"),
		writes(dana, "history.read"), writes(dana, "history.read printer").asking("q=printer"),
		writes(dana, "history.read {ticket}").asking("q={ticket}"), // redirects to the meeting
		writes(dana, "history.read {ticket}").asking("q={ticket}&list=1"),
		writesNothing(dana, ownMeetings).asking("whose=mine"),
		writes(tomas, "ticket.read {ticket}").asking("q={ticket}"), // the page says that a colleague has a meeting
		writesNothing(tomas, "nothing was found").asking("q=INC0"),
	},
	"GET /history.csv":  {writes(priya, "history.export", "history.export_end"), writes(dana, "history.export {ticket}", "history.export_end {ticket}").asking("q={ticket}")},
	"GET /history.xlsx": {writes(priya, "history.export", "history.export_end")},
	"GET /t/{external_id...}": {
		writes(tomas, "ticket.read {ticket}"), writes(dana, "ticket.read {ticket}"), writesNothing(priya, ownMeetings),
	},
	"POST /people": {
		writes(priya, "directory.read dan").sending(url.Values{"q": {"dan"}}), writesNothing(priya, "it shows the people of the person's own meetings").sending(url.Values{"q": {""}}),
		writesNothing(priya, "it reads only the text that was sent").sending(url.Values{"attendees": {"dan@contoso.example"}}),
	},
	"POST /meetings": {
		writes(tomas, "directory.read dana@contoso.example", "meeting.create created", "ticket.read {ticket}"), // the page of Tomás's meeting says that Priya has one too
		writes(tomas, "ticket.read {ticket}").asking("guard"),
		writesNothing(priya, "the guard shows the person's own meeting").asking("guard"),
	},
	"POST /meetings/new/guard": {
		writes(tomas, "ticket.read {ticket}"), writesNothing(priya, ownMeetings),
		writesNothing(tomas, "nothing was found").sending(url.Values{"external_id": {"INC0"}}),
	},
	"POST /meetings/adopt": {writes(priya, "meeting.adopt").after(func(s *auditSite) {
		_, link := s.MadeElsewhere(s.SignIn(priya), "OUT-"+s.ticket, "Elsewhere")
		s.form.Set("join_url", link)
	})},
	"GET /meetings/{id}": {
		writesNothing(priya, ownMeetings), writes(dana, "meeting.read"),
		writes(tomas, "meeting.read").after(func(s *auditSite) { s.handOver(tomas) }),
	},
	"GET /meetings/{id}/invitation.ics": {writesNothing(priya, ownMeetings), writes(dana, "meeting.read invitation.ics")},
	"GET /meetings/{id}/qr.svg":         {writesNothing(priya, ownMeetings), writes(dana, "meeting.read qr.svg")},
	"POST /meetings/{id}/update":        {writes(priya, "meeting.update")},
	"POST /meetings/{id}/refresh":       {writes(priya, "meeting.refresh")},
	"POST /meetings/{id}/put-back": {writes(priya, "meeting.update").after(func(s *auditSite) {
		p := s.signIn(priya).post(s.path("/update"), s.form).want(200)
		s.form = formFields(p.doc.Find(`form[action="` + s.path("/put-back") + `"]`))
	})},
	"POST /meetings/{id}/note": {writes(priya, "meeting.note").sending(url.Values{"note_text": {"Called back"}}), writes(dana, "meeting.read", "meeting.note").sending(url.Values{"note_text": {"Called back"}})},
	"POST /meetings/{id}/sent": {writes(priya, "meeting.sent").sending(url.Values{"sent_to": {"the customer"}})},
	"POST /meetings/{id}/take-back": {writes(priya, "meeting.take_back").after(func(s *auditSite) {
		s.signIn(priya).post(s.path("/note"), url.Values{"note_text": {"Called back"}}).want(200)
		s.form.Set("note_id", readColumn(s.t, s.site, `SELECT max(id) FROM notes`))
	})},
	"GET /meetings/{id}/end-access": {writesNothing(priya, ownForm).after(func(s *auditSite) {
		s.handOver(tomas)
		s.query = "person=" + s.form.Get("person")
	})},
	"POST /meetings/{id}/end-access":  {writes(priya, "meeting.end_access tomas@contoso.example").after(func(s *auditSite) { s.handOver(tomas) })},
	"POST /meetings/{id}/give-access": {writes(priya, "meeting.give_access tomas@contoso.example").after(func(s *auditSite) { s.handOver(tomas); s.signIn(priya).post(s.path("/end-access"), s.form).want(200) })},
	"POST /meetings/{id}/hand-over":   {writes(tomas, "meeting.hand_over")},
	"POST /meetings/{id}/remove":      {writes(priya, "meeting.remove")},
	"POST /attempts/{id}/retry":       {writes(priya, "attempt.retry", "meeting.create created").after((*auditSite).failed)},
	"POST /attempts/{id}/dismiss":     {writes(priya, "attempt.dismiss").after((*auditSite).failed)},
	"GET /admin/audit": {
		writes(alex, "audit.read"), writes(alex, "audit.read meeting={ticket}").asking("meeting={ticket}"),
		writes(alex, "audit.read action=refused&person=1").asking("person=1&action=refused"),
	},
	"POST /admin/audit":      {writes(alex, "person.find priya").sending(url.Values{"who": {"priya"}}), writesNothing(alex, "the list that it redirects to is recorded").sending(url.Values{"who": {""}})},
	"GET /admin/audit.csv":   {writes(alex, "audit.export", "audit.export_end"), writes(alex, "audit.export meeting={ticket}", "audit.export_end meeting={ticket}").asking("meeting={ticket}")},
	"GET /admin/audit.jsonl": {writes(alex, "audit.export", "audit.export_end")},
	"POST /sessions/end": {writes(priya, "sign_out other session").after(func(s *auditSite) {
		s.visitor(priya)
		s.form = url.Values{"session": {readColumn(s.t, s.site, `SELECT max(id) FROM sessions`)}}
	})},
	"POST /admin/people/{id}/sign-out": {writes(alex, "person.sign_out priya@contoso.example", "sign_out administrator").after(func(s *auditSite) {
		s.visitor(priya)
		s.form = url.Values{"session": {readColumn(s.t, s.site, `SELECT max(id) FROM sessions`)}}
	})},
	"GET /admin/retention":            {writesNothing(alex, "it shows what retention has done")},
	"POST /admin/retention/purge":     {writesNothing(alex, "it counts, and asks for a confirmation").sending(url.Values{"meetings": {"12"}}), writes(alex, "retention.purge meetings_before=2001-01-01").sending(url.Values{"confirmed": {"1"}, "meetings_before": {"2001-01-01T00:00:00Z"}})},
	"POST /admin/retention/rule":      {writes(alex, "retention.rule audit=0&meetings=60").sending(url.Values{"rule_meetings": {"60"}})},
	"POST /admin/retention/person":    {writes(alex, "person.find tomas@contoso.example", "person.read tomas@contoso.example").sending(url.Values{"who": {"tomas@contoso.example"}}), writes(alex, "person.find a").sending(url.Values{"who": {"a"}})},
	"POST /admin/retention/export":    {writes(alex, "person.export priya@contoso.example", "person.export_end priya@contoso.example").sending(url.Values{"person": {"1"}})},
	"POST /admin/retention/erase":     {writes(alex, "person.erase Erased person 2").sending(url.Values{"address": {"zoe@fabrikam.example"}, "confirm": {"zoe@fabrikam.example"}})},
	"POST /admin/presets":             {writes(alex, "preset.add").sending(url.Values{"name": {"Another queue"}})},
	"POST /admin/presets/{id}":        {writes(alex, "preset.change").after(func(s *auditSite) { s.changedPreset() })},
	"POST /admin/presets/{id}/remove": {writes(alex, "preset.remove").after(func(s *auditSite) { s.changedPreset() })},
}

// auditSite holds the site, the meeting and the request for one case.
type auditSite struct {
	*site
	ids     [2]int64 // the IDs of the meeting and of the attempt that created it
	ticket  string
	query   string
	form    url.Values
	browser *browser // nil for a new browser
}

func (s *auditSite) path(act string) string { return fmt.Sprintf("/meetings/%d%s", s.ids[0], act) }

// callback turns the request into a callback from the provider.
func (s *auditSite) callback(upn string) {
	s.browser = s.site.browser()
	s.query = mustURL(s.t, s.authorize(s.browser, "/auth/login?", upn)).RawQuery
	s.browser.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
}

// handOver hands the meeting over to the person and puts the person's ID into the request's
// form.
func (s *auditSite) handOver(upn string) {
	s.signIn(upn).post(s.path("/hand-over"), url.Values{"external_id": {s.ticket}}).want(200)
	s.form.Set("person", readColumn(s.t, s.site, `SELECT id FROM users WHERE upn = '`+upn+`'`))
}

// failed adds an attempt that fails in Graph, and uses that attempt for the case's request.
func (s *auditSite) failed() {
	s.graph.FailNext(createRoute, emulator.Failure{Status: 403, Code: "Forbidden"})
	s.signIn(priya).post("/meetings", s.site.form("external_id", s.ticket+"~2", "anyway", "1")).want(200)
	m := newest(s.t, s.site, s.ticket+"~2")
	s.ids = [2]int64{m.ID, attempts(s.t, s.site, m.ID)[0].ID}
}

// changedPreset sets the request's form to one that changes preset 1.
func (s *auditSite) changedPreset() {
	s.form = url.Values{"name": {"Queue " + s.ticket}, "version": {readColumn(s.t, s.site, `SELECT version FROM presets WHERE id = 1`)}}
}

// newImportOf replaces all imports with a draft that belongs to the person, for the case's
// request. The draft's only row is for the meeting's ticket.
func (s *auditSite) newImportOf(upn string) {
	s.site.t.Helper()
	for _, table := range []string{"import_rows", "imports"} {
		execute(s.t, s.site, "DELETE FROM "+table)
	}
	enginetest.NumberFromOne(s.t, enginetest.Connect(s.t, s.site.Dir), "imports")
	s.addImport(upn, s.ticket)
	s.form = url.Values{"choice_all": {"another"}}
}

func (s *auditSite) newImport() { s.newImportOf(priya) }

// startedImport creates and starts the import for the case's request. Its rows are never
// processed.
func (s *auditSite) startedImport() {
	s.newImport()
	s.form.Set("act", "start")
	s.signIn(priya).post("/imports/1/check", s.form).want(200)
}

func (s *auditSite) pausedImport() {
	s.startedImport()
	s.signIn(priya).post("/imports/1/pause", nil).want(200)
}

// TestEveryRouteIsAudited sends every request in auditTable and checks the audit entries.
// It fails if a route is missing from the table.
func TestEveryRouteIsAudited(t *testing.T) {
	testenv.SkipUnderRace(t)
	t.Parallel()
	testenv.SkipUnlessLong(t)
	s := newSite(t, withScopes(basicScope))
	for _, who := range []string{priya, tomas, dana, alex} {
		s.signIn(who) // sets the person's role in the database
	}
	if err := s.store.AddPreset(t.Context(), 1, meeting.Preset{Name: "Queue"}); err != nil {
		t.Fatal(err)
	}
	n, rows := 0, maps.Clone(auditTable)
	for _, route := range s.server.Routes() {
		cases := auditTable[route.Pattern]
		delete(rows, route.Pattern)
		if len(cases) == 0 {
			t.Errorf("the route %q is not in auditTable: add a row that says what it writes into the audit log, or why it writes nothing", route.Pattern)
		}
		for _, c := range cases {
			n++
			t.Run(fmt.Sprintf("%s/%s/%s", route.Pattern, c.who, c.query), func(t *testing.T) {
				wantAudit(t, s.forAudit(t, fmt.Sprintf("AUD%d", n)), route.Pattern, c)
			})
		}
	}
	for pattern := range rows {
		t.Errorf("auditTable has %q, which is not a route", pattern)
	}
}

func (s *site) forAudit(t *testing.T, ticket string) *auditSite {
	t.Helper()
	s.signIn(priya).post("/meetings", s.form("external_id", ticket)).want(200)
	m := newest(t, s, ticket)
	return &auditSite{
		site: s, ids: [2]int64{m.ID, attempts(t, s, m.ID)[0].ID}, ticket: ticket,
		form: s.form("external_id", ticket, "subject", "changed", "anyway", "1"),
	}
}

func wantAudit(t *testing.T, s *auditSite, pattern string, c auditCase) {
	t.Helper()
	ticket := func(text string) string { return strings.ReplaceAll(text, "{ticket}", s.ticket) }
	if s.query = ticket(c.query); s.query == "guard" {
		s.query = ""
		s.form.Del("anyway")
	}
	if c.form != nil {
		s.form = c.form
	}
	if c.prepare != nil {
		c.prepare(s)
	}
	b := s.browser
	if b == nil {
		b = s.visitor(c.who)
	}
	before := len(s.AuditLog())
	r := s.request(t, pattern, s.ids)
	r.URL.Path = strings.ReplaceAll(r.URL.Path, "INC-access", s.ticket)
	r.URL.RawQuery = s.query
	body := s.form.Encode()
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	p := b.do(r)
	if p.status >= 400 && p.status != http.StatusConflict { // the guard page has status 409
		t.Fatalf("status %d:\n%s", p.status, p.text())
	}
	if to := p.header.Get("Location"); pattern == "POST /meetings" && to != "" {
		b.get(to).want(200)
	}
	var got, want []string
	for _, line := range s.AuditLog()[before:] {
		parts := strings.SplitN(line, " ", 4)      // the person, the action, the meeting and the detail
		detail, _, _ := strings.Cut(parts[3], "{") // omits the JSON of a preset
		got = append(got, strings.TrimSpace(parts[1]+" "+detail))
	}
	for _, entry := range c.want {
		want = append(want, ticket(entry))
	}
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("the audit log got %q, want %q%s", got, want, c.nothing)
	}
}

// TestEveryRefusalIsAudited sends requests that the routes must refuse: from people without
// the role, from other sites, with IDs that do not exist, and with IDs of other people's
// meetings and imports. The audit log must have an entry for each refusal, with the
// meeting's ID if there is one.
func TestEveryRefusalIsAudited(t *testing.T) {
	t.Parallel()
	testenv.SkipIfShort(t)
	s := newSite(t, withPeople(idleStaff, colleague, outsider))
	if m := s.forAudit(t, "AUD1"); m.ids != [2]int64{1, 1} {
		t.Fatalf("the IDs are %v", m.ids)
	}
	s.addImport(priya)
	without, staff, administrator := s.visitor(sam), s.visitor(idleStaff.UPN), s.visitor(alex)
	// Each minute, only 60 of a person's refusals get an entry of their own, so other
	// people request the import routes.
	withoutToo, staffToo := s.visitor(outsider.UPN), s.visitor(colleague.UPN)
	if log := s.AuditLog(); !slices.Contains(log, sam+" refused 0 access.no_role GET /{$}") {
		t.Errorf("the home page, to which a sign-in leads, is not in the audit log: %q", log)
	}
	const (
		absent    = 987654 // an ID that no meeting, attempt, import or preset has
		crossSite = meeting.ReasonCrossSiteRefused
	)
	for _, route := range s.server.Routes() {
		pattern, ofMeeting := route.Pattern, strings.Contains(route.Pattern, "{id}") && !isAboutOther(route.Pattern)
		ofPreset := strings.Contains(pattern, "/admin/presets/{id}") && pattern != "POST /admin/presets/{id}" // the POST route shows the form again instead of refusing the request
		// about returns the expected entry's meeting ID and the suffix of its detail.
		about := func(id int64, key meeting.Reason) (meetingID int64, suffix string) {
			switch {
			case !strings.Contains(pattern, "{id}") || key == crossSite: // a request from another site is refused before its ID is read
				return 0, ""
			case id == 1 && ofMeeting:
				return 1, ""
			}
			return 0, fmt.Sprint(" ", id)
		}
		refused := func(name string, b *browser, upn string, id int64, key meeting.Reason, change func(*http.Request)) {
			t.Helper()
			t.Run(pattern+"/"+name, func(t *testing.T) {
				before := len(s.AuditLog())
				r := s.request(t, pattern, [2]int64{id, id})
				r.URL.Path = strings.Replace(r.URL.Path, "/imports/1", fmt.Sprintf("/imports/%d", id), 1)
				r.URL.Path = strings.Replace(r.URL.Path, "/admin/presets/1", fmt.Sprintf("/admin/presets/%d", id), 1)
				if change != nil {
					change(r)
				}
				p := b.do(r)
				meetingID, suffix := about(id, key)
				want := fmt.Sprintf("%s refused %d %s %s%s", upn, meetingID, key, pattern, suffix)
				log := s.AuditLog()
				// After a minute, the desk adds entries for refusals that were repeated
				// within that minute. These entries are ignored here.
				got := slices.DeleteFunc(slices.Clone(log[before:]), func(entry string) bool { return slices.Contains(log[:before], entry) })
				if len(got) != 1 || got[0] != want {
					t.Errorf("status %d; the audit log got %q, want %q", p.status, got, want)
				}
			})
		}
		switch {
		case strings.Contains(pattern, " /imports"):
			refused("without a role", withoutToo, outsider.UPN, 1, meeting.ReasonAccessNoRole, nil)
		case (route.Access == web.ForStaff || route.Access == web.ForAdministrators) && pattern != "GET /{$}":
			refused("without a role", without, sam, 1, meeting.ReasonAccessNoRole, nil)
		}
		if strings.Contains(pattern, "/admin/imports") {
			refused("staff", staffToo, colleague.UPN, 1, meeting.ReasonAccessAdministrator, nil)
		} else if route.Access == web.ForAdministrators {
			refused("staff", staff, idleStaff.UPN, 1, meeting.ReasonAccessAdministrator, nil)
		}
		if ofMeeting {
			key := meeting.ReasonMeetingUnknown
			if strings.Contains(pattern, "/attempts/") {
				key = meeting.ReasonAttemptUnknown
			}
			refused("somebody else's", staff, idleStaff.UPN, 1, key, func(r *http.Request) { r.Body = http.NoBody })
			refused("absent", staff, idleStaff.UPN, absent, key, func(r *http.Request) { r.Body = http.NoBody })
		}
		if isAboutImport(pattern) {
			refused("somebody else's", staffToo, colleague.UPN, 1, meeting.ReasonImportUnknown, nil)
			refused("absent", staffToo, colleague.UPN, absent, meeting.ReasonImportUnknown, nil)
		}
		if ofPreset {
			refused("absent", administrator, alex, absent, meeting.ReasonPresetUnknown, func(r *http.Request) {
				body := url.Values{"name": {"Queue"}, "version": {"1"}}.Encode()
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			})
		}
		if strings.HasPrefix(pattern, "POST ") {
			refused("another site", administrator, alex, 1, crossSite, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
		}
	}
	t.Run("a sign-in that nobody began", func(t *testing.T) {
		before := len(s.AuditLog())
		s.browser().get("/auth/callback?code=x&state=y").want(401)
		if got := s.AuditLog()[before:]; len(got) != 1 || got[0] != "- refused 0 signin.state GET /auth/callback" {
			t.Errorf("the audit log got %q", got)
		}
	})
}

// Requests beyond a limit are refused, and the first refusal in a minute is written to the
// audit log immediately.
func TestLimitsAreAudited(t *testing.T) {
	testenv.SkipIfShort(t)
	t.Parallel()
	for _, tt := range []struct {
		row, path string
		form      url.Values // nil for GET
		want      string
	}{
		{"searches", "/history", nil, "limit.person GET /history"},
		{"exports", "/history.csv", nil, "limit.person GET /history.csv"},
		{"tickets", "/t/INC1", nil, "guard.limited GET /t/{external_id...}"},
		{"changes", "/meetings/1/note", url.Values{"note_text": {"Called back"}}, "limit.person POST /meetings/{id}/note"},
		{"tickets", "/meetings", url.Values{"external_id": {"INC1"}, "subject": {"Printer"}, "now": {"1"}, "time_zone": {"UTC"}}, "guard.limited POST /meetings"},
	} {
		t.Run(tt.row+tt.path, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, withLimit(tt.row, 1))
			b := s.signIn(priya)
			b.get("/t/INC1") // uses up the limit on tickets
			s.signIn(tomas).post("/meetings", s.form("external_id", "INC9")).want(200)
			for range 4 {
				if tt.form == nil {
					b.get(tt.path)
				} else {
					b.post(tt.path, tt.form)
				}
			}
			var refused []string
			for _, line := range s.AuditLog() {
				if action, ok := strings.CutPrefix(line, priya+" refused "); ok && strings.Contains(action, "limit") {
					refused = append(refused, strings.TrimLeft(action, "01 "))
				}
			}
			if !slices.Equal(refused, []string{tt.want}) {
				t.Errorf("the audit log has %q, want %q", refused, tt.want)
			}
		})
	}
}
