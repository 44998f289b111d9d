package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"meetdesk/meeting"
	"meetdesk/store"
)

// history generates the meetings of an organization. The result depends only on the fields.
type history struct {
	*population
	rows  int       // number of meetings; the last one is created shortly before the end
	until time.Time // the end of the history
}

const years = 3 * 365 * 24 * time.Hour

// One in secondEvery meetings is its organizer's second meeting for a ticket. One in
// colleagueEvery shares its ticket with a colleague's meeting. One in replacedEvery
// replaces a meeting that no longer exists at Microsoft.
const (
	secondEvery    = 25
	colleagueEvery = 50
	replacedEvery  = 1000
)

// key returns the organizer and the external ID of meeting i. The ID is "" if the meeting
// was adopted. Apart from adopted meetings, only a meeting and its replacement have the
// same organizer and ID.
func (h *history) key(i int) (meeting.User, string) {
	r := rand.New(rand.NewPCG(seed, uint64(2*i)))
	organizer, external := h.organizer(r, i), newTicket(r, i)
	switch {
	case i%replacedEvery == replacedEvery/2+1:
		return h.key(i - 1)
	case i%secondEvery == secondEvery-1:
		if first, ticket := h.key(i - 1 - r.IntN(secondEvery-1)); ticket != "" {
			return first, ticket + "~2"
		}
	case i%colleagueEvery == colleagueEvery/4:
		if colleague, ticket := h.key(i - 1); ticket != "" && colleague.ObjectID != organizer.ObjectID {
			return organizer, ticket
		}
	}
	return organizer, external
}

// newTicket returns a ticket number in the style of one of several ticket systems. For a
// few meetings it returns "", which marks them as adopted.
func newTicket(r *rand.Rand, i int) string {
	switch x := r.IntN(200); {
	case x < 156:
		return fmt.Sprintf("INC%07d", i+1)
	case x < 170:
		return fmt.Sprintf("CHG-%d", 30_000+i)
	case x < 184:
		return fmt.Sprintf("REQ %06d", i+1)
	case x < 197:
		return fmt.Sprint(100_000 + i)
	default:
		return ""
	}
}

func (h *history) made(i int) recorded {
	r := rand.New(rand.NewPCG(seed, uint64(2*i+1)))
	organizer, external := h.key(i)
	begun := h.until.Add(-years / time.Duration(h.rows) * time.Duration(h.rows-i)).Truncate(time.Millisecond)
	asked := h.asked(r, i, external, begun)
	took := time.Duration(200+r.IntN(900)) * time.Millisecond
	one := recorded{
		Intention: store.Intention{
			Organizer: organizer, Actor: organizer, Mode: meeting.Delegated, Kind: meeting.KindCreate, Asked: asked,
			Minutes: int(asked.End.Sub(asked.Start).Minutes()), FormKey: h.formKey(r, i),
		},
		BegunAt: begun, EndedAt: begun.Add(took),
	}
	h.others(r, &one)
	one.Result = result(r, i, one, took)
	one.Later = gone(r, i, one)
	if one.Origin == meeting.Adopted {
		one.Kind, one.Asked, one.Actor, one.Minutes, one.FormKey = meeting.KindRefresh, meeting.Asked{}, organizer, 0, ""
		one.Mode = meeting.Delegated
	}
	if one.Reply == nil {
		one.HandedOver = nil
	}
	return one
}

// formKey returns a form key of realistic length. The keys are in ascending order,
// because random keys would make every batch rewrite the whole index.
func (h *history) formKey(r *rand.Rand, i int) string {
	return fmt.Sprintf("%012x%04x", math.MaxUint64/uint64(h.rows)*uint64(i)>>16, r.Uint32()&0xffff)
}

func (h *history) asked(r *rand.Rand, i int, external string, begun time.Time) meeting.Asked {
	words := subjectOf(r, i)
	start := begun.Add(time.Duration(r.ExpFloat64()*float64(48*time.Hour)) - time.Hour).Truncate(15 * time.Minute)
	return meeting.Asked{
		ExternalID: external, Subject: sentence(words), Start: start, End: start.Add(time.Duration(1+r.IntN(4)) * 15 * time.Minute),
		TimeZone: []string{"Europe/Lisbon", "Europe/Warsaw", "Europe/London"}[r.IntN(3)], Attendees: h.attendees(r),
	}
}

// others adds another person to a few of the meetings: the help desk as the maker, or a
// colleague to whom the meeting is handed over.
func (h *history) others(r *rand.Rand, one *recorded) {
	switch r.IntN(100) {
	case 0:
		one.Actor, one.Mode = h.people[helpDeskAt], meeting.Application
	case 1:
		if colleague := h.people[h.ranks.pick(r)]; colleague.ID != one.Organizer.ID {
			one.HandedOver = append(one.HandedOver, colleague)
		}
	}
}

func sentence(words []string) string {
	text := strings.Join(words, " ")
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
