package transfer

import (
	"maps"
	"slices"
)

// Decided returns the names of the tables in tables and in notCopied.
func Decided() []string {
	names := slices.Collect(maps.Keys(notCopied))
	for _, t := range tables {
		names = append(names, t.name)
	}
	return names
}
