package tenant

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const journalFile = "journal.jsonl"

// change is one line of the journal. It is applied atomically.
type change struct {
	Meetings []Meeting      `json:"meetings,omitempty"` // new or changed meetings
	Tokens   []refreshToken `json:"tokens,omitempty"`   // new or changed refresh tokens
	Spent    []string       `json:"spent,omitempty"`    // hashes of refresh tokens that were exchanged for new ones
}

// journal appends changes to a file. It does not call Sync, so a power failure may lose
// recent changes.
type journal struct {
	file *os.File

	// err is the first write error. Later writes are refused, because the failed write
	// may have left a partial line.
	err error
}

// readJournal calls the apply callback for every change in the folder's journal, oldest
// first. It skips the last line if a crash left it incomplete.
func readJournal(folder string, apply func(change)) error {
	text, err := os.ReadFile(filepath.Join(folder, journalFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	for number := 1; ; number++ {
		line, rest, complete := bytes.Cut(text, []byte("\n"))
		if !complete {
			return nil
		}
		var c change
		if err := json.Unmarshal(line, &c); err != nil {
			return fmt.Errorf("journal line %d: %w", number, err)
		}
		apply(c)
		text = rest
	}
}

// startJournal replaces the folder's journal with a new one that contains only the
// snapshot. It returns the new journal, opened for appending.
func startJournal(folder string, snapshot change) (*journal, error) {
	line, err := json.Marshal(snapshot)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	name := filepath.Join(folder, journalFile)
	if err := replaceFile(name, append(line, '\n')); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	return &journal{file: f}, nil
}

// append writes c as one line. It does nothing if j is nil.
func (j *journal) append(c change) error {
	if j == nil {
		return nil
	}
	if j.err != nil {
		return j.err
	}
	line, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		j.err = fmt.Errorf("journal: %w", err)
	}
	return j.err
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	return j.file.Close()
}
