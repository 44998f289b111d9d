package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"time"

	"meetdesk/meeting"
	"meetdesk/store"
)

// The goal for the size of the database after five years with 2,000 meetings a day.
const (
	aDay        = 2000 // meetings per day
	fiveYears   = 5 * 365 * aDay
	maxGrowth   = 12_000_000_000 // maximum size in bytes
	firstCreate = 20             // the first 1/20 of the creates is compared with the last 1/20
)

// growing records meetings and later changes to them through the store. It measures how
// much the database grows and whether creates become slower.
func (b *bench) growing(ctx context.Context) (err error) {
	h := &history{population: newPopulation(), rows: b.growth, until: time.Now().UTC()}
	data := filepath.Join(cmp.Or(b.keep, b.dir), "growth")
	if err := h.register(ctx, data); err != nil {
		return err
	}
	l := &life{history: h, random: rand.New(rand.NewPCG(seed, 3))}
	l.store, err = store.Open(ctx, store.Options{Dir: data, Keys: [][]byte{make([]byte, 32)}, Now: func() time.Time { return l.now }})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.store.Close()) }()
	part := b.growth / firstCreate
	var (
		first, last time.Duration
		half        []size // the sizes of tables and indexes after half of the meetings
	)
	for i, said := 0, time.Now(); i < b.growth; i++ {
		if i > 0 && i%aDay == 0 {
			if err := l.night(ctx, data); err != nil {
				return err
			}
		}
		if i == b.growth/2 {
			if half, err = l.sizes(ctx, data); err != nil {
				return err
			}
		}
		took, err := l.live(ctx, i)
		if err != nil {
			return fmt.Errorf("meeting %d: %w", i, err)
		}
		switch {
		case i < part:
			first += took
		case i >= b.growth-part:
			last += took
		}
		if time.Since(said) > 10*time.Second {
			b.say("%d of %d meetings", i, b.growth)
			said = time.Now()
		}
	}
	if err := l.night(ctx, data); err != nil {
		return err
	}
	sizes, err := l.sizes(ctx, data)
	if err != nil {
		return err
	}
	b.reportGrowth(half, sizes, time.Duration(part)*time.Second/first, time.Duration(part)*time.Second/last)
	return nil
}

// reportGrowth reports the growth during the second half of the meetings, and estimates the
// size after five years. The first half is excluded because it includes one-time costs,
// such as the rows for people and the first pages of small tables. The parameters first and
// last are numbers of creates per second, despite their type.
func (b *bench) reportGrowth(half, sizes []size, first, last time.Duration) {
	before := make(map[string]int64)
	var total, grown int64
	for _, s := range half {
		before[s.name] = s.bytes
		grown -= s.bytes
	}
	for _, s := range sizes {
		total += s.bytes
		grown += s.bytes
	}
	more := float64(b.growth - b.growth/2)
	each := func(bytes int64) string { return fmt.Sprintf("%.0f B", float64(bytes)/more) }
	expected := float64(total) + float64(grown)/more*float64(fiveYears-b.growth)
	b.table.add(row{"growth: a meeting with all that happens to it", each(grown), fmt.Sprintf("%d meetings", b.growth), "", "", ""})
	b.table.add(row{"growth: five years at 2,000 meetings a day", fmt.Sprintf("%.1f GB", expected/1e9), "", "", "", goal("under 12 GB", expected <= maxGrowth)})
	b.table.add(row{"growth: creates in a row, the last 5%", fmt.Sprintf("%d per second", last), fmt.Sprintf("%d per second the first 5%%", first), fmt.Sprintf("%.2f times", float64(last)/float64(first)), "", ""})
	for _, s := range sizes {
		if s.bytes*200 > total {
			b.table.add(row{"growth: " + s.name, each(s.bytes - before[s.name]), "", fmt.Sprintf("%.1f %%", 100*float64(s.bytes-before[s.name])/float64(grown)), "", ""})
		}
	}
}

type size struct {
	name  string
	bytes int64
}

func sizesOf(ctx context.Context, path string) (list []size, err error) {
	db, err := openDatabase(path, "mode=ro")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, `SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s size
		if err := rows.Scan(&s.name, &s.bytes); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

func (l *life) sizes(ctx context.Context, data string) ([]size, error) {
	if err := l.store.FlushAudit(ctx); err != nil {
		return nil, err
	}
	return sizesOf(ctx, filepath.Join(data, databaseFile))
}

// night merges the full-text index, as the desk does when idle. It returns once the index
// has not changed for a second.
func (l *life) night(ctx context.Context, data string) error {
	db, err := openDatabase(filepath.Join(data, databaseFile), "mode=ro")
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, morning := context.WithCancelCause(ctx)
	defer morning(nil)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.store.KeepIndex(ctx, time.Millisecond, func(err error) { morning(err) })
	}()
	var before, now []byte // the index's list of segments
	for since := time.Now(); time.Since(since) < time.Second && ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
		if err := db.QueryRowContext(ctx, `SELECT block FROM meetings_fts_data WHERE id = 10`).Scan(&now); err != nil {
			return err
		}
		if !bytes.Equal(before, now) {
			before, since = now, time.Now()
		}
	}
	err = context.Cause(ctx)
	morning(nil)
	<-ended
	return err
}

// life records the meetings of a history, and later changes to them, in a store.
type life struct {
	*history
	store  *store.Store
	random *rand.Rand
	now    time.Time
}

// live creates meeting i, makes later changes to it, and returns how long the create took.
// The probabilities of the changes are estimates.
func (l *life) live(ctx context.Context, i int) (took time.Duration, err error) {
	one := l.made(i)
	l.now = one.BegunAt
	ctx = store.WithAddress(ctx, addressOf(one.Actor))
	if i%10 == 0 {
		if err := l.signIn(ctx, one.Actor, i); err != nil {
			return 0, err
		}
	}
	if one.Reply != nil {
		one.Reply.OrganizerID = one.Organizer.ObjectID
		one.Reply.Raw = fullDocument(one.Reply.Details)
	}
	begun := time.Now()
	id, err := l.attempt(ctx, one.Intention, one.Result)
	if took = time.Since(begun); err != nil || one.Reply == nil {
		return took, err
	}
	in := one.Intention
	in.MeetingID, in.Kind, in.FormKey = id, meeting.KindUpdate, ""
	result := store.Result{State: meeting.AttemptDone, Outcome: meeting.OutcomeUpdated, Reply: one.Reply, Calls: append(one.Calls, one.Calls...)}
	happens := func(oneIn int) bool { return l.random.IntN(oneIn) == 0 }
	if happens(4) {
		result.Reply.Subject += " (2)"
		result.Reply.Raw = fullDocument(result.Reply.Details)
		if _, err = l.attempt(ctx, in, result); err != nil {
			return took, err
		}
	}
	if happens(7) {
		in.Asked = meeting.Asked{Options: meeting.Options{Lobby: "everyone"}}
		if _, err = l.attempt(ctx, in, result); err != nil {
			return took, err
		}
	}
	if happens(50) {
		in.Kind, in.Asked = meeting.KindRemove, meeting.Asked{}
		result.Outcome, result.Reply = meeting.OutcomeRemoved, nil
		if _, err = l.attempt(ctx, in, result); err != nil {
			return took, err
		}
	}
	return took, l.remarks(ctx, one, id)
}

// addressOf returns a fictitious address for the person's browser. It is an IPv6 address,
// because the audit log needs 22 bytes for one, and six for an IPv4 address.
func addressOf(u meeting.User) netip.Addr {
	address := [16]byte{0x20, 1, 0xd, 0xb8}
	random := rand.NewPCG(seed, uint64(u.ID))
	binary.BigEndian.PutUint64(address[8:], random.Uint64())
	return netip.AddrFrom16(address)
}

// attempt writes the beginning and the end of an attempt to the store. It returns the ID of
// the meeting.
func (l *life) attempt(ctx context.Context, in store.Intention, r store.Result) (id int64, err error) {
	begun, err := l.store.Begin(ctx, in)
	if err != nil {
		return 0, err
	}
	r.AttemptID, r.Version = begun[0].ID, begun[0].Version
	return l.store.Finish(ctx, r)
}

// remarks adds notes, marks, hand-overs and audit entries to a meeting. On average, it
// adds four to five such records.
func (l *life) remarks(ctx context.Context, one recorded, id int64) error {
	if l.random.IntN(3) == 0 {
		if err := l.store.AddNote(ctx, id, one.Actor.ID, meeting.Note{Kind: meeting.Sent, Text: "to the caller"}); err != nil {
			return err
		}
	}
	if l.random.IntN(6) == 0 {
		if err := l.store.AddNote(ctx, id, one.Actor.ID, meeting.Note{Kind: meeting.Remark, Text: "Called back and agreed on another day; the caller has no camera."}); err != nil {
			return err
		}
	}
	for _, u := range one.HandedOver {
		if err := l.store.HandOver(ctx, id, u.ID, meeting.TicketKey(one.Asked.ExternalID)); err != nil && meeting.CodeOf(err) != meeting.NotFound {
			return err
		}
	}
	for range l.random.IntN(9) {
		if err := l.store.AuditSoon(ctx, one.Actor.ID, store.AuditHistoryRead, 0, "q="+one.Asked.ExternalID); err != nil {
			return err
		}
	}
	return nil
}

func (l *life) signIn(ctx context.Context, u meeting.User, i int) error {
	u.Role = meeting.Staff
	tokens := store.Tokens{AccessToken: string(make([]byte, 2000)), RefreshToken: string(make([]byte, 1200)), Expiry: l.now.Add(time.Hour)}
	_, err := l.store.SignIn(ctx, u, tokens, fmt.Append(nil, "session ", i), "sid", 12*time.Hour)
	return err
}
