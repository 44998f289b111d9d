package transfer

import (
	"maps"
	"slices"
)

// InParts returns the options with a limit to the number of rows that one transaction copies.
func (o Options) InParts(rows int) Options {
	o.chunk = rows
	return o
}

// Decided returns the names of the tables that Copy either copies or deliberately omits.
func Decided() []string {
	names := slices.Collect(maps.Keys(notCopied))
	for _, t := range tables {
		names = append(names, t.name)
	}
	return names
}
