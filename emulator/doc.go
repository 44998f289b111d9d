// Package emulator emulates Microsoft Entra ID and Microsoft Graph in a single
// http.Handler.
//
// The subpackages contain most of the code. Package tenant contains what both services
// share. Package entra signs people in and issues tokens, msgraph serves the online
// meetings and the directory, and control provides an API for changing the emulator's
// behavior. These three import tenant and wire, but not each other.
//
// Apart from tests, no package here imports the rest of the module. If the emulator used
// meetdesk's types, it would repeat meetdesk's misunderstandings of Microsoft's services.
package emulator
