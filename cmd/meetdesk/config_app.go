package main

import (
	"strings"

	"github.com/google/uuid"

	"meetdesk/auth"
	"meetdesk/people"
)

// appConfig is what the help desk needs to create meetings for others: the credentials of
// a second application, and the organizers it may act for. If it is empty, the help desk
// cannot do so.
type appConfig struct {
	clientID   string
	credential auth.Credential
	scope      string   // Graph's scope in this cloud
	organizers []string // object IDs or UPNs; empty if the help desk cannot act for others
}

const organizersHint = "for whom the help desk may make meetings: object IDs or UPNs, with commas"

// application checks the settings of appConfig. Either all of them must be set, or none.
func (c *config) application(k *checker) (a appConfig) {
	if c.AppClientID == "" && c.AppClientSecret == "" && c.AppClientSecretFile == "" && c.AppClientCertificateFile == "" && c.AppClientKeyFile == "" && len(c.AppOrganizers) == 0 {
		return a
	}
	a.clientID = strings.TrimSpace(c.AppClientID)
	if a.clientID == "" {
		k.add("APP_CLIENT_ID", "missing; the application (client) ID that has OnlineMeetings.ReadWrite.All")
	}
	a.credential = k.credential("APP_", c.AppClientSecret, c.AppClientSecretFile, c.AppClientCertificateFile, c.AppClientKeyFile)
	for _, name := range c.AppOrganizers {
		name = strings.TrimSpace(name)
		_, err := uuid.Parse(name)
		upn, flaw, isUPN := people.ReadAddress(name)
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
