package e2e_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"testing"
	"time"
)

// desk is a running "meetdesk demo".
type desk struct {
	t        *testing.T
	url      string
	data     string
	addr     string
	emulator string // its address
	command  *exec.Cmd
	messages bytes.Buffer // what it wrote to stderr
}

// startDesk starts a desk with a new folder on free ports. When the test ends it
// is told to stop, and must do so well.
func startDesk(t *testing.T) *desk {
	t.Helper()
	chromium(t) // without one there is no use for a desk
	d := &desk{t: t, data: t.TempDir(), addr: "127.0.0.1:0", emulator: "127.0.0.1:0"}
	d.start()
	t.Cleanup(d.stop)
	return d
}

var printedURL = regexp.MustCompile(`open (http://\S+)`)

// start returns once the desk has printed its address.
func (d *desk) start() {
	d.t.Helper()
	path, err := program()
	if err != nil {
		d.t.Fatal(err)
	}
	d.command = exec.Command(path, "demo", "-addr", d.addr, "-emulator-addr", d.emulator, "-data", d.data)
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
		if match := printedURL.FindStringSubmatch(line); match != nil {
			d.url = match[1]
			return
		}
	case <-time.After(patience):
	}
	d.command.Process.Kill()
	d.command.Wait()
	d.t.Fatalf("meetdesk demo printed no address. It said:\n%s", &d.messages)
}

// stop ends the desk as Ctrl-C does.
func (d *desk) stop() {
	d.t.Helper()
	if d.command.ProcessState != nil {
		return // stopped already
	}
	late := time.AfterFunc(patience, func() { d.command.Process.Kill() })
	defer late.Stop()
	if err := d.command.Process.Signal(os.Interrupt); err != nil {
		d.t.Error(err)
	}
	if err := d.command.Wait(); err != nil {
		d.t.Errorf("meetdesk demo did not end well: %v. It said:\n%s", err, &d.messages)
	}
	if bytes.Contains(d.messages.Bytes(), []byte("level=ERROR")) {
		d.t.Errorf("meetdesk demo logged an error:\n%s", &d.messages)
	}
}

// restart stops the desk and starts it again in the same place.
func (d *desk) restart() {
	d.t.Helper()
	d.addr, d.emulator = d.ports()
	d.stop()
	d.start()
}

// ports returns where the desk and its emulator listen. The emulator's is where
// a sign-in leads to.
func (d *desk) ports() (addr, emulator string) {
	d.t.Helper()
	noFollow := http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := noFollow.Get(d.url + "/auth/login")
	if err != nil {
		d.t.Fatal(err)
	}
	defer answer.Body.Close()
	signIn, err := answer.Location()
	if err != nil {
		d.t.Fatal(err)
	}
	home, err := url.Parse(d.url)
	if err != nil {
		d.t.Fatal(err)
	}
	return net.JoinHostPort("127.0.0.1", home.Port()), signIn.Host
}
