package web_test

import (
	"strings"
	"testing"

	"meetdesk/meeting"
)

func TestRemove(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	question := b.get(where+"/remove").want(200, "Printer on fire", "INC0012345")
	if s.graph.MeetingCount() != 1 {
		t.Fatal("the question already removed the meeting")
	}
	for _, p := range []*page{question, b.post(where+"/remove", fieldsOf(question, "/remove")).want(200, "Removed")} {
		for _, claim := range []string{"link is dead", "no longer works", "stops working", "cannot be joined", "can no longer"} {
			if strings.Contains(p.text(), claim) {
				t.Errorf("%s says %q, which is not certain", p.url, claim)
			}
		}
	}
	if m := newest(t, s, "INC0012345"); m.State != meeting.Removed || m.JoinURL == "" || s.graph.MeetingCount() != 0 {
		t.Errorf("the meeting is %s and Graph has %d, want it removed from both", m.State, s.graph.MeetingCount())
	}
	b.post(where+"/remove", nil).want(200) // removal is idempotent
	b.get(where + "/edit").want(409)
	b.post(where+"/refresh", nil).want(409)
	b.post("/meetings", s.form("subject", "Once more")).want(200, "Created", "Once more")
}

func TestOutdatedRemoval(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.signIn(priya)
	where := b.post("/meetings", s.form()).want(200).url.Path
	form := fieldsOf(b.get(where+"/remove").want(200), "/remove")
	b.change(where, "Changed in another window").want(200)
	b.post(where+"/remove", form).want(409)
	if s.graph.MeetingCount() != 1 {
		t.Error("the meeting was removed")
	}
}
