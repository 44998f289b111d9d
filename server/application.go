package server

import "meetdesk/auth"

// Application contains what the help desk needs to create meetings for others: the
// credentials of a second application, and the organizers for whom it may act.
type Application struct {
	ClientID   string
	Credential auth.Credential
	Scope      string   // Graph's scope in this cloud
	Organizers []string // object IDs or UPNs; empty if the help desk cannot act for others
}
