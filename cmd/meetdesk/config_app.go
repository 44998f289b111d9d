package main

import (
	"strings"

	"github.com/google/uuid"

	"meetdesk/people"
	"meetdesk/server"
)

const organizersHint = "for whom the help desk may make meetings: object IDs or UPNs, with commas"

// application checks the settings of the second application and returns them. If any of
// them is set, the client ID, a credential and the organizers are required.
func (c *config) application(k *checker) (a server.Application) {
	if c.AppClientID == "" && c.AppClientSecret == "" && c.AppClientSecretFile == "" && c.AppClientCertificateFile == "" && c.AppClientKeyFile == "" && len(c.AppOrganizers) == 0 {
		return a
	}
	a.ClientID = strings.TrimSpace(c.AppClientID)
	if a.ClientID == "" {
		k.add("APP_CLIENT_ID", "missing; the application (client) ID that has OnlineMeetings.ReadWrite.All")
	}
	a.Credential = k.credential("APP_", c.AppClientSecret, c.AppClientSecretFile, c.AppClientCertificateFile, c.AppClientKeyFile)
	for _, name := range c.AppOrganizers {
		name = strings.TrimSpace(name)
		_, err := uuid.Parse(name)
		upn, flaw, isUPN := people.ReadAddress(name)
		switch {
		case name == "":
		case err == nil:
			a.Organizers = append(a.Organizers, name)
		case isUPN:
			a.Organizers = append(a.Organizers, upn)
		case flaw != nil:
			k.add("APP_ORGANIZERS", "%q contains %q (%s) after %q, which no UPN has; %s", name, flaw.Char, flaw.Code(), flaw.Before(), organizersHint)
		default:
			k.add("APP_ORGANIZERS", "%q is neither an object ID nor a UPN; %s", name, organizersHint)
		}
	}
	if strings.TrimSpace(strings.Join(c.AppOrganizers, "")) == "" {
		k.add("APP_ORGANIZERS", "missing; %s", organizersHint)
	}
	return a
}
