package transfer

import (
	"maps"
	"slices"
)

// InParts returns the options with another maximum number of rows for each transaction.
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
