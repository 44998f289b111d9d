package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"meetdesk/emulator"
	"meetdesk/meeting"
)

const (
	organizers  = 2000 // including the quiet organizer
	busiest     = 0    // index in people; this person organizes about 5% of all meetings
	helpDeskAt  = 200
	adminAt     = 300
	quietEvery  = 166 // of the first quietWithin meetings, one in quietEvery is the quiet organizer's
	quietWithin = 10_000
	seed        = 20_260_301
)

type population struct {
	people []meeting.User // organizers, the most active first
	quiet  meeting.User   // organizes about 60 meetings, regardless of the total
	ranks  ranks
}

// newPopulation generates the people. They include the emulator's users that the benchmark
// signs in.
func newPopulation() *population {
	p := &population{ranks: newRanks(organizers-1, 3)}
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range organizers - 1 {
		first, last := name(r)
		p.people = append(p.people, meeting.User{
			TenantID: emulator.DefaultTenant, ObjectID: guid(r), UPN: address(first, last, i, "contoso.example"), Name: first + " " + last,
		})
	}
	for _, known := range emulator.Cast() {
		u := meeting.User{TenantID: emulator.DefaultTenant, ObjectID: known.ObjectID, UPN: known.UPN, Name: known.Name}
		switch u.UPN {
		case staffMember:
			p.quiet = u
		case busyMember:
			p.people[busiest] = u
		case helpDesk:
			p.people[helpDeskAt] = u
		case administrator:
			p.people[adminAt] = u
		}
	}
	return p
}

func (p *population) organizer(r *rand.Rand, i int) meeting.User {
	if i < quietWithin && i%quietEvery == quietEvery/2 {
		return p.quiet
	}
	return p.people[p.ranks.pick(r)]
}

// attendees returns up to twelve attendees, about three on average.
func (p *population) attendees(r *rand.Rand) (list []meeting.Attendee) {
	for len(list) < 12 && r.IntN(4) > 0 {
		a := meeting.Attendee{}
		if r.IntN(5) < 3 {
			u := p.people[r.IntN(len(p.people))]
			a = meeting.Attendee{UPN: u.UPN, ObjectID: u.ObjectID, Name: u.Name}
		} else {
			first, last := name(r)
			a = meeting.Attendee{UPN: address(first, last, r.IntN(50), domains[r.IntN(len(domains))]), Name: first + " " + last}
		}
		if r.IntN(10) == 0 {
			a.Role = meeting.RolePresenter
		}
		list = append(list, a)
	}
	return list
}

var (
	firstNames = strings.Fields(`Ana Łukasz João Małgorzata Zoë André Agnieszka Inês Paweł Siân Sérgio Wojciech Conceição Grażyna Peter Mary Luís
		Józef Beatriz Stanisław Olivia Tiago Ewa Grace Rui Zbigniew Helena Marek Catarina Jack Żaneta Nuno Amélia Błażej Emma Gonçalo Róża Harry Leonor Piotr`)
	lastNames = strings.Fields(`Silva Kowalski Gonçalves Wiśniewska Smith Araújo Wójcik Jones Simões Kamińska Brown Magalhães Zieliński Taylor Falcão
		Szymańska Evans Conceição Dąbrowski Walker Brandão Kozłowska Wright Galvão Jankowski Hughes Mourão Mazur Green Guimarães Krawczyk Hall Lourenço
		Piotrowska Wood Assunção Grabowski Clarke Leitão Pawłowska Brontë Antão Michałek Łuczak Sá Żurek Núñez`)
	domains = strings.Fields(`fabrikam.example northwind.example adatum.example wingtip.example litware.example proseware.example tailspin.example
		lucerne.example woodgrove.example margie.example trey.example treyresearch.example graphic.example alpine.example cohovineyard.example`)
)

func name(r *rand.Rand) (first, last string) {
	return firstNames[r.IntN(len(firstNames))], lastNames[r.IntN(len(lastNames))]
}

// address returns an email address such as lukasz.zak7@contoso.example.
func address(first, last string, n int, domain string) string {
	return fmt.Sprintf("%s.%s%d@%s", plain(first), plain(last), n, domain)
}

func plain(name string) string { return accents.Replace(strings.ToLower(name)) }

var accents = strings.NewReplacer("á", "a", "ã", "a", "ą", "a", "ç", "c", "é", "e", "ê", "e", "ë", "e", "í", "i", "î", "i", "â", "a", "ł", "l",
	"ń", "n", "ñ", "n", "ó", "o", "õ", "o", "ś", "s", "ú", "u", "ü", "u", "ż", "z", "ź", "z")

// guid returns a random UUID (version 4).
func guid(r *rand.Rand) string {
	a, b := r.Uint64(), r.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, 0x8000|b>>48&0x3fff, b&0xffffffffffff)
}
