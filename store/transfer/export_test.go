package transfer

import (
	"maps"
	"slices"
)

// Decided returns the names of all tables in tables and notCopied.
func Decided() []string {
	names := slices.Collect(maps.Keys(notCopied))
	for _, t := range tables {
		names = append(names, t.name)
	}
	return names
}
