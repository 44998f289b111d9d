// Command meetdesk runs the meeting desk, its demo or its emulator. It reads the
// configuration, wires the packages together and shuts them down.
package main

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

// version is set by the linker.
var version = "development"

const usage = `meetdesk makes Microsoft Teams meetings for tickets and finds them again.

  meetdesk demo      the whole desk against a stand-in for Microsoft, on this machine only
  meetdesk serve     the desk, configured by MEETDESK_… variables (see docs/production.md)
  meetdesk backup    copies the database, also while the desk runs
  meetdesk verify    checks the database or a backup
  meetdesk restore   puts a backup in the place of the database
  meetdesk emulator  the stand-in for Microsoft alone
  meetdesk version   the version of this program

"meetdesk COMMAND -h" lists the flags of a command.
`

// Exit statuses.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2 // the command line or the configuration is wrong
)

// errUsage marks errors in the command line or the configuration. errReported marks
// errors that were already printed.
var (
	errUsage    = errors.New("usage")
	errReported = errors.New("reported")
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C kills the process
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run does the work of main. The arguments and the output are parameters, so that tests
// can call it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (status int) {
	commands := map[string]func(context.Context, []string, io.Writer, io.Writer) error{
		"demo": demo, "serve": serve, "emulator": emulate,
		"backup": backUp, "verify": verify, "restore": restore,
		"version": func(context.Context, []string, io.Writer, io.Writer) error {
			_, err := fmt.Fprintln(stdout, "meetdesk", version)
			return err
		},
	}
	if len(args) == 1 && (args[0] == "-h" || args[0] == "--help" || args[0] == "help") {
		fmt.Fprint(stdout, usage)
		return exitOK
	}
	if len(args) == 0 || commands[args[0]] == nil {
		if len(args) > 0 {
			fmt.Fprintf(stderr, "meetdesk: there is no command %q\n\n", args[0])
		}
		fmt.Fprint(stderr, usage)
		return exitUsage
	}
	err := commands[args[0]](ctx, args[1:], stdout, stderr)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errReported):
		return exitUsage
	case errors.Is(err, errUsage):
		fmt.Fprintln(stderr, err)
		return exitUsage
	default:
		fmt.Fprintf(stderr, "meetdesk %s: %v\n", args[0], err)
		return exitFailed
	}
}

// usageError returns an error that makes the program exit with exitUsage.
func usageError(format string, args ...any) error {
	return &misuse{fmt.Errorf(format, args...)}
}

type misuse struct{ error }

func (m *misuse) Is(target error) bool { return target == errUsage }
func (m *misuse) Unwrap() error        { return m.error }

// parseFlags parses the flags of a command that takes no other arguments.
func parseFlags(flags *flag.FlagSet, args []string) error {
	_, err := parseArguments(flags, args, 0)
	return err
}

// parseArguments parses a command's flags and returns its other arguments, at most most of
// them. Flags may stand before and after them.
func parseArguments(flags *flag.FlagSet, args []string, most int) (others []string, err error) {
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
			return nil, usageError("meetdesk %s takes no argument %q", flags.Name(), flags.Arg(0))
		}
		others, args = append(others, flags.Arg(0)), flags.Args()[1:]
	}
}
