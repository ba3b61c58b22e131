package main

import (
	"fmt"

	"github.com/clickgate/clickgate/edge"
	"github.com/clickgate/clickgate/edge/device"
	"github.com/clickgate/clickgate/geo"
	"github.com/clickgate/clickgate/internal/boot"
)

// openParts opens what clicks are judged with beside documents, for a command
// that judges without serving.
func openParts(s boot.Settings) (parts edge.Parts, closeParts func(), err error) {
	if parts.Geo, err = geo.Open(s.Geo); err != nil {
		return parts, nil, fmt.Errorf("open address databases: %w", err)
	}
	// One click is judged after the other: no flood is kept from the rules, or
	// the result would depend on the machine's speed.
	if parts.Devices, err = device.New(device.Options{}); err != nil {
		return parts, nil, err
	}
	return parts, parts.Devices.Close, nil
}
