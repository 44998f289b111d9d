// Package emulator stands in for Microsoft Entra ID and Microsoft Graph behind one
// http.Handler.
//
// The work is done in the packages below this one. Package tenant contains what both
// services share. Package entra signs people in and issues tokens, msgraph serves the
// online meetings and the directory, and control changes how the emulator behaves. These
// three import tenant and wire, but not each other.
//
// Apart from tests, nothing here imports the rest of the module. If the emulator used
// meetdesk's types, it would repeat meetdesk's misunderstandings of Microsoft's services.
package emulator
