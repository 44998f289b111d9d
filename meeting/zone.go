package meeting

import (
	_ "embed"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // provides the zones on machines without zone files
)

//go:embed zones.txt
var zoneNames string

// Zones returns the IANA names that the form offers, sorted.
func Zones() []string { return strings.Fields(zoneNames) }

// LoadZone returns the zone with the IANA name. It refuses "" and "Local", which have a
// special meaning in Go, and "Factory", which is not a place. A name must begin with a
// capital letter, because a system's zone directory may contain other files, such as
// "localtime" or the files in "right/", which count leap seconds.
func LoadZone(name string) (*time.Location, bool) {
	if zone, ok := offered()[name]; ok {
		return zone, true
	}
	if name == "" || name == "Local" || name == "Factory" || name[0] < 'A' || name[0] > 'Z' {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

// offered maps names to the zones that Zones lists. It loads them only once, because
// every page shows times.
var offered = sync.OnceValue(func() map[string]*time.Location {
	zones := make(map[string]*time.Location)
	for _, name := range Zones() {
		if zone, err := time.LoadLocation(name); err == nil {
			zones[name] = zone
		}
	}
	return zones
})

// Instants returns the moments, in UTC, at which clocks in the zone show the date and time
// in wall, whose own zone is ignored. If clocks skip that time, the result is empty. If
// clocks show it twice, the result contains both moments in order.
func Instants(wall time.Time, zone *time.Location) []time.Time {
	wall = time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, time.UTC)
	var found []time.Time
	// No zone has two transitions within two days, so only the offsets a day before and a
	// day after can apply.
	for _, near := range []time.Time{wall.Add(-24 * time.Hour), wall.Add(24 * time.Hour)} {
		_, offset := near.In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if _, actual := at.In(zone).Zone(); actual != offset {
			continue
		}
		if len(found) == 0 || !found[0].Equal(at) {
			found = append(found, at)
		}
	}
	if len(found) == 2 && found[1].Before(found[0]) {
		found[0], found[1] = found[1], found[0]
	}
	return found
}
