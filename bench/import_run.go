package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// importTable returns a CSV file with the given number of rows. A column that the desk
// ignores pads the file to about size bytes.
func importTable(prefix string, rows, size int) []byte {
	var b bytes.Buffer
	b.WriteString("Ticket,Subject,Date,Start,Minutes,Time zone,Notes\r\n")
	day := time.Now().UTC().AddDate(0, 0, 7)
	line := func(i int, note string) string {
		return fmt.Sprintf("%s%05d,Oral examination in room %d,%s,10:00,30,Europe/Lisbon,%s\r\n", prefix, i, i%40, day.AddDate(0, 0, i%60).Format(time.DateOnly), note)
	}
	note := strings.Repeat("x", max(0, size/rows-len(line(0, ""))-1))
	for i := range rows {
		b.WriteString(line(i, note))
	}
	return b.Bytes()
}

// upload sends the table and returns the path of its dry run.
func (b *browser) upload(ctx context.Context, name string, table []byte) (page string, err error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		return "", err
	}
	if _, err := part.Write(table); err != nil {
		return "", err
	}
	if err := errors.Join(form.WriteField("time_zone", "Europe/Lisbon"), form.Close()); err != nil {
		return "", err
	}
	return b.send(ctx, "/imports", form.FormDataContentType(), &body)
}

func (b *browser) send(ctx context.Context, where, contentType string, body io.Reader) (page string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.site+where, body)
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, err := b.client.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return "", err
	}
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("POST %s: %s", where, resp.Status)
	}
	return resp.Request.URL.Path, nil
}

type importRun struct {
	took           time.Duration // from the start of the import to its end
	failed         int           // number of rows that did not create a meeting
	calls, refused int           // number of calls to Graph, and how many of them Graph refused
}

// runImport starts the import and waits until it ends. During the import, it runs the
// callback with a context that is canceled when the import ends.
func (s *site) runImport(ctx context.Context, person *browser, page string, meanwhile func(context.Context) error) (run importRun, err error) {
	db, err := openDatabase(filepath.Join(s.data, databaseFile), "mode=ro", "_pragma=busy_timeout(5000)")
	if err != nil {
		return run, err
	}
	defer db.Close()
	begun := time.Now()
	if _, err := person.send(ctx, page+"/check", "application/x-www-form-urlencoded", strings.NewReader(url.Values{"act": {"start"}}.Encode())); err != nil {
		return run, err
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	read := make(chan error, 1)
	go func() { read <- meanwhile(reading) }()
	const look = `SELECT state, coalesce(finished_at, 0), (SELECT count(*) FROM import_rows WHERE import_id = imports.id AND state <> 'created'),
		(SELECT count(*) FROM calls), (SELECT count(*) FROM calls WHERE status = 429) FROM imports WHERE id = $1`
	var (
		state    string
		finished int64
	)
	for state != "done" {
		if err := sleepUntil(ctx, time.Now().Add(time.Second/4)); err != nil {
			return run, err
		}
		if err := db.QueryRowContext(ctx, look, path.Base(page)).Scan(&state, &finished, &run.failed, &run.calls, &run.refused); err != nil {
			return run, err
		}
	}
	stop()
	run.took = time.UnixMilli(finished).Sub(begun)
	return run, <-read
}

// readMeanwhile opens pages at a steady rate until the context ends, a request fails or the
// time limit is reached. The browser person opens the import's page, and the browser reader
// opens all other pages. readMeanwhile returns the number of responses.
func readMeanwhile(ctx context.Context, reader, person *browser, first, page string) (n int, err error) {
	begun := time.Now()
	paths := []string{"/history", "/history?q=examination", "/", first, page}
	n, err = inParallel(clients, 1<<30, begun.Add(longest), func(i int) error {
		if sleepUntil(ctx, begun.Add(time.Duration(i)*time.Second/(clients*perSecond))) != nil {
			return context.Canceled
		}
		who := reader
		if paths[i%len(paths)] == page {
			who = person
		}
		_, _, err := who.get(context.WithoutCancel(ctx), paths[i%len(paths)])
		return err
	})
	if ctx.Err() != nil {
		err = nil
	}
	return n - clients, err
}

func isRead(l logged) bool { return l.method == http.MethodGet && l.status == http.StatusOK }

// bareCalls repeats the desk's last call to Graph n times with new external IDs and returns
// how long this took. It makes as many calls at once as an import does.
func (s *site) bareCalls(ctx context.Context, n int) (time.Duration, error) {
	calls := s.graph.Requests()
	last := calls[len(calls)-1]
	client := newBrowser("").client
	begun := time.Now()
	_, err := inParallel(importWorkers, n, begun.Add(longest), func(i int) error {
		body := strings.Replace(string(last.Body), "FREE", fmt.Sprintf("BARE%d-", i), 1)
		r, err := http.NewRequestWithContext(ctx, last.Method, s.graphURL+last.Path, strings.NewReader(body))
		if err != nil {
			return err
		}
		r.Header = last.Header.Clone()
		resp, err := client.Do(r)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			return err
		}
		if resp.StatusCode != http.StatusCreated {
			return fmt.Errorf("%s %s: %s", last.Method, last.Path, resp.Status)
		}
		return nil
	})
	return time.Since(begun), err
}
