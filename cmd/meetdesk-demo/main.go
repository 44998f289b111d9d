// Command meetdesk-demo runs the meeting desk with an emulator of Microsoft, or the
// emulator alone. meetdesk itself does not contain the emulator.
package main

import "meetdesk/demo"

// version can be set with -ldflags -X.
var version = "development"

func main() { demo.Program(version).Main() }
