package transfer

import (
	"maps"
	"slices"
)

// Decided returns the names of the tables that Copy either copies or deliberately omits.
func Decided() []string {
	names := slices.Collect(maps.Keys(notCopied))
	for _, t := range tables {
		names = append(names, t.name)
	}
	return names
}
