package emulator

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

// change is one line of the journal: what came to be, whole, in one step.
type change struct {
	Meetings []meeting      `json:"meetings,omitempty"` // new, or as they are from now on
	Tokens   []refreshToken `json:"tokens,omitempty"`   // new, or as they are from now on
	Spent    []string       `json:"spent,omitempty"`    // hashes of refresh tokens that were exchanged
}

// journal appends changes to a file. It does not sync: a killed process loses
// nothing that was written, and a power cut may cost a demo its last seconds.
type journal struct {
	file *os.File
	err  error // the first failure; a line may be torn, so nothing follows it
}

// readJournal hands every change of the folder to apply, oldest first. The last
// line may be torn by a crash and is then left out.
func readJournal(folder string, apply func(change)) error {
	text, err := os.ReadFile(filepath.Join(folder, journalFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	for number := 1; ; number++ {
		line, rest, whole := bytes.Cut(text, []byte("\n"))
		if !whole {
			return nil // nothing more, or a line that was never finished
		}
		var c change
		if err := json.Unmarshal(line, &c); err != nil {
			return fmt.Errorf("journal line %d: %w", number, err)
		}
		apply(c)
		text = rest
	}
}

// startJournal replaces the folder's journal by one line that says everything
// that still matters, and returns it open for more.
func startJournal(folder string, everything change) (*journal, error) {
	line, err := json.Marshal(everything)
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

// append writes c as one line. A nil journal forgets it, which is right for an
// emulator that lives in memory only.
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
