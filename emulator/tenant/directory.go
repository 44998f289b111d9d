package tenant

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Directory contains the people, indexed by object ID and UPN. Only the Change method
// modifies them.
type Directory struct {
	byID  map[string]int
	byUPN map[string]int

	mu     sync.Mutex
	people []Person
}

// newDirectory returns a directory with a copy of the given people. home is the tenant for
// people whose Tenant is empty. newDirectory returns an error unless everybody has a unique
// object ID and a unique UPN.
func newDirectory(people []Person, home string) (*Directory, error) {
	d := &Directory{byID: map[string]int{}, byUPN: map[string]int{}}
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

// All returns all people in the order of Options.People.
func (d *Directory) All() []Person {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.people)
}

// Change calls change to modify the person with the given object ID, ignoring case. It
// returns false if there is no such person. The callback must not change the object ID or
// the UPN. Modifications last until the emulator stops.
func (d *Directory) Change(objectID string, change func(*Person)) bool {
	i, ok := d.byID[strings.ToLower(objectID)]
	if ok {
		d.mu.Lock()
		defer d.mu.Unlock()
		change(&d.people[i])
	}
	return ok
}

// ByID returns the person with the given object ID, ignoring case.
func (d *Directory) ByID(objectID string) (Person, bool) {
	return d.at(d.byID, objectID)
}

// ByUPN returns the person with the given UPN, ignoring case.
func (d *Directory) ByUPN(upn string) (Person, bool) {
	return d.at(d.byUPN, upn)
}

// Find returns the person with the given UPN or object ID, ignoring case.
func (d *Directory) Find(name string) (Person, bool) {
	if p, ok := d.ByUPN(name); ok {
		return p, true
	}
	return d.ByID(name)
}

func (d *Directory) at(index map[string]int, name string) (Person, bool) {
	i, ok := index[strings.ToLower(name)]
	if !ok {
		return Person{}, false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.people[i], true
}
