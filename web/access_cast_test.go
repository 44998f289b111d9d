package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

// The tests add these people to the demo's. With idleStaff, idleHelpDesk and busyAdmin, each
// role has a person who organizes a meeting and one who is not involved in any meeting.
var (
	idleStaff    = emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e91", UPN: "rui@contoso.example", Name: "Rui Costa", Roles: []string{"Meetdesk.Staff"}}
	idleHelpDesk = emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e92", UPN: "lee@contoso.example", Name: "Lee Long", Roles: []string{"Meetdesk.HelpDesk"}}
	busyAdmin    = emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e93", UPN: "kim@contoso.example", Name: "Kim Souza", Roles: []string{"Meetdesk.Admin"}}
	colleague    = emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e94", UPN: "ana@contoso.example", Name: "Ana Silva", Roles: []string{"Meetdesk.Staff"}}
	former       = emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e95", UPN: "ben@contoso.example", Name: "Ben Braun", Roles: []string{"Meetdesk.Staff"}}   // had access to a meeting until it was revoked
	outsider     = emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e97", UPN: "noa@contoso.example", Name: "Noa Lima"}                                       // has no role
	disabled     = emulator.Person{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e96", UPN: "eva@contoso.example", Name: "Eva Lindner", Roles: []string{"Meetdesk.Staff"}} // signs in before the account is disabled
)

// signedOut is used in place of a UPN. It stands for a browser that still sends Priya's
// session cookie after the session has ended.
const signedOut = "signed out"

// roles maps each person to their relation to meetings in which they are not involved.
var roles = map[string]relation{
	"": nobody, sam: withoutRole, priya: staff, tomas: staff, dana: helpDesk, alex: administrator,
	idleStaff.UPN: staff, idleHelpDesk.UPN: helpDesk, busyAdmin.UPN: administrator, colleague.UPN: staff,
	former.UPN: staff, disabled.UPN: nobody, signedOut: nobody,
}

// accessMeeting is a meeting that TestWhoMayDoWhat uses in request URLs.
type accessMeeting struct {
	name      string
	ids       [2]int64            // the IDs of the meeting and of the attempt that created it
	relations map[string]relation // the relation of each person who is involved in the meeting, by UPN
	secrets   []string            // strings that are visible only to people who may read the meeting
	notLive   bool                // removed or failed, so it cannot be handed over
	missing   bool                // no meeting has these IDs
}

func (m *accessMeeting) relationOf(person string, role relation) relation {
	if is, ok := m.relations[person]; ok {
		return is
	}
	return role
}

// allows reports whether the person may use the route for this meeting. allowed lists the
// relations that permit it.
func (m *accessMeeting) allows(pattern string, allowed []relation, person string, role relation) bool {
	if m.missing || m.notLive && pattern == "POST /meetings/{id}/hand-over" {
		return false
	}
	return slices.Contains(allowed, m.relationOf(person, role))
}

// handOverTo records that the meeting was handed over to the person, unless they already
// had access to it.
func (m *accessMeeting) handOverTo(person string) {
	if _, involved := m.relations[person]; !involved && m.relations != nil {
		m.relations[person] = handedOver
	}
}

// wantNothingForeign fails the test if the response contains a secret of a meeting that the
// person may not see.
func wantNothingForeign(t *testing.T, p *page, meetings []*accessMeeting, person string, role relation) {
	t.Helper()
	body := p.body
	if strings.HasSuffix(p.url.Path, ".xlsx") && p.status == http.StatusOK {
		body = fmt.Sprint(p.workbook())
	}
	for _, m := range meetings {
		if slices.Contains(readers, m.relationOf(person, role)) {
			continue
		}
		for _, secret := range m.secrets {
			if strings.Contains(body, secret) {
				t.Errorf("the response has %q of the meeting %s", secret, m.name)
			}
		}
	}
}

// sentFor returns the number of write requests to Graph so far if the person's account is
// disabled. Otherwise, it returns 0.
func (s *site) sentFor(person string) (sent int) {
	for _, r := range s.graph.Requests() {
		if person == disabled.UPN && r.Method != http.MethodGet {
			sent++
		}
	}
	return sent
}

// visitorFor returns the browser of one of the people in the roles map. The browser does
// not follow redirects.
func (s *site) visitorFor(person string) *browser {
	s.t.Helper()
	if person != signedOut {
		return s.visitor(person)
	}
	b, copied := s.visitor(priya), s.visitor("")
	home := mustURL(s.t, s.url)
	copied.client.Jar.SetCookies(home, b.client.Jar.Cookies(home))
	b.post("/auth/logout", nil).want(200)
	return copied
}

func (s *site) newAccessMeeting(m meeting.Meeting, name string, relations map[string]relation) *accessMeeting {
	s.t.Helper()
	link, _, _ := strings.Cut(m.JoinURL, "?")
	secrets := []string{m.Subject, link, m.Passcode, m.JoinMeetingID, m.GraphID}
	return &accessMeeting{
		name: name, ids: [2]int64{m.ID, attempts(s.t, s, m.ID)[0].ID}, relations: relations,
		secrets: slices.DeleteFunc(secrets, func(text string) bool { return text == "" }),
		notLive: m.State != meeting.Live,
	}
}

// meetingsForAccess creates enough meetings to cover every relation.
func meetingsForAccess(t *testing.T, s *site) (meetings []*accessMeeting) {
	t.Helper()
	create := func(upn, ticket, name string, changes ...string) *accessMeeting {
		t.Helper()
		form := s.form(append([]string{"external_id", ticket, "subject", "About " + ticket, "anyway", "1"}, changes...)...)
		s.signIn(upn).post("/meetings", form).want(200)
		m := s.newAccessMeeting(newest(t, s, ticket), name, map[string]relation{upn: organizer})
		meetings = append(meetings, m)
		return m
	}
	shared := create(priya, "INC-shared", "organized by staff, handed over")
	take := url.Values{"external_id": {"INC-shared"}}
	for _, person := range []string{colleague.UPN, former.UPN} {
		s.signIn(person).post(fmt.Sprintf("/meetings/%d/hand-over", shared.ids[0]), take).want(200)
	}
	people, err := s.store.People(t.Context(), shared.ids[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range people.Now {
		if h.Person.UPN == former.UPN {
			s.signIn(priya).post(fmt.Sprintf("/meetings/%d/end-access", shared.ids[0]), url.Values{"person": {fmt.Sprint(h.Person.ID)}}).want(200)
		}
	}
	shared.relations[colleague.UPN], shared.relations[former.UPN] = handedOver, revoked
	create(tomas, "INC-staff", "organized by staff")
	create(busyAdmin.UPN, "INC-admin", "organized by an administrator")
	create(dana, "INC-made", "made for staff", "organizer", tomasID).relations = map[string]relation{dana: maker, tomas: madeFor}
	create(dana, "INC-own", "organized by the help desk")
	removed := create(priya, "INC-removed", "removed")
	s.signIn(priya).post(fmt.Sprintf("/meetings/%d/remove", removed.ids[0]), nil).want(200)
	removed.notLive = true
	s.graph.FailNext(createRoute, emulator.Failure{Status: http.StatusForbidden})
	create(priya, "INC-failed", "failed")
	create(disabled.UPN, "INC-disabled", "organized by somebody whose account was disabled").relations = map[string]relation{}
	return append(meetings, &accessMeeting{name: "not existing", ids: [2]int64{4711, 4711}, missing: true})
}

// disable signs the person in and returns their browser. It then revokes their refresh
// tokens, as if their account had been disabled, and advances the clock, so that the desk
// checks the sign-in and ends the session.
func (s *site) disable(person emulator.Person) *browser {
	s.t.Helper()
	b := s.visitor(person.UPN)
	if err := s.graph.RevokeRefreshTokens(person.ObjectID); err != nil {
		s.t.Fatal(err)
	}
	s.SetAhead(s.Ahead() + 80*time.Minute)
	return b
}
