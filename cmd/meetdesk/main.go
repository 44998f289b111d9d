// Command meetdesk runs the meeting desk, checks its configuration, and backs up,
// verifies, restores and copies its database.
package main

import (
	"context"
	"io"

	"meetdesk/command"
)

// version can be set with -ldflags -X.
var version = "development"

const usage = `meetdesk makes Microsoft Teams meetings for tickets and finds them again.

  meetdesk serve     the desk, configured by MEETDESK_… variables (see docs/operate.md)
  meetdesk check     tries the configuration of the desk and says what is wrong
  meetdesk backup    copies the database, also while the desk runs
  meetdesk verify    checks the database or a backup
  meetdesk restore   puts a backup in the place of the database
  meetdesk copy      copies everything from SQLite to PostgreSQL, or back
  meetdesk version   the version of this program

"meetdesk COMMAND -h" lists the flags of a command. The demo and the emulator are in
another program, meetdesk-demo.
`

func main() {
	command.Program{
		Name: "meetdesk", Version: version, Usage: usage,
		Commands: map[string]func(context.Context, []string, io.Writer, io.Writer) error{
			"serve": serve, "check": check, "backup": backUp, "verify": verify, "restore": restore, "copy": copyDatabase,
		},
	}.Main()
}
