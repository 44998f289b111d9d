package e2e_test

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"meetdesk/testenv"
)

// desk is a running program, usually "meetdesk-demo desk"; see also secureDesk.
type desk struct {
	t        *testing.T
	url      string
	data     string
	addr     string
	emulator string // its address, such as 127.0.0.1:8081
	fails    bool   // whether the desk may log errors
	command  *exec.Cmd
	messages bytes.Buffer // standard error
}

// startDesk starts a desk with a new data directory on free ports. The desk is stopped
// when the test ends; see stop.
func startDesk(t *testing.T) *desk {
	t.Helper()
	chromium(t) // may skip the test
	d := &desk{t: t, data: t.TempDir(), addr: testenv.FreeAddress(t), emulator: testenv.FreeAddress(t)}
	d.start()
	t.Cleanup(d.stop)
	return d
}

var printedURL = regexp.MustCompile(`open (http://\S+)`)

func (d *desk) start() {
	d.t.Helper()
	d.url = d.launch(printedURL, nil, "meetdesk-demo", "desk", "-addr", d.addr, "-emulator-addr", d.emulator, "-data", d.data)
}

// launch starts a program with additional environment variables. It matches the pattern
// against the program's first line of output and returns the first submatch.
func (d *desk) launch(pattern *regexp.Regexp, settings []string, program string, args ...string) string {
	d.t.Helper()
	dir, err := programs()
	if err != nil {
		d.t.Fatal(err)
	}
	d.command = exec.Command(filepath.Join(dir, program), args...)
	d.command.Env = append(os.Environ(), settings...)
	d.command.Stderr = &d.messages
	stdout, err := d.command.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := d.command.Start(); err != nil {
		d.t.Fatal(err)
	}
	printed := make(chan string, 1)
	go func() {
		lines := bufio.NewReader(stdout)
		line, _ := lines.ReadString('\n')
		printed <- line
		io.Copy(io.Discard, lines)
	}()
	select {
	case line := <-printed:
		if match := pattern.FindStringSubmatch(line); match != nil {
			return match[1]
		}
	case <-time.After(patience):
	}
	d.command.Process.Kill()
	d.command.Wait()
	d.t.Fatalf("%s %s printed no address. It said:\n%s", program, args[0], &d.messages)
	return ""
}

// stop interrupts the desk, as Ctrl-C does, and waits until it has exited. The exit status
// must be 0. Unless d.fails is set, the desk must not have logged an error.
func (d *desk) stop() {
	d.t.Helper()
	if d.command.ProcessState != nil {
		return // already stopped
	}
	late := time.AfterFunc(patience, func() { d.command.Process.Kill() })
	defer late.Stop()
	if err := d.command.Process.Signal(os.Interrupt); err != nil {
		d.t.Error(err)
	}
	if err := d.command.Wait(); err != nil {
		d.t.Errorf("meetdesk did not end well: %v. It said:\n%s", err, &d.messages)
	}
	if !d.fails && bytes.Contains(d.messages.Bytes(), []byte("level=ERROR")) {
		d.t.Errorf("meetdesk logged an error:\n%s", &d.messages)
	}
}

// restart stops the desk and starts it again with the same data and ports.
func (d *desk) restart() {
	d.t.Helper()
	d.stop()
	d.start()
}
