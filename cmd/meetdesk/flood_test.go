package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/demo"
	"meetdesk/emulator"
	"meetdesk/testenv"
)

// TestFlood connects many clients at once. The process must stay within its limits on
// memory and open files, and answer some of the clients. Afterwards, a user must be able
// to sign in.
func TestFlood(t *testing.T) {
	testenv.SkipUnlessLong(t)
	testenv.SkipUnderRace(t) // the race detector increases memory use
	for _, tt := range []struct {
		name             string
		files, strangers int
		memory           int // in MB
	}{
		{"3,000 strangers in 128 MB", 4096, 3000, 128},
		{"600 strangers and 256 files", 256, 600, 128},
	} {
		t.Run(tt.name, func(t *testing.T) {
			addr := testenv.FreeAddress(t)
			site := &url.URL{Scheme: "http", Host: strings.Replace(addr, "127.0.0.1", "localhost", 1)}
			em, graph := microsoft(t, site.String())
			shell, err := exec.LookPath("sh")
			if err != nil {
				t.Skip(err)
			}
			desk := startBinary(t, shell, []string{
				"MEETDESK_URL=" + site.String(), "MEETDESK_ADDR=" + addr, "MEETDESK_DATA=" + t.TempDir(),
				"MEETDESK_TENANT_ID=" + emulator.DefaultTenant, "MEETDESK_CLIENT_ID=" + emulator.DefaultClientID, "MEETDESK_CLIENT_SECRET=secret",
				"MEETDESK_SESSION_KEYS=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
				"MEETDESK_ISSUER=" + em.Issuer(), "MEETDESK_GRAPH_URL=" + graph, "MEETDESK_ALLOW_EMULATOR=1", "GOMEMLIMIT=64MiB",
			}, "-c", fmt.Sprintf("ulimit -n %d; exec %s serve", tt.files, self(t)))
			desk.line("listening")
			answers := flood(t, addr, tt.strangers)
			v := newVisitor(site)
			for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
				if err = v.SignIn(context.Background(), demo.Priya); err == nil {
					break
				}
				if time.Now().After(deadline) {
					t.Fatalf("nobody can sign in afterwards: %v", err)
				}
			}
			peak := peakMemory(t, desk.cmd.Process.Pid)
			t.Logf("answers by status: %v; peak of memory %d MB", answers, peak)
			if answers[http.StatusOK] == 0 || answers[http.StatusInternalServerError] > 0 {
				t.Errorf("answers by status: %v, want 200 and no 500", answers)
			}
			if peak > tt.memory {
				t.Errorf("the peak of memory is %d MB, want at most %d", peak, tt.memory)
			}
			desk.stop(os.Interrupt)
			if log := desk.errors.String(); strings.Contains(log, "unable to open") || strings.Contains(log, "too many open files") || strings.Contains(log, "panic") {
				t.Errorf("the log has %q", regexp.MustCompile(`.*(unable to open|too many open|panic).*`).FindString(log))
			}
		})
	}
}

// flood opens n connections at once and requests a page on each, for at most ten seconds.
// It returns the number of responses by status, with 0 for connections without a response.
func flood(t *testing.T, addr string, n int) map[int]int {
	t.Helper()
	var (
		wait    sync.WaitGroup
		mu      sync.Mutex
		answers = make(map[int]int)
		end     = time.Now().Add(10 * time.Second)
	)
	for range n {
		wait.Go(func() {
			status := 0
			if conn, err := net.DialTimeout("tcp", addr, time.Until(end)); err == nil {
				defer conn.Close()
				conn.SetDeadline(end)
				fmt.Fprint(conn, "GET /auth/signed-out HTTP/1.1\r\nHost: localhost\r\n\r\n")
				if response, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil {
					status = response.StatusCode
				}
			}
			mu.Lock()
			answers[status]++
			mu.Unlock()
			time.Sleep(time.Until(end) / 2)
		})
	}
	wait.Wait()
	return answers
}

// peakMemory returns the process's peak resident memory in MB.
func peakMemory(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip(err)
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		t.Fatalf("no peak in %s", status)
	}
	kb, _ := strconv.Atoi(string(found[1]))
	return kb >> 10
}
