package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"meetdesk/spreadsheet"
	"meetdesk/spreadsheet/hostile"
)

// hostileCommand is the argument that makes this program read one file and exit.
const hostileCommand = "read-file"

// Goals for reading a hostile file in a separate process.
const (
	hostileTime   = time.Second
	hostileMemory = 60 << 20 // in addition to the memory of a process that reads an empty file
)

// readFile parses the file as the desk parses an upload. It prints the peak memory of this
// process, because the peak that the system reports for a child process may be its parent's.
func readFile(args []string) {
	file, err := os.ReadFile(args[0])
	if err == nil {
		_, _ = spreadsheet.ReadBytes(file) // tests check the result
	}
	peak, _ := peakMemory(os.Getpid())
	fmt.Println(peak)
	os.Exit(0)
}

func (b *bench) hostileFiles(ctx context.Context) error {
	b.say("reading hostile files")
	_, idle, err := b.readApart(ctx, nil)
	if err != nil {
		return err
	}
	var (
		slowest, largest string
		took             time.Duration
		grown            int64
	)
	files := hostile.Files()
	for _, f := range files {
		cpu, peak, err := b.readApart(ctx, f.Make())
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if cpu > took {
			took, slowest = cpu, f.Name
		}
		if above := max(peak-idle, 0); above > grown {
			grown, largest = above, f.Name
		}
	}
	b.table.add(row{figure: fmt.Sprintf("processor time to read the slowest of %d hostile files", len(files)), value: ms(took), peer: slowest, goal: goal("1 s", took <= hostileTime)})
	b.table.add(row{figure: "memory for the largest, above idle", value: mb(grown), peer: largest, goal: goal("60 MB", grown <= hostileMemory)})
	return nil
}

// readApart parses the file in a separate process. It returns the CPU time and the peak
// resident memory of that process.
func (b *bench) readApart(ctx context.Context, file []byte) (cpu time.Duration, peak int64, err error) {
	path := filepath.Join(b.dir, "hostile")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		return 0, 0, err
	}
	self, err := os.Executable()
	if err != nil {
		return 0, 0, err
	}
	read := exec.CommandContext(ctx, self, hostileCommand, path)
	printed, err := read.Output()
	if err == nil {
		peak, err = strconv.ParseInt(strings.TrimSpace(string(printed)), 10, 64)
	}
	if err != nil {
		return 0, 0, err
	}
	return read.ProcessState.UserTime() + read.ProcessState.SystemTime(), peak, nil
}
