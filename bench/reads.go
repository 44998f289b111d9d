package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

// The number of blocks for each page and the number of requests in a block. They are large
// enough that the limited resolution of CPU times is negligible.
const (
	readBlocks = 5
	readBlock  = 200
)

// reading compares the CPU time per request of two servers: the desk, which renders a page,
// and a bare server, which sends a fixed body of the same size.
type reading struct {
	page       string
	size       int64
	desk, bare time.Duration
}

func (b *bench) read(ctx context.Context, s *site, person *browser, page, path string) (r reading, err error) {
	b.say("%d requests of %s", readBlocks*readBlock, path)
	r.page = page
	if _, r.size, err = person.get(ctx, path); err != nil {
		return r, err
	}
	self, err := os.Executable()
	if err != nil {
		return r, err
	}
	fixed, err := b.start(ctx, self, nil, fixedCommand, strconv.FormatInt(r.size, 10))
	if err != nil {
		return r, err
	}
	defer func() { _ = fixed.stop() }() // always fails, because the server does not handle SIGTERM
	anybody := newBrowser("http://" + fixed.line)
	defer anybody.close()
	for range readBlocks {
		for _, side := range []struct {
			server  *process
			browser *browser
			sum     *time.Duration
		}{{s.desk, person, &r.desk}, {fixed, anybody, &r.bare}} {
			took, err := cpuOf(side.server.cpu, func() error { return side.browser.repeat(ctx, path, readBlock) })
			if err != nil {
				return r, err
			}
			*side.sum += took
		}
	}
	r.desk /= readBlocks * readBlock
	r.bare /= readBlocks * readBlock
	return r, nil
}

// cpuOf returns the CPU time spent while do runs. The function used returns the total CPU
// time spent so far.
func cpuOf(used func() (time.Duration, error), do func() error) (time.Duration, error) {
	begun, err := used()
	if err != nil {
		return 0, err
	}
	if err := do(); err != nil {
		return 0, err
	}
	ended, err := used()
	return ended - begun, err
}

func (b *browser) repeat(ctx context.Context, path string, times int) error {
	for range times {
		if _, _, err := b.get(ctx, path); err != nil {
			return err
		}
	}
	return nil
}

// fixedCommand is the hidden argument that makes this program run serveFixed.
const fixedCommand = "fixed-body"

// serveFixed answers every request with a body of the given size until it is stopped.
func serveFixed(args []string) {
	size, err := strconv.Atoi(args[0])
	if err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	body := make([]byte, size)
	panic(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(body)
	})))
}
