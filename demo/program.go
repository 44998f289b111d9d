// Package demo implements the meetdesk-demo command. The command runs the application with
// sample data against an emulator of Microsoft's services, or it runs only the emulator.
package demo

import (
	"context"
	"io"

	"meetdesk/command"
)

const usage = `meetdesk-demo tries meetdesk out without Microsoft.

  meetdesk-demo desk      the whole desk against a stand-in for Microsoft, on this machine only
  meetdesk-demo emulator  the stand-in for Microsoft alone
  meetdesk-demo version   the version of this program

"meetdesk-demo COMMAND -h" lists the flags of a command.
`

// Program returns the meetdesk-demo command.
func Program(version string) command.Program {
	return command.Program{
		Name: "meetdesk-demo", Version: version, Usage: usage,
		Commands: map[string]func(context.Context, []string, io.Writer, io.Writer) error{
			"desk": runDesk, "emulator": emulate,
		},
	}
}
