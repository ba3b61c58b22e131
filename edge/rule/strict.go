package rule

import (
	"strings"

	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/edge/target"
	"github.com/clickgate/clickgate/internal/click"
)

// strict adds the rules that turn an offer's description into enforcement
//
func (c *compiler) strict(o *config.OfferRules) {
	if o.StrictlyCountry && len(o.Countries) > 0 {
		c.add(click.StrictCountry, "countries", &countries{o.Countries, setOf(o.Countries)})
	}
	if len(o.StrictlyOS) > 0 {
		c.add(click.StrictOS, "strictly_os", c.systems(o.StrictlyOS))
	}
	if len(o.StrictlyISP) > 0 {
		c.add(click.StrictISP, "strictly_isp", newProviders(o.StrictlyISP))
	}
	if t := o.StrictlyConnectionType; t != "" && t != "all" {
		c.add(click.StrictConnectionType, "strictly_connection_type", &connection{t, t == "cellular"})
	}
}

type countries struct {
	list []string
	set  map[string]struct{}
}

func (s *countries) fits(c *click.Click) bool {
	_, listed := s.set[c.Geo.Country]
	return listed || !c.Geo.PlaceKnown
}

func (s *countries) value(c *click.Click) string { return c.Geo.Country }
func (s *countries) wants() string               { return target.Names(s.list) }

// connection is the one sort of connection that is taken. A database says
// Cellular or one of several others, all of which are wifi here. For many
// addresses it says nothing.
type connection struct {
	name     string
	cellular bool
}

func (s *connection) fits(c *click.Click) bool {
	return c.Geo.Connection == "" || strings.EqualFold(c.Geo.Connection, "cellular") == s.cellular
}

func (s *connection) value(c *click.Click) string { return c.Geo.Connection }
func (s *connection) wants() string               { return s.name }
