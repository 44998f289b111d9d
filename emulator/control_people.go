package emulator

import (
	"encoding/json"
	"net/http"
	"strings"
)

// controlPolicy grants and revokes the access policy, by object ID, UPN or "*".
func (e *Emulator) controlPolicy(r *http.Request) (any, error) {
	var body struct{ Grant, Revoke []string }
	if err := decodeControl(r, &body); err != nil {
		return nil, err
	}
	grant, err := e.policyIDs(body.Grant)
	if err != nil {
		return nil, err
	}
	revoke, err := e.policyIDs(body.Revoke)
	if err != nil {
		return nil, err
	}
	e.GrantAccessPolicy(grant...)
	e.RevokeAccessPolicy(revoke...)
	return e.controlState(r)
}

func (e *Emulator) policyIDs(names []string) (ids []string, err error) {
	for _, name := range names {
		if name == Everyone {
			ids = append(ids, Everyone)
			continue
		}
		p, err := e.controlPerson(name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, p.ObjectID)
	}
	return ids, nil
}

// controlClaims is RequireClaims; without claims it takes them back.
func (e *Emulator) controlClaims(r *http.Request) (any, error) {
	var body struct {
		Person string
		Claims json.RawMessage
	}
	if err := decodeControl(r, &body); err != nil {
		return nil, err
	}
	p, err := e.controlPerson(body.Person)
	if err != nil {
		return nil, err
	}
	claims := string(body.Claims)
	if claims == "null" {
		claims = ""
	}
	if err := e.RequireClaims(p.ObjectID, claims); err != nil {
		return nil, badControl("%s.", strings.TrimPrefix(err.Error(), "emulator: "))
	}
	return e.controlState(r)
}

// controlRevoke is RevokeRefreshTokens.
func (e *Emulator) controlRevoke(r *http.Request) (any, error) {
	var body struct{ Person string }
	if err := decodeControl(r, &body); err != nil {
		return nil, err
	}
	p, err := e.controlPerson(body.Person)
	if err != nil {
		return nil, err
	}
	if err := e.RevokeRefreshTokens(p.ObjectID); err != nil {
		return nil, err
	}
	return e.controlState(r)
}
