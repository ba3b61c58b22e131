package target

import (
	"github.com/clickgate/clickgate/config"
	"github.com/clickgate/clickgate/internal/click"
)

var (
	aboutCountry = about{click.TargetingCountry, "geo.countries", func(t *config.Targeting) string { return wantsOf(t.Geo.Countries) }}
	aboutCity    = about{click.TargetingCity, "geo.cities", func(t *config.Targeting) string { return wantsOf(t.Geo.Cities) }}
)

type country struct{ names }

func (r *country) fits(c *click.Click) bool    { return !c.Geo.PlaceKnown || r.admit(c.Geo.Country) }
func (r *country) value(c *click.Click) string { return c.Geo.Country }

// city refines the countries, so it is asked only where the country fits;
// otherwise every visitor from abroad would show two reasons. A database that
// knows countries only gives every visitor an unlisted city.
type city struct {
	names
	countries names
}

func (r *city) fits(c *click.Click) bool {
	return !c.Geo.PlaceKnown || !r.countries.admit(c.Geo.Country) || r.admit(c.Geo.City)
}

func (r *city) value(c *click.Click) string { return c.Geo.City }

func (r *Rules) addPlace(g *geoRules) {
	r.add(!g.countries.empty(), &aboutCountry, &country{g.countries})
	r.add(!g.cities.empty(), &aboutCity, &city{g.cities, g.countries})
}
