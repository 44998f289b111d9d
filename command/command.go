// Package command implements subcommands, flags and exit statuses for meetdesk's programs.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit statuses.
const (
	OK     = 0
	Failed = 1
	Usage  = 2 // the command line or the configuration is wrong
)

// ErrUsage marks errors in the command line or the configuration.
var ErrUsage = errors.New("usage")

// errReported marks errors that have already been printed.
var errReported = errors.New("reported")

// Exit returns an error that ends the program with the given status but prints nothing. The
// caller must print the reason itself.
func Exit(status int) error { return exit(status) }

type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// Program is a program with subcommands.
type Program struct {
	Name     string
	Version  string
	Usage    string // the help text
	Commands map[string]func(ctx context.Context, args []string, stdout, stderr io.Writer) error
}

// Main runs the program and ends the process. The first Ctrl-C or SIGTERM cancels the
// context. The second one kills the process.
func (p Program) Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(p.run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func (p Program) run(ctx context.Context, args []string, stdout, stderr io.Writer) (status int) {
	if len(args) == 1 {
		switch args[0] {
		case "-h", "--help", "help":
			fmt.Fprint(stdout, p.Usage)
			return OK
		case "version":
			fmt.Fprintln(stdout, p.Name, p.Version)
			return OK
		}
	}
	if len(args) == 0 || p.Commands[args[0]] == nil {
		if len(args) > 0 {
			fmt.Fprintf(stderr, "%s: there is no command %q\n\n", p.Name, args[0])
		}
		fmt.Fprint(stderr, p.Usage)
		return Usage
	}
	err := p.Commands[args[0]](ctx, args[1:], stdout, stderr)
	var end exit
	switch status = Status(err); {
	case status == OK, errors.As(err, &end), errors.Is(err, errReported):
	case status == Usage:
		fmt.Fprintln(stderr, err)
	default:
		fmt.Fprintf(stderr, "%s %s: %v\n", p.Name, args[0], err)
	}
	return status
}

// Status returns the exit status for the error that a command returned.
func Status(err error) int {
	var end exit
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return OK
	case errors.As(err, &end):
		return int(end)
	case errors.Is(err, errReported), errors.Is(err, ErrUsage):
		return Usage
	}
	return Failed
}

// UsageError returns an error that makes the program exit with the status Usage.
func UsageError(format string, args ...any) error {
	return &misuse{fmt.Errorf(format, args...)}
}

type misuse struct{ error }

func (m *misuse) Is(target error) bool { return target == ErrUsage }
func (m *misuse) Unwrap() error        { return m.error }

// ParseFlags parses the flags of a command that takes no other arguments.
func ParseFlags(flags *flag.FlagSet, args []string) error {
	_, err := ParseArguments(flags, args, 0)
	return err
}

// ParseArguments parses a command's flags and returns its other arguments. Flags may come
// before or after the other arguments. More than the given number of other arguments is a
// usage error.
func ParseArguments(flags *flag.FlagSet, args []string, most int) (others []string, err error) {
	for {
		if err := flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, &misuse{errReported} // the flag package has already printed the error
		}
		switch {
		case flags.NArg() == 0:
			return others, nil
		case len(others) == most:
			return nil, UsageError("%s takes no argument %q", flags.Name(), flags.Arg(0))
		}
		others, args = append(others, flags.Arg(0)), flags.Args()[1:]
	}
}
