package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"
)

// Goals for the export and for memory use, and the time limit for the export.
const (
	exportGoal       = 50_000   // rows per second
	exportMemoryGoal = 32 << 20 // maximum growth of the desk's memory, in bytes
	allMemoryGoal    = 100 << 20
	exportLimit      = 20 * time.Minute
)

// export measures the export of at most a million meetings as a CSV file.
func (b *bench) export(ctx context.Context, c *crew) error {
	b.say("the export")
	pid := c.desk.pid()
	if err := c.notePeak(); err != nil {
		return err
	}
	before, err := residentMemory(pid)
	if err != nil {
		return err
	}
	var rows int
	begun := time.Now()
	cpu, err := cpuOf(c.desk.cpu, func() (err error) {
		rows, err = c.helpDesk.countRows(ctx, c.exportPath())
		return err
	})
	took := time.Since(begun)
	if err != nil {
		return err
	}
	peak, err := peakMemory(pid)
	if err != nil {
		return err
	}
	perSecond := float64(rows) / took.Seconds()
	b.table.add(row{
		figure: fmt.Sprintf("export: rows per second, %d rows", rows), value: fmt.Sprintf("%.0f", perSecond),
		peer: fmt.Sprintf("%.0f per second of CPU", float64(rows)/cpu.Seconds()), goal: goal("at least 50,000", perSecond >= exportGoal),
	})
	b.table.add(row{
		figure: "export: peak of memory", value: mb(peak), peer: mb(before) + " before", against: "+" + mb(peak-before),
		goal: goal("under 32 MB more", peak-before < exportMemoryGoal),
	})
	return nil
}

// exportPath returns the path of the export. If there are more than a million meetings,
// the path selects roughly the newest million.
func (c *crew) exportPath() string {
	const most = 1_000_000
	if c.rows <= most {
		return "/history.csv"
	}
	from := c.until.Add(-years / time.Duration(c.rows) * most)
	return "/history.csv?" + url.Values{"from": {from.Format(time.DateOnly)}}.Encode()
}

// countRows returns the number of rows in a CSV file, excluding the header. It can count
// lines instead of parsing the file, because no generated cell contains a line break.
func (b *browser) countRows(ctx context.Context, path string) (rows int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.site+path, nil)
	if err != nil {
		return 0, err
	}
	client := *b.client
	client.Timeout = exportLimit
	resp, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("GET %s: %s", path, resp.Status)
	}
	buffer := make([]byte, 256<<10)
	for {
		n, err := resp.Body.Read(buffer)
		rows += bytes.Count(buffer[:n], []byte("\n"))
		if err == io.EOF {
			return rows - 1, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// notePeak updates c.peak with the desk's peak memory since the last call, and resets the
// kernel's record of the peak.
func (c *crew) notePeak() error {
	peak, err := peakMemory(c.desk.pid())
	if err != nil {
		return err
	}
	c.peak = max(c.peak, peak)
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", c.desk.pid()), []byte("5"), 0) // see proc(5)
}

// memoryOfAll reports the desk's peak memory during all measurements so far and its current
// memory.
func (b *bench) memoryOfAll(c *crew) error {
	memory, err := residentMemory(c.desk.pid())
	if err != nil {
		return err
	}
	if err := c.notePeak(); err != nil {
		return err
	}
	b.table.add(row{
		figure: "memory: the highest under all of it", value: mb(c.peak),
		peer: fmt.Sprintf("%s right after the start, %s at the end", mb(c.fresh), mb(memory)), goal: goal("under 100 MB", c.peak < allMemoryGoal),
	})
	return nil
}

func (b *bench) reportFill(f filled) {
	rate := "filled before"
	if f.rate > 0 {
		rate = fmt.Sprintf("%.0f per second", f.rate)
	}
	b.table.add(row{figure: fmt.Sprintf("database: %d meetings recorded in bulk", f.rows), value: rate})
	b.table.add(row{figure: "database: size", value: mb(f.size), peer: fmt.Sprintf("%.1f KB a meeting", float64(f.size)/float64(f.rows)/1000)})
}
