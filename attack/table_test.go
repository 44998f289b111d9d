// Package attack_test attacks a complete desk that uses an emulator instead of Microsoft.
// Each row of the table is one attack. docs/security.md cites the rows by name. To run some
// of the attacks:
//
//	LONG=1 go test -v -run 'TestAttacks/id-token/alg' ./attack
package attack_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"meetdesk/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

type attack struct {
	// The name has the form area/attack. It must never change, because docs/security.md
	// cites it.
	name     string
	attacker string
	does     string
	run      func(s *site) *page // carries out the attack and returns the page that shows the outcome
	want     outcome
}

const (
	stranger  = "somebody without an account"
	otherSite = "a page on another site"
	sibling   = "a page on a host of the same domain"
	network   = "somebody who can change the responses of the provider"
	provider  = "a provider that is broken or was taken over"
	account   = "the owner of an account at the provider"
	clerk     = "a member of staff"
	helpDesk  = "a member of the help desk"
	graph     = "a Graph, or something in its place, that sends hostile responses"
	directory = "a directory that sends hostile responses, or somebody who can change their own entry"
)

type outcome struct {
	status   int    // status of the page; 0 accepts any status below 500
	page     string // text that the page must contain
	absent   string // text that the page must not contain
	log      string // text that the log must contain
	audit    string // text that a line of the audit log must contain
	sessions int    // number of sessions after the attack
	meetings int    // number of meetings in the history after the attack
	sent     int    // number of requests to Graph that create or change something
}

func table() []attack {
	return slices.Concat(idTokenAttacks(), tokenAttacks(), discoveryAttacks(), callbackAttacks(), redirectAttacks(), sessionAttacks(),
		formAttacks(), headerAttacks(), searchAttacks(), exportAttacks(), graphAttacks(), joinLinkAttacks(), directoryAttacks())
}

func TestAttacks(t *testing.T) {
	testenv.SkipUnderRace(t)
	testenv.SkipUnlessLong(t)
	for _, a := range table() {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			p := a.run(s)
			s.check(p, a.want)
		})
	}
}

func TestEveryAttackIsDescribed(t *testing.T) {
	const least = 100
	all := table()
	if len(all) < least {
		t.Errorf("the table has %d attacks, want at least %d", len(all), least)
	}
	seen, form := make(map[string]bool), regexp.MustCompile(`^[a-z-]+/[a-z0-9-]+$`)
	for _, a := range all {
		if seen[a.name] || !form.MatchString(a.name) {
			t.Errorf("the name %q is taken or not of the form area/attack", a.name)
		}
		if seen[a.name] = true; a.attacker == "" || len(strings.Fields(a.does)) < 4 {
			t.Errorf("%s: the attacker or the description is missing", a.name)
		}
	}
}
