package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"meetdesk/demo"
	"meetdesk/meeting"
	"meetdesk/paths"
	"meetdesk/testenv"
)

func freePorts(t *testing.T, n int) (list []string) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		list = append(list, l.Addr().String())
	}
	return list
}

// startHAProxy starts haproxy in front of the desks and returns its URL. The proxy does not
// retry failed requests.
func startHAProxy(t *testing.T, program string, desks ...string) *url.URL {
	t.Helper()
	address := freePorts(t, 1)[0]
	settings := `defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
frontend web
  bind ` + address + `
  default_backend desks
backend desks
  balance roundrobin
  option httpchk GET ` + paths.Ready + `
  http-check expect status 200
  retries 0
  default-server inter 200ms fall 2 rise 1
`
	for i, desk := range desks {
		settings += fmt.Sprintf("  server desk%d %s check\n", i, desk)
	}
	path := filepath.Join(t.TempDir(), "haproxy.cfg")
	if err := os.WriteFile(path, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-db", "-f", path)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return &url.URL{Scheme: "http", Host: address}
}

// No request fails while two desks behind haproxy are restarted one after the other.
func TestRollingRestart(t *testing.T) {
	testenv.SkipUnlessLong(t)
	program := testenv.Program(t, "haproxy", "haproxy")
	s := newSharedImport(t)
	addresses := freePorts(t, 2)
	front := startHAProxy(t, program, addresses...)
	s.front.Store(front)
	serve := func(address string) *process {
		p := start(t, append(s.settings, "MEETDESK_ADDR="+address, "MEETDESK_DRAIN=3s", "MEETDESK_LIMITS=0"), "serve")
		p.line("listening on")
		ready := func() bool {
			r, err := http.Get("http://" + address + paths.Ready)
			if err != nil {
				return false
			}
			r.Body.Close()
			return r.StatusCode == http.StatusOK
		}
		eventually(t, "the desk is ready", ready)
		time.Sleep(time.Second) // until haproxy has noticed that the desk is ready
		return p
	}
	desks := []*process{serve(addresses[0]), serve(addresses[1])}

	until, stop := context.WithCancel(t.Context())
	var (
		people    sync.WaitGroup
		pages     atomic.Int64
		wantGraph atomic.Int64
	)
	for i := range 6 {
		v := newVisitor(s.site)
		if err := v.SignIn(t.Context(), demo.Priya); err != nil {
			t.Fatal(errors.Join(err))
		}
		people.Go(func() {
			for n := 0; until.Err() == nil; n++ {
				a := v.send(http.MethodGet, paths.Home, nil)
				if n%3 == 0 {
					form := laptopForm()
					form.Set(meeting.FieldExternalID, fmt.Sprintf("ROLL%d-%d", i, n))
					form.Set("past", "1")
					a = v.send(http.MethodPost, paths.Meetings, form)
					wantGraph.Add(1)
				}
				if pages.Add(1); a.status != http.StatusOK && a.status != http.StatusSeeOther {
					t.Errorf("status %d: %.200s", a.status, a.text)
				}
			}
		})
	}
	for range 2 {
		for i := range desks {
			if status := desks[i].stop(syscall.SIGTERM); status != 0 {
				t.Errorf("desk %d ended with status %d", i, status)
			}
			desks[i] = serve(addresses[i])
		}
	}
	stop()
	people.Wait()
	if got := int64(s.emulator.MeetingCount()); got != wantGraph.Load() || pages.Load() < 100 {
		t.Errorf("%d pages; %d meetings, want %d", pages.Load(), got, wantGraph.Load())
	}
	t.Logf("%d requests, %d meetings, 4 restarts", pages.Load(), wantGraph.Load())
}
