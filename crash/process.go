package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	startLimit = 60 * time.Second
	stopLimit  = 30 * time.Second
)

type process struct {
	name   string
	cmd    *exec.Cmd
	log    string        // path of the log file
	ready  chan struct{} // closed when the process is ready
	ended  chan struct{} // closed when the process has ended
	wanted atomic.Bool   // set before this program ends the process
	status int           // the exit status, set before ended is closed; -1 after a signal
}

// start starts a program without waiting until it is ready. The program is ready once it
// prints a line that contains the given string. Its standard error is appended to the log.
func start(name, binary, log, ready string, environ []string, args ...string) (*process, error) {
	stderr, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer stderr.Close()
	p := &process{name: name, cmd: exec.Command(binary, args...), log: log, ready: make(chan struct{}), ended: make(chan struct{})}
	p.cmd.Env, p.cmd.Stderr = environ, stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		serves := false
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if !serves && strings.Contains(lines.Text(), ready) {
				serves = true
				close(p.ready)
			}
		}
		_ = p.cmd.Wait() // the exit status is read below
		p.status = p.cmd.ProcessState.ExitCode()
		close(p.ended)
	}()
	return p, nil
}

// wait waits until the process is ready. It returns an error if the process exits first or
// is not ready within startLimit.
func (p *process) wait(ctx context.Context) error {
	select {
	case <-p.ready:
		return nil
	case <-p.ended:
		return fmt.Errorf("%s ended at its start with status %d:\n%s", p.name, p.status, p.tail())
	case <-time.After(startLimit):
		return fmt.Errorf("%s did not start in time:\n%s", p.name, p.tail())
	case <-ctx.Done():
		return ctx.Err()
	}
}

// kill kills the process with SIGKILL. It returns false if the process had already exited.
func (p *process) kill() bool {
	wanted := p.wanted.Swap(true)
	killed := p.cmd.Process.Signal(syscall.SIGKILL) == nil
	<-p.ended
	if killed && p.status == -1 {
		return true
	}
	p.wanted.Store(wanted)
	return false
}

// terminate sends SIGTERM to the process and reports whether it exits within the limit.
func (p *process) terminate(limit time.Duration) bool {
	p.wanted.Store(true)
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
		return true
	case <-time.After(limit):
		return false
	}
}

// stop terminates the process. It returns an error if the process does not exit in time or
// if its exit status is not 0.
func (p *process) stop() error {
	if !p.terminate(stopLimit) {
		p.kill()
		return fmt.Errorf("%s did not end within %v of SIGTERM:\n%s", p.name, stopLimit, p.tail())
	}
	if p.status != 0 {
		return fmt.Errorf("%s ended with status %d after SIGTERM:\n%s", p.name, p.status, p.tail())
	}
	return nil
}

func (p *process) crashed() error {
	select {
	case <-p.ended:
		if !p.wanted.Load() {
			return fmt.Errorf("%s ended by itself with status %d:\n%s", p.name, p.status, p.tail())
		}
	default:
	}
	return nil
}

func (p *process) tail() string {
	text, err := os.ReadFile(p.log)
	if errors.Is(err, os.ErrNotExist) {
		return ""
	}
	return string(text[max(0, len(text)-3000):])
}
