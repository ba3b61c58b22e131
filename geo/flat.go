package geo

import (
	"strconv"
	"strings"

	"github.com/oschwald/maxminddb-golang/v2"
	"github.com/oschwald/maxminddb-golang/v2/mmdbdata"
)

// flat is the layout of IPinfo: every value a string at the top.
type flat struct {
	CountryCode string `maxminddb:"country_code"`
	Country     string `maxminddb:"country"`
	Region      string `maxminddb:"region"`
	City        string `maxminddb:"city"`
	Postal      string `maxminddb:"postal_code"`
	Timezone    string `maxminddb:"timezone"`
	Latitude    string `maxminddb:"lat"`
	Longitude   string `maxminddb:"lng"`
	ASN         string `maxminddb:"asn"`
	ASName      string `maxminddb:"as_name"`

	VPN     yes    `maxminddb:"vpn"`
	Proxy   yes    `maxminddb:"proxy"`
	Tor     yes    `maxminddb:"tor"`
	Relay   yes    `maxminddb:"relay"`
	Hosting yes    `maxminddb:"hosting"`
	Service string `maxminddb:"service"`

	// The same in files that hold everything.
	IsAnonymous yes `maxminddb:"is_anonymous"`
	IsVPN       yes `maxminddb:"is_vpn"`
	IsProxy     yes `maxminddb:"is_proxy"`
	IsTor       yes `maxminddb:"is_tor"`
	IsRelay     yes `maxminddb:"is_relay"`
	IsHosting   yes `maxminddb:"is_hosting"`
}

// anonymiser returns what the privacy fields say. A relay (such as iCloud
// Private Relay) hides who comes through it, as a commercial proxy does.
func (f *flat) anonymiser(t trust) anonymiser {
	s := signs{
		Anonymous: bool(f.IsAnonymous),
		VPN:       bool(f.VPN || f.IsVPN),
		Tor:       bool(f.Tor || f.IsTor),
		Public:    bool(f.Proxy || f.IsProxy || f.Relay || f.IsRelay),
		Hosting:   bool(f.Hosting || f.IsHosting),
		Provider:  f.Service,
	}
	return s.anonymiser(t)
}

// yes is a fact that is written as true, as "true", or left out.
type yes bool

// UnmarshalMaxMindDBCursor reads a boolean or a text.
func (y *yes) UnmarshalMaxMindDBCursor(c mmdbdata.Cursor) (mmdbdata.Cursor, error) {
	if b, next, err := c.ReadBool(); err == nil {
		*y = yes(b)
		return next, nil
	}
	text, next, err := c.ReadString()
	if err != nil {
		return next, mmdbdata.NormalizeUnmarshalError[yes](err)
	}
	*y = text == "true"
	return next, nil
}

// decodeFlat decodes a record of the flat layout.
func decodeFlat(result maxminddb.Result, t trust) (record, error) {
	var f flat
	if err := result.Decode(&f); err != nil {
		return record{}, err
	}
	r := record{
		city:     f.City,
		state:    f.Region,
		postal:   f.Postal,
		timezone: f.Timezone,
		org:      f.ASName,
	}
	r.add(f.anonymiser(t))
	// Where there is a country_code, country is the name in words.
	if country := either(f.CountryCode, f.Country); len(country) == 2 {
		r.country = strings.ToUpper(country) // custom files have "de"
	}
	if number, err := strconv.ParseUint(strings.TrimPrefix(f.ASN, "AS"), 10, 32); err == nil {
		r.asn = uint32(number)
	}
	lat, errLat := strconv.ParseFloat(f.Latitude, 64)
	long, errLong := strconv.ParseFloat(f.Longitude, 64)
	if errLat == nil && errLong == nil {
		r.lat, r.long, r.located = lat, long, true
	}
	return r, nil
}
