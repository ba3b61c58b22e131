package main

import (
	"fmt"

	"github.com/clickgate/clickgate/edge"
	"github.com/clickgate/clickgate/edge/device"
	"github.com/clickgate/clickgate/geo"
	"github.com/clickgate/clickgate/internal/boot"
	"github.com/clickgate/clickgate/site"
)

// openParts opens what clicks are judged with beside documents, for a command
// that judges without serving. Of URLs it takes what a server on the same data
// folder has downloaded.
func openParts(s boot.Settings) (parts edge.Parts, closeParts func(), err error) {
	downloads := newFetcher(s)
	places, sites := s.Geo.Local(downloads.Add), s.Categories.Local(downloads.Add)
	if parts.Geo, err = geo.Open(places); err != nil {
		return parts, nil, fmt.Errorf("open address databases: %w", err)
	}
	if parts.Sites, err = site.Open(sites); err != nil {
		return parts, nil, fmt.Errorf("open site categories: %w", err)
	}
	if parts.Devices, err = device.New(s.Devices.Options()); err != nil {
		return parts, nil, err
	}
	return parts, parts.Devices.Close, nil
}
