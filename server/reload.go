package server

import (
	"errors"

	"meetdesk/auth"
)

// Secrets are the settings that SetSecrets can replace while the desk runs.
type Secrets struct {
	Keys       [][]byte
	Credential auth.Credential // the credential of the application that users sign in to
	App        auth.Credential // the credential of the second application, if there is one
}

// SetSecrets replaces the secrets. Sessions stay valid if Keys still contains the
// previous key.
func (a *App) SetSecrets(s Secrets) error {
	a.Auth.SetCredential(s.Credential)
	if a.Check.App != nil {
		a.Check.App.SetCredential(s.App)
	}
	return errors.Join(a.Store.SetKeys(s.Keys), a.Site.SetKeys(s.Keys))
}
