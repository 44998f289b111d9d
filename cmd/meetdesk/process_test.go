package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"meetdesk/demo"
	"meetdesk/testenv"
)

// asProgram is an environment variable. The test binary runs as the program that the
// variable names, so the tests do not have to build the programs.
const asProgram = "MEETDESK_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	name := os.Getenv(asProgram)
	os.Unsetenv(asProgram)
	switch name {
	case "meetdesk":
		main()
	case "meetdesk-demo":
		demo.Program(version).Main()
	}
	testenv.Main(m)
}

type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	lines  chan string
	errors *text
}

// text collects the output of a process. It can be read while the process writes.
type text struct {
	mu sync.Mutex
	b  strings.Builder
}

func (x *text) Write(p []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.b.Write(p)
}

func (x *text) String() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.b.String()
}

// start starts meetdesk with the given arguments. The process inherits only PATH from the
// environment of the tests.
func start(t *testing.T, settings []string, args ...string) *process {
	t.Helper()
	return startBinary(t, self(t), settings, args...)
}

func startDemo(t *testing.T, args ...string) *process {
	t.Helper()
	return startBinary(t, self(t), []string{asProgram + "=meetdesk-demo"}, args...)
}

func self(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func startBinary(t *testing.T, binary string, settings []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(binary, args...), lines: make(chan string, 100), errors: new(text)}
	p.cmd.Env = append([]string{asProgram + "=meetdesk", "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, settings...)
	p.cmd.Stderr = p.errors
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.lines)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			p.lines <- scanner.Text()
		}
	}()
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		p.cmd.Wait()
	})
	return p
}

// line waits for the next line of output that contains the given text, and returns that
// line.
func (p *process) line(text string) string {
	p.t.Helper()
	timeout := time.After(time.Minute)
	for {
		select {
		case line, ok := <-p.lines:
			if !ok {
				p.cmd.Wait()
				p.t.Fatalf("meetdesk ended before it printed %q:\n%s", text, p.errors)
			}
			if strings.Contains(line, text) {
				return line
			}
		case <-timeout:
			p.t.Fatalf("meetdesk did not print %q in time", text)
		}
	}
}

// stop sends the signal, waits for the process to end and returns its exit status, which
// is -1 after SIGKILL.
func (p *process) stop(signal os.Signal) int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
	return p.status()
}

// status waits for the process to end and returns its exit status. After two minutes, it kills
// the process.
func (p *process) status() int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { p.cmd.Process.Kill() })
	defer stop()
	for range p.lines { // Wait must not be called before the pipe is drained
	}
	p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}
