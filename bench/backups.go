package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// backgroundRate is the number of meetings created per second while a backup or a
// retention task runs.
const backgroundRate = 20

// backupGoal is the maximum duration of a backup while meetings are created, as a multiple
// of its duration on an idle desk.
const backupGoal = 2

// backups measures "meetdesk backup" on an idle desk and while meetings are created. It
// returns the path of the first backup.
func (b *bench) backups(ctx context.Context, c *crew) (path string, err error) {
	b.say("a backup of the quiet desk")
	path = filepath.Join(b.dir, "quiet.db")
	quiet, quietCPU, err := b.backup(ctx, c, path)
	if err != nil {
		return "", err
	}
	b.say("a backup during %d creates a second", backgroundRate)
	second := filepath.Join(b.dir, "busy.db")
	var busy, busyCPU time.Duration
	took, err := c.createDuring(ctx, func() (err error) {
		busy, busyCPU, err = b.backup(ctx, c, second)
		return err
	})
	if err = errors.Join(err, os.RemoveAll(second)); err != nil {
		return "", err
	}
	rate := float64(len(took)) / busy.Seconds()
	b.table.add(row{
		figure: fmt.Sprintf("backup, with verification, during %.0f creates a second", rate), value: seconds(busy), peer: seconds(quiet) + " while nobody used the desk",
		against: times(busy, quiet), goal: goal(fmt.Sprintf("at most %d times", backupGoal), busy <= backupGoal*quiet),
	})
	b.table.add(row{figure: "backup during creates: its processor time", value: seconds(busyCPU), peer: seconds(quietCPU) + " while nobody used the desk", against: times(busyCPU, quietCPU)})
	b.table.add(row{figure: "create during the backup, 99th percentile", value: ms(quantile(took, 0.99)), peer: ms(median(took)) + " the median"})
	return path, b.addLoad("backups")
}

// backup makes a backup and returns its duration and CPU time. It returns an error if the
// backup contains fewer meetings than the database did before the backup.
func (b *bench) backup(ctx context.Context, c *crew, path string) (took, cpu time.Duration, err error) {
	before, err := countMeetings(ctx, filepath.Join(c.site.data, databaseFile))
	if err != nil {
		return 0, 0, err
	}
	command := exec.CommandContext(ctx, b.binary, "backup", "-json", path)
	command.Env = []string{"MEETDESK_DATA=" + c.site.data}
	var output, words bytes.Buffer
	command.Stdout, command.Stderr = &output, &words
	begun := time.Now()
	if err := command.Run(); err != nil {
		return 0, 0, fmt.Errorf("backup: %w\n%s", err, words.Bytes())
	}
	took = time.Since(begun)
	var report struct{ Meetings int }
	if err := json.Unmarshal(output.Bytes(), &report); err != nil {
		return 0, 0, err
	}
	if report.Meetings < before {
		return 0, 0, fmt.Errorf("the backup has %d meetings, and %d were there before", report.Meetings, before)
	}
	return took, command.ProcessState.UserTime() + command.ProcessState.SystemTime(), nil
}

func (c *crew) createDuring(ctx context.Context, do func() error) (took []time.Duration, err error) {
	creating, stop := context.WithCancel(ctx)
	defer stop()
	times := make(chan []time.Duration, 1)
	ended := make(chan error, 1)
	go func() {
		list, err := c.createPaced(creating, backgroundRate, math.MaxInt, retentionLimit)
		if creating.Err() != nil {
			err = nil
		}
		times <- list
		ended <- err
	}()
	err = do()
	stop()
	return <-times, errors.Join(err, <-ended)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
