package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	startLimit = 60 * time.Second
	stopLimit  = 20 * time.Second
)

type process struct {
	cmd     *exec.Cmd
	line    string // the first line that the program printed
	started time.Time
	stderr  *os.File
}

// start starts a program and waits for its first line of output. The program does not
// inherit this process's environment.
func (b *bench) start(ctx context.Context, binary string, environ []string, args ...string) (*process, error) {
	stderr, err := os.CreateTemp(b.dir, "stderr-")
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.CommandContext(ctx, binary, args...), stderr: stderr}
	p.cmd.Env, p.cmd.Stderr = append([]string{"HOME=" + b.dir}, environ...), stderr
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = stopLimit
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, errors.Join(err, stderr.Close())
	}
	p.started = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(err, stderr.Close())
	}
	hurry := time.AfterFunc(startLimit, func() { _ = p.cmd.Process.Kill() }) // Kill fails if the process has already ended
	defer hurry.Stop()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	p.line = strings.TrimSpace(line)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s did not start: %w", strings.Join(args, " "), err), p.stop())
	}
	return p, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) cpu() (time.Duration, error) { return cpuTime(p.pid()) }

// stop ends the program and waits until it has exited. If the program fails, the error
// quotes the end of what the program wrote to standard error.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	late := time.AfterFunc(stopLimit, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	defer p.stderr.Close()
	if err := p.cmd.Wait(); err != nil {
		words, _ := os.ReadFile(p.stderr.Name())
		return fmt.Errorf("%w\n%s", err, words[max(0, len(words)-2000):])
	}
	return nil
}
