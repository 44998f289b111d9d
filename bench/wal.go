package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
)

type writeLog struct {
	generation [16]byte // changes whenever the log restarts after a checkpoint
	commits    int      // number of write transactions
	pages      int      // number of pages that the transactions wrote
}

// Header sizes in bytes, from https://www.sqlite.org/fileformat2.html#walformat.
const (
	walHeader   = 32
	frameHeader = 24
)

// readLog counts the transactions in the log and the pages that they wrote. Each frame
// contains one page. A frame that contains the size of the database ends a transaction.
// readLog stops at the first frame whose salt differs from the log's, because the rest was
// written before the log was last restarted. A missing log counts as empty.
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
