package geo

import (
	"net/netip"
	"sync"

	"github.com/oschwald/maxminddb-golang/v2"

	"github.com/clickgate/clickgate/internal/click"
)

// record is what one record of a database says, in our words. A record is
// shared by all visitors of its networks and never changes.
type record struct {
	country, city, state, postal, timezone string
	lat, long                              float64
	located                                bool
	asn                                    uint32
	isp                                    string // the access provider by name
	org                                    string // who announces or uses the network
	connection                             string
	anonymiser
}

// fill adds to g what earlier databases left open.
func (r *record) fill(g *click.Geo, network netip.Prefix) {
	// A place is taken whole: one database's city does not belong to another
	// one's country. One that knows the country beats one that does not.
	if g.Country == "" && (r.country != "" || !g.HasLocation) {
		g.Country, g.City, g.State = r.country, r.city, r.state
		g.PostalCode, g.Timezone = r.postal, r.timezone
		g.Lat, g.Long, g.HasLocation = r.lat, r.long, r.located
	}
	if g.ASN == 0 {
		g.ASN = r.asn
	}
	if g.ISP == "" {
		g.ISP = r.isp
	}
	if g.Connection == "" {
		g.Connection = r.connection
	}
	r.anonymiser.fill(g)
	if network.Bits() > g.Network.Bits() {
		g.Network = network
	}
}

// nested is the layout of MaxMind and DB-IP.
type nested struct {
	City    named `maxminddb:"city"`
	Country struct {
		ISO string `maxminddb:"iso_code"`
	} `maxminddb:"country"`
	Subdivisions []named `maxminddb:"subdivisions"`
	Postal       struct {
		Code string `maxminddb:"code"`
	} `maxminddb:"postal"`
	Location struct {
		Latitude  *float64 `maxminddb:"latitude"`
		Longitude *float64 `maxminddb:"longitude"`
		Timezone  string   `maxminddb:"time_zone"`
	} `maxminddb:"location"`
	line
	// Databases that hold everything keep the line's fields one level down.
	Traits line `maxminddb:"traits"`
}

type named struct {
	ISO   string `maxminddb:"iso_code"`
	Names struct {
		English string `maxminddb:"en"`
	} `maxminddb:"names"`
}

// line is what nested says about a network rather than a place.
type line struct {
	ASN            uint32 `maxminddb:"autonomous_system_number"`
	ASOrganization string `maxminddb:"autonomous_system_organization"`
	ISP            string `maxminddb:"isp"`
	Organization   string `maxminddb:"organization"`
	Connection     string `maxminddb:"connection_type"`
	signs
	// Records of Insights keep the signs one level down.
	Anonymizer struct {
		signs
		Confidence  uint16 `maxminddb:"confidence"`
		Residential feed   `maxminddb:"residential"`
	} `maxminddb:"anonymizer"`
}

// nestedPool spares a flood of unseen addresses half a kilobyte each.
var nestedPool = sync.Pool{New: func() any { return new(nested) }}

// decodeNested decodes a record of the nested layout.
func decodeNested(result maxminddb.Result, t trust) (record, error) {
	n := nestedPool.Get().(*nested)
	defer nestedPool.Put(n)
	*n = nested{}
	if err := result.Decode(n); err != nil {
		return record{}, err
	}
	r := record{
		country:  n.Country.ISO,
		city:     n.City.Names.English,
		postal:   n.Postal.Code,
		timezone: n.Location.Timezone,
	}
	if len(n.Subdivisions) > 0 {
		r.state = either(n.Subdivisions[0].Names.English, n.Subdivisions[0].ISO)
	}
	if lat, long := n.Location.Latitude, n.Location.Longitude; lat != nil && long != nil {
		r.lat, r.long, r.located = *lat, *long, true
	}
	n.line.describe(&r, t)
	n.Traits.describe(&r, t)
	return r, nil
}

// describe adds the line's facts to r where r has none yet.
func (l *line) describe(r *record, t trust) {
	if r.asn == 0 {
		r.asn = l.ASN
	}
	r.isp = either(r.isp, l.ISP)
	r.org = either(r.org, either(l.ASOrganization, l.Organization))
	r.connection = either(r.connection, l.Connection)
	r.add(l.signs.anonymiser(t))
	nested := l.Anonymizer.signs
	nested.Confidence = max(nested.Confidence, l.Anonymizer.Confidence)
	r.add(nested.anonymiser(t))
	r.add(l.Anonymizer.Residential.anonymiser(t))
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
