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

// Replies consist mostly of a tenant's own text, such as the invitation with its links
// and legal notes. The text that two replies about different meetings share becomes a
// dictionary, if that saves much space. Dictionaries never change, because a stored reply
// can be read only with the dictionary that compressed it.
const (
	smallReply      = 220 // bytes; a dictionary would save little in a packed reply of this size
	maxDictionaries = 40
	maxPause        = 1000     // the maximum number of replies that are packed between two comparisons
	commonLength    = 12       // bytes; two replies may share shorter strings by chance
	maxDictionary   = 30 << 10 // DEFLATE looks back 32 KiB
)

// lesson is a reply, with its identifiers taken out, that the dictionaries could not
// compress well. Later replies that do not compress well either are compared with it.
type lesson struct {
	text    []byte
	graphID string
	pause   int // the number of replies between two comparisons; roughly doubles after each comparison that yields no dictionary
	left    int // the number of replies left until the next comparison
}

// packReply packs the result's reply, if any, and stores a new dictionary if that saves
// much space. It runs before the transaction that records the result, so that nobody
// waits for the compression.
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

// askedOf returns the JSON of what the attempt asked for.
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

// packAgain packs the reply in full if an erasure has changed what the attempt asked for.
// text and packed are the current values of the columns asked and asked_packed.
func (s *Store) packAgain(r *Result, text string, packed []byte) error {
	asked, err := askedText(text, packed)
	if err != nil || bytes.Equal(asked, r.asked) {
		return err
	}
	r.packed, err = s.packer.Pack(r.Reply.Raw, nil)
	return err
}

// fetchLimit is how long reading a reply may wait for a dictionary that another desk has
// added.
const fetchLimit = 5 * time.Second

// loadDictionaries reads the dictionaries from the database. It also enables the packer to
// fetch a dictionary that another desk adds later.
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

// learn returns the text of a new dictionary if it would save much space, and nil
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

// commonText returns the parts of a marked reply that also occur in another one, at most
// maxDictionary bytes. It omits the values that personal matches.
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

// add adds the dictionary that has the given ID in the database, unless it has already
// been added.
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

// withFirst adds dictionary 0 if it is missing. The caller must hold p.mu.
func (p *ReplyPacker) withFirst() {
	if p.dictionaries == nil {
		_, marked, _ := compact.TakeIDs(replyDictionary)
		p.dictionaries, p.used = map[int64]*dictionary{0: newDictionary(marked)}, []int64{0}
	}
}

// known returns the IDs of the dictionaries, the most promising first.
func (p *ReplyPacker) known() []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.withFirst()
	return slices.Clone(p.used)
}

// prefer makes the dictionary the first one to try.
func (p *ReplyPacker) prefer(id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.Index(p.used, id)
	p.used = slices.Insert(slices.Delete(p.used, i, i+1), 0, id)
}

// dictionary returns the dictionary with the given ID, or nil.
func (p *ReplyPacker) dictionary(id int64) *dictionary {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.withFirst()
	return p.dictionaries[id]
}

// askedDictionary returns the dictionary for the text in attempts.asked.
func (p *ReplyPacker) askedDictionary() *dictionary {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked == nil {
		p.asked = newDictionary([]byte(askedDictionary))
	}
	return p.asked
}
