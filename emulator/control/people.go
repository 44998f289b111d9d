package control

import (
	"encoding/json"
	"net/http"
	"strings"

	"meetdesk/emulator/tenant"
)

// changePolicy grants the access policy to people, or revokes it, and returns the
// emulator's state. The body lists people by object ID or UPN; "*" means everyone.
func (s *Server) changePolicy(r *http.Request) (any, error) {
	var body struct{ Grant, Revoke []string }
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	grant, err := s.policyIDs(body.Grant)
	if err != nil {
		return nil, err
	}
	revoke, err := s.policyIDs(body.Revoke)
	if err != nil {
		return nil, err
	}
	s.tenant.GrantAccessPolicy(grant...)
	s.tenant.RevokeAccessPolicy(revoke...)
	return s.readState(r)
}

func (s *Server) policyIDs(names []string) (ids []string, err error) {
	for _, name := range names {
		if name == tenant.Everyone {
			ids = append(ids, tenant.Everyone)
			continue
		}
		p, err := s.person(name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, p.ObjectID)
	}
	return ids, nil
}

// requireClaims sets the claims that Graph requires in a person's tokens. If the body
// contains no claims, the requirement is removed.
func (s *Server) requireClaims(r *http.Request) (any, error) {
	var body struct {
		Person string
		Claims json.RawMessage
	}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	p, err := s.person(body.Person)
	if err != nil {
		return nil, err
	}
	claims := string(body.Claims)
	if claims == "null" {
		claims = ""
	}
	if err := s.tenant.RequireClaims(p.ObjectID, claims); err != nil {
		return nil, badRequest("%s.", strings.TrimPrefix(err.Error(), "emulator: "))
	}
	return s.readState(r)
}

func (s *Server) revokeTokens(r *http.Request) (any, error) {
	var body struct{ Person string }
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	p, err := s.person(body.Person)
	if err != nil {
		return nil, err
	}
	if err := s.tenant.RevokeRefreshTokens(p.ObjectID); err != nil {
		return nil, err
	}
	return s.readState(r)
}

// changeAccount disables or enables a person's account and sets its app roles. Properties
// missing from the body stay unchanged.
func (s *Server) changeAccount(r *http.Request) (any, error) {
	var body struct {
		Person   string
		Disabled *bool
		Roles    *[]string
	}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	p, err := s.person(body.Person)
	if err != nil {
		return nil, err
	}
	s.tenant.People.Change(p.ObjectID, func(p *tenant.Person) {
		if body.Disabled != nil {
			p.Disabled = *body.Disabled
		}
		if body.Roles != nil {
			p.Roles = *body.Roles
		}
	})
	return s.readState(r)
}
