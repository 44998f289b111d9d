package emulator

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

// PersonalTenant is the tenant that Microsoft gives to personal accounts.
const PersonalTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

// Person is somebody who can sign in and own meetings.
type Person struct {
	ObjectID string // GUID, unique
	UPN      string // sign-in name, unique without regard to case
	Mail     string // mail address; "" is the UPN
	Name     string
	Roles    []string // app roles, the roles claim
	Language string   // preferredLanguage of GET /me, such as "pt-BR", and the xms_pl claim
	Tenant   string   // "" is the home tenant; PersonalTenant makes a personal account

	Guest     bool     // the acct claim is 1
	NoLicense bool     // Graph refuses every meeting with 403 and an empty message
	Denied    []string // Graph permissions that this person's consent leaves out
}

// Cast returns the five people of the demo, one for each way to use the desk.
func Cast() []Person {
	return []Person{
		{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01", UPN: "priya@contoso.example", Name: "Priya Nair", Roles: []string{"Meetdesk.Staff"}},
		{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e02", UPN: "tomas@contoso.example", Name: "Tomás Oliveira", Roles: []string{"Meetdesk.Staff"}, Language: "pt-BR"},
		{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e03", UPN: "dana@contoso.example", Name: "Dana Whitfield", Roles: []string{"Meetdesk.HelpDesk"}},
		{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e04", UPN: "alex@contoso.example", Name: "Alex Admin", Roles: []string{"Meetdesk.Admin"}},
		{ObjectID: "3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e05", UPN: "sam@contoso.example", Name: "Sam Norole"},
	}
}

// directory finds people. It never changes after New.
type directory struct {
	people []Person
	byID   map[string]int
	byUPN  map[string]int
}

// newDirectory copies people, puts those without a tenant into home, and
// refuses two that could not be told apart.
func newDirectory(people []Person, home string) (*directory, error) {
	d := &directory{byID: map[string]int{}, byUPN: map[string]int{}}
	for i, p := range people {
		upn := strings.ToLower(p.UPN)
		id := strings.ToLower(p.ObjectID)
		_, knownID := d.byID[id]
		_, knownUPN := d.byUPN[upn]
		if p.ObjectID == "" || upn == "" || knownID || knownUPN {
			return nil, fmt.Errorf("emulator: person %d (%q): object ID and UPN must be given and unique", i, p.UPN)
		}
		p.Tenant, p.Mail = cmp.Or(p.Tenant, home), cmp.Or(p.Mail, p.UPN)
		d.people = append(d.people, p)
		d.byID[id], d.byUPN[upn] = i, i
	}
	return d, nil
}

func (d *directory) person(objectID string) (Person, bool) {
	i, ok := d.byID[strings.ToLower(objectID)]
	if !ok {
		return Person{}, false
	}
	return d.people[i], true
}

// atGraph returns whom Graph means by an object ID or a UPN. Object IDs are to
// be used in the case in which Graph returns them (traverse-the-graph.md).
func (d *directory) atGraph(name string) (Person, bool) {
	p, ok := d.named(name)
	return p, ok && (p.ObjectID == name || !strings.EqualFold(p.ObjectID, name))
}

// named returns whom an object ID or a UPN means.
func (d *directory) named(name string) (Person, bool) {
	if i, ok := d.byUPN[strings.ToLower(name)]; ok {
		return d.people[i], true
	}
	return d.person(name)
}

// hinted returns whom a login_hint means: a UPN, or the login_hint claim of an
// earlier ID token.
func (d *directory) hinted(hint string) (Person, bool) {
	if i, ok := d.byUPN[strings.ToLower(strings.TrimSpace(hint))]; ok {
		return d.people[i], true
	}
	for _, p := range d.people {
		if hint == p.loginHint() {
			return p, true
		}
	}
	return Person{}, false
}

// loginHint is the claim of that name: opaque on purpose, as Entra's is.
func (p Person) loginHint() string {
	return "O." + base64.RawURLEncoding.EncodeToString([]byte(p.ObjectID))
}

// subject is the sub claim: another one for each application, so that nobody
// can use it to recognise a person across applications.
func (p Person) subject(clientID string) string {
	sum := sha256.Sum256([]byte(clientID + "\x00" + p.ObjectID))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
