package main

import (
	"strings"

	"github.com/google/uuid"

	"meetdesk/meeting"
)

// appConfig is what lets the help desk make meetings for others: an application
// of its own, and for whom. Without any of it that is off.
type appConfig struct {
	clientID, clientSecret string
	scope                  string   // Graph's, in this cloud
	organizers             []string // object IDs or UPNs; nobody: off
}

const organizersHint = "for whom the help desk may make meetings: object IDs or UPNs, with commas"

// application checks the three settings, of which none is any use alone.
func (c *config) application(k *checker) (a appConfig) {
	if c.AppClientID == "" && c.AppClientSecret == "" && c.AppClientSecretFile == "" && len(c.AppOrganizers) == 0 {
		return a
	}
	a.clientID = strings.TrimSpace(c.AppClientID)
	if a.clientID == "" {
		k.add("APP_CLIENT_ID", "missing; the application (client) ID that has OnlineMeetings.ReadWrite.All")
	}
	a.clientSecret = k.secret("APP_CLIENT_SECRET", c.AppClientSecret, c.AppClientSecretFile, "a client secret of that application")
	for _, name := range c.AppOrganizers {
		name = strings.TrimSpace(name)
		_, err := uuid.Parse(name)
		upn, flaw, isUPN := meeting.ReadAddress(name)
		switch {
		case name == "":
		case err == nil:
			a.organizers = append(a.organizers, name)
		case isUPN:
			a.organizers = append(a.organizers, upn)
		case flaw.Char != 0:
			k.add("APP_ORGANIZERS", "%q contains %q (%s) after %q, which no UPN has; %s", name, flaw.Char, flaw.Code(), flaw.Before(), organizersHint)
		default:
			k.add("APP_ORGANIZERS", "%q is neither an object ID nor a UPN; %s", name, organizersHint)
		}
	}
	if len(a.organizers) == 0 {
		k.add("APP_ORGANIZERS", "missing; %s", organizersHint)
	}
	return a
}
