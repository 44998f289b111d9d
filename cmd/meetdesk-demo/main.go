// Command meetdesk-demo runs the meeting desk with an emulator of Microsoft Entra ID and
// Graph, or runs the emulator alone. The meetdesk command does not include the emulator.
package main

import "meetdesk/demo"

// version can be set with -ldflags -X.
var version = "development"

func main() { demo.Program(version).Main() }
