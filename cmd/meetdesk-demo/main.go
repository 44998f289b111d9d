// Command meetdesk-demo runs the meeting desk with an emulator of Microsoft, or the
// emulator alone. It is a program of its own so that meetdesk does not contain the
// emulator.
package main

import "meetdesk/demo"

// version is set by the linker.
var version = "development"

func main() { demo.Program(version).Main() }
