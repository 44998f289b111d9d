package meeting

import "slices"

// Problem describes what is wrong with one field of a form. Package locale contains the
// text for its Key.
type Problem struct {
	Field string // the name of the field, as in the HTML
	Key   Reason
	Args  Args
}

// Problems lists what is wrong with the fields of a form.
type Problems []Problem

// Any reports whether there is a problem.
func (p Problems) Any() bool { return len(p) > 0 }

// Field returns the problems with one field.
func (p Problems) Field(name string) Problems { return p.OfFields(name) }

// OfFields returns the problems with the named fields.
func (p Problems) OfFields(names ...string) Problems {
	var found Problems
	for _, problem := range p {
		if slices.Contains(names, problem.Field) {
			found = append(found, problem)
		}
	}
	return found
}

// Has reports whether any of the problems has the key.
func (p Problems) Has(key Reason) bool {
	for _, problem := range p {
		if problem.Key == key {
			return true
		}
	}
	return false
}

// Add appends a problem.
func (p *Problems) Add(field string, key Reason, args Args) {
	*p = append(*p, Problem{Field: field, Key: key, Args: args})
}
