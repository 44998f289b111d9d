package server

import (
	"meetdesk/auth"
	"meetdesk/graph"
	"meetdesk/paths"
	"meetdesk/selfcheck"
)

// SelfCheck returns the settings as a configuration to check, with clients for the
// services that it names.
func (s Settings) SelfCheck() *selfcheck.Desk {
	s.Auth.RedirectURL = s.URL.JoinPath(paths.Callback).String()
	s.Auth.Now, s.Auth.HTTP = s.Now, s.HTTP
	d := &selfcheck.Desk{
		Config: s.Auth, Auth: auth.New(s.Auth), Graph: &graph.Client{BaseURL: s.GraphURL + "/v1.0", HTTP: s.HTTP, Now: s.Now},
		URL: s.URL.String(), Data: s.Data, Database: s.Database, Backups: s.Backup.Folder, Example: s.Example, Now: s.Now,
	}
	if s.Ticket.Pattern != nil {
		d.Pattern = s.Ticket.Pattern.String()
	}
	if len(s.App.Organizers) > 0 {
		d.App, d.Organizers = d.Auth.Application(s.App.ClientID, s.App.Credential, s.App.Scope), s.App.Organizers
	}
	return d
}
