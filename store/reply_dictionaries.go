package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"time"

	"meetdesk/store/compact"
)

// Replies consist mostly of text that is the same for all meetings of a tenant, such as the
// invitation. The store compares replies about different meetings and makes their common
// text a dictionary if that saves a lot of space. Dictionaries never change, because a
// stored reply can be read only with the dictionary that compressed it.
const (
	smallReply      = 220 // bytes; smaller packed replies do not need a new dictionary
	maxDictionaries = 40
	maxPause        = 1000     // the maximum number of replies between two comparisons
	commonLength    = 12       // the minimum length of common text in bytes
	maxDictionary   = 30 << 10 // the window of DEFLATE is 32 KiB
)

// lesson is a reply that the dictionaries did not compress well. Its identifiers have been
// removed. Later replies that do not compress well are compared with it to find common
// text.
type lesson struct {
	text    []byte
	graphID string
	pause   int // replies between two comparisons; roughly doubles after each comparison that does not lead to a dictionary
	left    int // replies until the next comparison
}

// packReply packs the result's reply, if any, and stores a new dictionary if that saves a
// lot of space. It runs before the transaction that records the result, so that the
// compression does not block other writers.
func (s *Store) packReply(ctx context.Context, r *Result) (err error) {
	if r.Reply == nil {
		return nil
	}
	if r.AttemptID != 0 {
		if r.asked, err = s.askedOf(ctx, r.AttemptID); err != nil {
			return err
		}
	}
	if r.packed, err = s.packer.Pack(r.Reply.Raw, r.asked); err != nil {
		return err
	}
	learned := s.packer.learn(r.Reply.Raw, r.asked, r.Reply.GraphID, len(r.packed))
	if learned == nil {
		return nil
	}
	var id int64
	err = s.transactUnlisted(ctx, func(tx *sql.Tx) error {
		const q = `INSERT INTO reply_dictionaries (body, created_at) VALUES ($1, $2) RETURNING id`
		return tx.QueryRowContext(ctx, q, learned, s.now().UnixMilli()).Scan(&id)
	})
	if err != nil {
		return fmt.Errorf("dictionary of replies: %w", err)
	}
	s.packer.add(id, learned)
	r.packed, err = s.packer.Pack(r.Reply.Raw, r.asked)
	return err
}

func (s *Store) askedOf(ctx context.Context, attemptID int64) ([]byte, error) {
	var (
		text   string
		packed []byte
	)
	const q = `SELECT asked, asked_packed FROM attempts WHERE id = $1`
	if err := s.read.QueryRowContext(ctx, q, attemptID).Scan(&text, &packed); err != nil {
		return nil, err
	}
	return askedText(text, packed)
}

// packAgain packs the reply again, this time in full, if an erasure has changed the
// attempt's request. The text and packed arguments are the current values of the asked and
// asked_packed columns.
func (s *Store) packAgain(r *Result, text string, packed []byte) error {
	asked, err := askedText(text, packed)
	if err != nil || bytes.Equal(asked, r.asked) {
		return err
	}
	r.packed, err = s.packer.Pack(r.Reply.Raw, nil)
	return err
}

// fetchLimit is the time limit for reading a dictionary that another desk has added.
const fetchLimit = 5 * time.Second

// loadDictionaries reads all dictionaries. It also lets the packer read a dictionary that
// another desk adds later.
func (s *Store) loadDictionaries(ctx context.Context) error {
	s.packer.fetch = func(id int64) error {
		ctx, cancel := context.WithTimeout(context.Background(), fetchLimit)
		defer cancel()
		return s.readDictionaries(ctx, `SELECT id, body FROM reply_dictionaries WHERE id = $1`, id)
	}
	return s.readDictionaries(ctx, `SELECT id, body FROM reply_dictionaries ORDER BY id`)
}

func (s *Store) readDictionaries(ctx context.Context, q string, args ...any) error {
	rows, err := s.read.QueryContext(ctx, q, args...)
	if err != nil {
		return fmt.Errorf("dictionaries of replies: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			id   int64
			text []byte
		)
		if err := rows.Scan(&id, &text); err != nil {
			return fmt.Errorf("dictionaries of replies: %w", err)
		}
		s.packer.add(id, text)
	}
	return rows.Err()
}

// learn returns the text of a new dictionary if it would save a lot of space, and nil
// otherwise. size is the length of the packed reply.
func (p *ReplyPacker) learn(raw, asked []byte, graphID string, size int) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := &p.lesson
	switch {
	case size <= smallReply || len(p.dictionaries) > maxDictionaries || l.graphID == graphID:
		return nil
	case l.left > 0:
		l.left--
		return nil
	}
	start, m, ok := markReply(raw, asked)
	if !ok {
		return nil
	}
	other := l.text
	l.text, l.graphID = m.text, graphID
	if other == nil {
		return nil
	}
	text := commonText(other, m.text)
	packed, err := m.pack(start, newDictionary(text))
	if err == nil && len(packed) < size*2/3 {
		*l = lesson{}
		return text
	}
	l.pause = min(2*l.pause+1, maxPause)
	l.left = l.pause
	return nil
}

// personal matches values in a reply that a dictionary must not contain, such as names and
// passcodes.
var personal = regexp.MustCompile(`("(?:subject|displayName|upn|externalId|passcode)":)"(?:[^"\\]|\\.)*"`)

// commonText returns the parts of one reply that also occur in the other, up to
// maxDictionary bytes. It omits values that the personal regular expression matches.
func commonText(one, other []byte) []byte {
	one, other = personal.ReplaceAll(one, []byte(`$1""`)), personal.ReplaceAll(other, []byte(`$1""`))
	known := make(map[[commonLength]byte]bool, len(one))
	for i := 0; i+commonLength <= len(one); i++ {
		known[[commonLength]byte(one[i:])] = true
	}
	var common []byte
	for i, covered := 0, 0; i+commonLength <= len(other); i++ {
		if known[[commonLength]byte(other[i:])] {
			common = append(common, other[max(i, covered):i+commonLength]...)
			covered = i + commonLength
		}
	}
	return bytes.Clone(common[max(0, len(common)-maxDictionary):])
}

func (p *ReplyPacker) add(id int64, text []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.withFirst()
	if p.dictionaries[id] != nil {
		return
	}
	p.dictionaries[id] = newDictionary(text)
	p.used = append([]int64{id}, p.used...)
}

// withFirst adds the built-in dictionary, whose ID is 0, if it is missing. The caller must
// hold p.mu.
func (p *ReplyPacker) withFirst() {
	if p.dictionaries == nil {
		_, marked, _ := compact.TakeIDs(replyDictionary)
		p.dictionaries, p.used = map[int64]*dictionary{0: newDictionary(marked)}, []int64{0}
	}
}

func (p *ReplyPacker) known() []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.withFirst()
	return slices.Clone(p.used)
}

func (p *ReplyPacker) prefer(id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.Index(p.used, id)
	p.used = slices.Insert(slices.Delete(p.used, i, i+1), 0, id)
}

func (p *ReplyPacker) dictionary(id int64) *dictionary {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.withFirst()
	return p.dictionaries[id]
}

func (p *ReplyPacker) askedDictionary() *dictionary {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked == nil {
		p.asked = newDictionary([]byte(askedDictionary))
	}
	return p.asked
}
