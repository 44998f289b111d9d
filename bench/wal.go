package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
)

// writeLog is what SQLite's write-ahead log holds at a moment.
type writeLog struct {
	generation [16]byte // another one each time the log begins anew after a checkpoint
	commits    int      // write transactions
	pages      int      // that they wrote
}

// Sizes in the file, from https://www.sqlite.org/fileformat2.html#walformat.
const (
	walHeader   = 32
	frameHeader = 24
)

// readLog counts the transactions in the log. A frame belongs to it if its salt
// is the log's own; it ends a transaction if it says how large the database is
// from then on. A log that is not there is empty.
func readLog(path string) (l writeLog, err error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(content) < walHeader {
		return l, nil
	}
	if err != nil {
		return l, err
	}
	copy(l.generation[:], content[8:24]) // page size, checkpoint number, salt
	salt, frame := content[16:24], frameHeader+int(binary.BigEndian.Uint32(content[8:]))
	for at := walHeader; at+frame <= len(content) && bytes.Equal(content[at+8:at+16], salt); at += frame {
		l.pages++
		if binary.BigEndian.Uint32(content[at+4:]) != 0 {
			l.commits++
		}
	}
	return l, nil
}
