package config

import (
	"fmt"
	"sync"
	"time"
)

// zones are the time zones that were asked for. Reading one takes a file.
var zones sync.Map // string -> *time.Location

// Zone returns the time zone of a name in the IANA database, such as
// Europe/Berlin; an empty name is UTC.
func Zone(name string) (*time.Location, error) {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, fmt.Errorf("must be a time zone of the IANA database such as Europe/Berlin, found %q", shorten(name))
	}
	stored, _ := zones.LoadOrStore(name, zone)
	return stored.(*time.Location), nil
}
