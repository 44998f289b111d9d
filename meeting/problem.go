package meeting

import "slices"

// Problem is something wrong with one field of a form. Its sentence is in
// package locale under Key.
type Problem struct {
	Field string // the form field's name, as in the page's HTML
	Key   Reason
	Args  Args
}

// Problems are all that is wrong with a form, in the order of its fields.
type Problems []Problem

// Any reports whether there is at least one problem.
func (p Problems) Any() bool { return len(p) > 0 }

// Field returns the problems of one field.
func (p Problems) Field(name string) Problems { return p.OfFields(name) }

// OfFields returns the problems of some fields.
func (p Problems) OfFields(names ...string) Problems {
	var found Problems
	for _, problem := range p {
		if slices.Contains(names, problem.Field) {
			found = append(found, problem)
		}
	}
	return found
}

// Has reports whether a problem with that key is among them.
func (p Problems) Has(key Reason) bool {
	for _, problem := range p {
		if problem.Key == key {
			return true
		}
	}
	return false
}

func (p *Problems) Add(field string, key Reason, args Args) {
	*p = append(*p, Problem{Field: field, Key: key, Args: args})
}
